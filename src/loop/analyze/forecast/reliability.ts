/** What is measured of the forecasts issued so far; undefined while there are too few. */
export interface Measured {
  readonly confidence: number;
  readonly coverage: number | undefined;
  readonly accuracy: number | undefined;
  readonly skill: number | undefined;
}

/** A bound asked for at 95 % that holds in fewer than 90 % of the windows is not the bound that was asked for. */
const COVERAGE_SLACK = 0.05;

/** Where nearly nothing moves, losing to "it stays as it is" by a hair is no fault. */
const ACCURATE = 0.9;

/** Why decisions should not rest on these forecasts; undefined when they may. */
export function doubtOf({ confidence, coverage, accuracy, skill }: Measured): string | undefined {
  if (coverage === undefined || accuracy === undefined)
    return 'too few forecasts have been compared with what came';
  if (coverage < confidence - COVERAGE_SLACK) {
    return `the upper bound held in ${percent(coverage)} of the windows, ${percent(confidence)} were asked for`;
  }
  if (accuracy < ACCURATE && skill !== undefined && skill < 0) {
    return `the last value was the better forecast: accuracy ${percent(accuracy)}, skill ${percent(skill)}`;
  }
  return undefined;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
