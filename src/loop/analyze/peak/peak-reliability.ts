import { BOUND_LEVEL, type Measured } from './peak-score.ts';

export type PeakConfidence = 'Low' | 'Medium' | 'High' | 'VeryHigh';

/** A bound asked for at 95 % that holds in fewer than 90 % of the windows is not the bound that was asked for. */
const COVERAGE_SLACK = 0.05;

/** Where nearly nothing moves, losing to "it stays as it is" by a hair is no fault. */
const ACCURATE = 0.9;

/** Skills around zero change their sign with the day. */
const SKILL_SLACK = -0.05;

/** Why decisions should not rest on these forecasts; undefined when they may. */
export function doubtOf({ coverage, skill, accuracy }: Measured): string | undefined {
  if (coverage === undefined || accuracy === undefined) {
    return 'too few forecasts have been compared with what came';
  }
  if (coverage < BOUND_LEVEL - COVERAGE_SLACK) {
    return `the upper bound held in ${percent(coverage)} of the windows, ${percent(BOUND_LEVEL)} were asked for`;
  }
  if (accuracy < ACCURATE && skill !== undefined && skill < SKILL_SLACK) {
    return `the last value with its usual rise was the better bound: accuracy ${percent(accuracy)}, skill ${percent(skill)}`;
  }
  return undefined;
}

export interface ConfidenceBasis extends Measured {
  /** Width between median and 95 % bound ÷ usual demand. */
  readonly relativeWidth: number;
  /** Days of data. */
  readonly days: number;
}

/** Each step asks for a narrower forecast, a better measured coverage and a longer history; the first met counts. */
const STEPS: readonly { confidence: PeakConfidence; width: number; coverageError: number; days: number }[] = [
  { confidence: 'VeryHigh', width: 0.1, coverageError: 0.02, days: 2 },
  { confidence: 'High', width: 0.25, coverageError: 0.03, days: 1 },
  { confidence: 'Medium', width: 0.5, coverageError: 0.05, days: 1 },
];

export function confidenceOf(basis: ConfidenceBasis): PeakConfidence {
  const { coverage, relativeWidth, days } = basis;
  if (coverage === undefined || doubtOf(basis) !== undefined) return 'Low';
  // A bound that held too often is wasteful where it is wide, and says nothing against it where it is narrow.
  const short = Math.max(0, BOUND_LEVEL - coverage);
  const step = STEPS.find(
    (wanted) => relativeWidth <= wanted.width && short <= wanted.coverageError && days >= wanted.days,
  );
  return step?.confidence ?? 'Low';
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
