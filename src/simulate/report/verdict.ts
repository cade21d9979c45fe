import type { BacktestResult, Comparison, ContenderSummary } from '../backtest-result.ts';
import { chosenKnobs } from './chosen-knobs.ts';
import { ORACLE, OURS } from '../score/summary.ts';
import {
  formatCostChange,
  formatCostChanges,
  formatCount,
  formatOf,
  formatPlural,
  formatRatio,
} from './format.ts';

/** What a manager wants to know, in words. */
export interface Verdict {
  /**
   * `Mixed`: cheaper but kept the objective less often, or the reverse. `Unsure`: kept it as often, and the difference in
   * cost may be chance. `Unknown`: nothing was compared.
   */
  readonly tone: 'Better' | 'Worse' | 'Mixed' | 'Even' | 'Unsure' | 'Unknown';
  readonly sentence: string;
  /** What has to be known beside it. */
  readonly notes: readonly string[];
}

/** What most clusters run today; without it the first rival. */
const BASELINE = 'hpa';

/** With fewer no test of whole groups can find less than 5 % of chance: 2 ÷ 2^5 is 6 %. */
const GROUPS_FOR_CERTAINTY = 6;

/** A median cost that differs by less is called equal. */
const EQUAL_COST = 0.01;

/** The contender that ours is compared with in words; absent when there is none. */
export function baselineOf(summary: readonly ContenderSummary[]): ContenderSummary | undefined {
  const rivals = rivalsOf(summary);
  return rivals.find(({ name }) => name === BASELINE) ?? rivals[0];
}

export function verdictOf({ config, summary, traces, partial }: BacktestResult): Verdict {
  const ours = summary.find(({ name }) => name === OURS);
  const baseline = baselineOf(summary);
  const notes = [...(partial === undefined ? [] : [partial.message]), ...(config.simplifications ?? [])];
  if (ours === undefined || baseline?.comparison === undefined)
    return { tone: 'Unknown', sentence: withoutComparison(summary), notes };
  const { costRatio } = baseline.comparison;
  const cost = Math.abs(costRatio - 1) < EQUAL_COST ? 'as much as' : `${formatCostChange(costRatio)} than`;
  const tone = toneOf(ours, baseline, baseline.comparison);
  const tuned = chosenKnobs(traces, baseline.name) === undefined ? '' : ', tuned to the same objective';
  return {
    tone,
    sentence:
      `On ${workloads(ours.traces, traces[0]?.name)} ${ours.title} would have cost ${cost} ${baseline.title}` +
      `${tuned}, and kept the objective on ${met(ours)} (${baseline.title}: ${met(baseline)}).`,
    notes: [
      ...notes,
      certainty(baseline, traces),
      ...others(ours, baseline, summary),
      ...money(ours, baseline, { traces, price: config.replicaHourPrice }),
      changes(ours, baseline),
    ],
  };
}

function toneOf(
  ours: ContenderSummary,
  baseline: ContenderSummary,
  { costRatio, interval95 }: Comparison,
): Verdict['tone'] {
  const equal = Math.abs(costRatio - 1) < EQUAL_COST;
  const cost = equal || mayBeChance(interval95) ? 0 : Math.sign(1 - costRatio);
  const kept = Math.sign(ours.shareMeetingTarget - baseline.shareMeetingTarget);
  if (cost * kept < 0) return 'Mixed';
  if (cost + kept === 0) return equal ? 'Even' : 'Unsure';
  return cost + kept > 0 ? 'Better' : 'Worse';
}

function mayBeChance(interval: Comparison['interval95']): boolean {
  return interval !== undefined && interval[0] <= 1 && interval[1] >= 1;
}

function withoutComparison(summary: readonly ContenderSummary[]): string {
  const best = keepsMost(rivalsOf(summary));
  const why = summary.some(({ name }) => name === OURS)
    ? 'There was no other autoscaler to compare with'
    : 'Autonomic was not among the contenders';
  return best === undefined
    ? `${why}, and no result of another: nothing can be said.`
    : `${why}; ${best.title} kept the objective most often (${met(best)}), at ${formatRatio(best.medianCostOverOracle)} times the oracle's cost.`;
}

/** How sure the difference in cost is. */
function certainty(
  { comparison, title, traces: baselineTraces }: ContenderSummary,
  traces: BacktestResult['traces'],
): string {
  if (baselineTraces === 1) return 'One workload tells nothing about others.';
  const groups = new Set(traces.map(({ group }) => group)).size;
  if (comparison?.interval95 === undefined)
    return `All workloads come from one origin: how far this holds for others is not known.`;
  const doubt = mayBeChance(comparison.interval95)
    ? ': the difference may be chance'
    : groups < GROUPS_FOR_CERTAINTY
      ? ': too few to be sure of it elsewhere'
      : '';
  return `Against ${title}, 95 % interval of the cost: ${formatCostChanges(comparison.interval95)}, from ${formatPlural(groups, 'origin')} of workloads${doubt}.`;
}

/** The best of the other contenders, when it is another one than the baseline. */
function others(
  ours: ContenderSummary,
  baseline: ContenderSummary,
  summary: readonly ContenderSummary[],
): string[] {
  const best = keepsMost(rivalsOf(summary));
  if (best === undefined || best.name === baseline.name) return [];
  return [
    `Of all others ${best.title} kept the objective most often: on ${met(best)}, at ${formatRatio(best.medianCostOverOracle)} times the oracle's cost (${ours.title}: ${formatRatio(ours.medianCostOverOracle)}).`,
  ];
}

/** What both would have been paid for, where the user said what a replica costs. */
function money(
  ours: ContenderSummary,
  baseline: ContenderSummary,
  { traces, price }: { readonly traces: BacktestResult['traces']; readonly price: number | undefined },
): string[] {
  if (price === undefined) return [];
  const paid = (name: string): string => {
    const results = traces.flatMap(({ contenders }) => contenders.filter((one) => one.name === name));
    const seconds = results.reduce((sum, { replicaSeconds }) => sum + replicaSeconds, 0);
    return formatCount((seconds / 3_600) * price);
  };
  return [
    `At ${price} for a replica-hour, the scored time of all workloads together would have cost ${paid(ours.name)} (${baseline.title}: ${paid(baseline.name)}).`,
  ];
}

function changes(ours: ContenderSummary, baseline: ContenderSummary): string {
  return `The number of replicas would have changed ${formatCount(ours.medianActionsPerDay)} times a day (${baseline.title}: ${formatCount(baseline.medianActionsPerDay)}).`;
}

/** The cheapest of those that kept the objective most often. */
function keepsMost(summary: readonly ContenderSummary[]): ContenderSummary | undefined {
  return [...summary].sort(
    (a, b) => b.shareMeetingTarget - a.shareMeetingTarget || a.medianCostOverOracle - b.medianCostOverOracle,
  )[0];
}

function rivalsOf(summary: readonly ContenderSummary[]): ContenderSummary[] {
  return summary.filter(({ name }) => name !== OURS && name !== ORACLE);
}

function met({ shareMeetingTarget, traces }: ContenderSummary): string {
  return formatOf(shareMeetingTarget, traces);
}

function workloads(count: number, only: string | undefined): string {
  return count === 1 && only !== undefined ? `the workload ${only}` : formatPlural(count, 'workload');
}
