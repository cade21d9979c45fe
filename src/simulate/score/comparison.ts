import type { Comparison, ContenderResult, TraceResult } from '../backtest-result.ts';
import { medianInterval95, type GroupedValues } from './group-bootstrap.ts';
import { holm } from './holm.ts';
import { signFlipPValue } from './sign-flip-test.ts';
import { median, shareOf } from './statistics.ts';

/** The two results on one trace. */
interface Pair {
  readonly group: string;
  readonly ours: ContenderResult;
  readonly theirs: ContenderResult;
}

/**
 * `ours` against each of `rivals`, paired by trace; a rival without a trace in common is left out. Cost is compared
 * whether or not the objective was met, so read it together with who meets it.
 */
export function compareAll(
  traces: readonly TraceResult[],
  ours: string,
  rivals: readonly string[],
  seed: number,
): Map<string, Comparison> {
  const paired = rivals.flatMap((rival) => {
    const pairs = pairsOf(traces, ours, rival);
    return pairs.length === 0 ? [] : [{ rival, comparison: compare(pairs, seed) }];
  });
  const tested = paired.flatMap(({ rival, comparison: { pValue } }) =>
    pValue === undefined ? [] : [{ rival, pValue }],
  );
  const adjusted = holm(tested.map(({ pValue }) => pValue));
  const adjustedOf = new Map(tested.map(({ rival }, index) => [rival, adjusted[index]]));
  return new Map(
    paired.map(({ rival, comparison }) => {
      const pValue = adjustedOf.get(rival);
      return [rival, pValue === undefined ? comparison : { ...comparison, pValue }];
    }),
  );
}

function compare(pairs: readonly Pair[], seed: number): Comparison {
  const ratios = pairs.map(({ group, ours, theirs }) => ({
    group,
    value: ours.replicaSeconds / theirs.replicaSeconds,
  }));
  const interval95 = medianInterval95(grouped(ratios), seed);
  const logarithms = ratios.map(({ group, value }) => ({ group, value: Math.log(value) }));
  const pValue = signFlipPValue(grouped(logarithms), seed);
  return {
    costRatio: median(ratios.map(({ value }) => value)),
    ...(interval95 === undefined ? {} : { interval95 }),
    onlyAutonomicMeets: shareOf(pairs, ({ ours, theirs }) => ours.meetsTarget && !theirs.meetsTarget),
    onlyThisMeets: shareOf(pairs, ({ ours, theirs }) => !ours.meetsTarget && theirs.meetsTarget),
    ...compareHours(pairs),
    ...(pValue === undefined ? {} : { pValue }),
  };
}

function compareHours(pairs: readonly Pair[]): Pick<Comparison, 'hoursWorse' | 'hoursBetter'> {
  const hours = pairs.flatMap(({ ours, theirs }) => {
    const others = hoursOf(theirs);
    return hoursOf(ours).map((hour, at) => [hour, others[at]] as const);
  });
  if (hours.length === 0) return {};
  return {
    hoursWorse: shareOf(hours, ([ours, theirs]) => worse(ours, theirs)),
    hoursBetter: shareOf(hours, ([ours, theirs]) => worse(theirs, ours)),
  };
}

interface Hour {
  readonly replicaSeconds: number;
  readonly slowRequests: number;
}

function hoursOf({ hourly }: ContenderResult): readonly Hour[] {
  return hourly.slowRequests.map((slowRequests, hour) => ({
    slowRequests,
    replicaSeconds: hourly.replicaSeconds[hour] ?? NaN,
  }));
}

/** In both respects; part of a request, as expectations have it, is no difference. */
function worse(one: Hour | undefined, other: Hour | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one.slowRequests >= other.slowRequests + 1 && one.replicaSeconds >= other.replicaSeconds;
}

function pairsOf(traces: readonly TraceResult[], ours: string, rival: string): Pair[] {
  return traces.flatMap(({ group, contenders }) => {
    const mine = contenders.find(({ name }) => name === ours);
    const theirs = contenders.find(({ name }) => name === rival);
    return mine === undefined || theirs === undefined ? [] : [{ group, ours: mine, theirs }];
  });
}

/** By group, in the order in which the groups first appear. */
export function grouped(
  values: readonly { readonly group: string; readonly value: number }[],
): GroupedValues {
  const groups = new Map<string, number[]>();
  for (const { group, value } of values) {
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [value]);
    else members.push(value);
  }
  return [...groups.values()];
}
