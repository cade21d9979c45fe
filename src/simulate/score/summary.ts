import type { ContenderResult, ContenderSummary, TraceResult } from '../backtest-result.ts';
import { compareAll, grouped } from './comparison.ts';
import { medianInterval95 } from './group-bootstrap.ts';
import { mean, median, shareOf } from './statistics.ts';

/** The contender that all others are compared with. */
export const OURS = 'autonomic';
/** It knows the future: comparing with it says nothing about a choice that anybody has. */
export const ORACLE = 'oracle';

/** How a contender is called, and where its rules stand. */
export interface ContenderTitle {
  readonly name: string;
  readonly title: string;
  readonly source: string;
}

/**
 * All traces together, one row for each contender in the given order. A contender without a result, as an interrupted
 * run leaves, has no row. Equal seeds give equal intervals.
 */
export function summarize(
  traces: readonly TraceResult[],
  contenders: readonly ContenderTitle[],
  seed: number,
): ContenderSummary[] {
  const rivals = contenders.map(({ name }) => name).filter((name) => name !== OURS && name !== ORACLE);
  const comparisons = compareAll(traces, OURS, rivals, seed);
  return contenders.flatMap((contender) => {
    const results = traces.flatMap((trace) =>
      trace.contenders
        .filter(({ name }) => name === contender.name)
        .map((result) => ({ group: trace.group, result })),
    );
    if (results.length === 0) return [];
    const comparison = comparisons.get(contender.name);
    return [{ ...contender, ...scores(results, seed), ...(comparison === undefined ? {} : { comparison }) }];
  });
}

type Scores = Omit<ContenderSummary, keyof ContenderTitle | 'comparison'>;

function scores(
  results: readonly { readonly group: string; readonly result: ContenderResult }[],
  seed: number,
): Scores {
  const of = (pick: (result: ContenderResult) => number): number[] =>
    results.map(({ result }) => pick(result));
  const costs = of(({ costOverOracle }) => costOverOracle);
  const interval95 = medianInterval95(
    grouped(results.map(({ group, result }) => ({ group, value: result.costOverOracle }))),
    seed,
  );
  return {
    traces: results.length,
    medianCostOverOracle: median(costs),
    meanCostOverOracle: mean(costs),
    shareMeetingTarget: shareOf(results, ({ result }) => result.meetsTarget),
    medianBadRequestShare: median(of(({ badRequestShare }) => badRequestShare)),
    medianBadWindowShare: median(of(({ badWindowShare }) => badWindowShare)),
    medianActionsPerDay: median(of(({ actionsPerDay }) => actionsPerDay)),
    ...(interval95 === undefined ? {} : { interval95 }),
  };
}
