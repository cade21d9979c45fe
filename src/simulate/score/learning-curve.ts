import type { DayResult, TraceResult } from '../backtest-result.ts';
import { median, shareOf } from './statistics.ts';

/** Costlier, or slower, than the baseline by less than this is no difference worth a word. */
const MATERIAL = 1.05;

/** One day of a contender's life, over all traces that have it. */
export interface LearningDay {
  /** From 1; of the warm-up where that was recorded, else of the scored part. */
  readonly day: number;
  readonly traces: number;
  readonly medianCostOverOracle: number;
  readonly medianBadRequestShare: number;
}

/** What learning did to those who had to live with it: shares of all days of all traces, 0 … 1. */
export interface LearningHarm {
  readonly days: number;
  /** More than 5 % dearer than the baseline on that day. */
  readonly costlier: number;
  /** Objective missed on that day, and more than 5 % more slow requests than the baseline. */
  readonly slower: number;
  /** One or the other. */
  readonly worse: number;
}

export interface LearningCurve {
  readonly days: readonly LearningDay[];
  /** Absent where no day has both contenders. */
  readonly harm?: LearningHarm;
}

export interface LearningQuestion {
  readonly contender: string;
  /** Compared with, day by day and trace by trace. */
  readonly baseline: string;
  /** V*. */
  readonly slowShare: number;
}

/**
 * How cost and slow requests go from day to day, and how many days were worse than with the baseline: a learner's
 * average hides what its first days cost.
 */
export function learningCurve(traces: readonly TraceResult[], question: LearningQuestion): LearningCurve {
  const lives = traces.map((trace) => lifeOf(trace, question.contender));
  const longest = Math.max(0, ...lives.map((life) => life.length));
  const days = Array.from({ length: longest }, (_, index) => dayOf(lives, index));
  const pairs = traces.flatMap((trace, index) => {
    const baseline = lifeOf(trace, question.baseline);
    return (lives[index] ?? []).flatMap((ours, day) => {
      const theirs = baseline[day];
      return theirs === undefined ? [] : [{ ours, theirs }];
    });
  });
  return pairs.length === 0 ? { days } : { days, harm: harmOf(pairs, question.slowShare) };
}

/** From the end of the settling days on. */
function lifeOf({ contenders }: TraceResult, name: string): readonly DayResult[] {
  const result = contenders.find((contender) => contender.name === name);
  return result === undefined ? [] : [...result.warmupDaily, ...result.daily];
}

function dayOf(lives: readonly (readonly DayResult[])[], index: number): LearningDay {
  const results = lives.flatMap((life) => life[index] ?? []);
  return {
    day: index + 1,
    traces: results.length,
    medianCostOverOracle: median(results.map(({ costOverOracle }) => costOverOracle)),
    medianBadRequestShare: median(results.map(({ badRequestShare }) => badRequestShare)),
  };
}

function harmOf(
  pairs: readonly { readonly ours: DayResult; readonly theirs: DayResult }[],
  slowShare: number,
): LearningHarm {
  const costlier = ({ ours, theirs }: (typeof pairs)[number]): boolean =>
    ours.costOverOracle > MATERIAL * theirs.costOverOracle;
  // A share within the objective is what the user accepted: using it up is no harm.
  const slower = ({ ours, theirs }: (typeof pairs)[number]): boolean =>
    ours.badRequestShare > Math.max(slowShare, MATERIAL * theirs.badRequestShare);
  return {
    days: pairs.length,
    costlier: shareOf(pairs, costlier),
    slower: shareOf(pairs, slower),
    worse: shareOf(pairs, (pair) => costlier(pair) || slower(pair)),
  };
}
