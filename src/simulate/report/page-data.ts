import type { BacktestResult, ContenderResult, TraceResult } from '../backtest-result.ts';
import type { RecordedDecision, RecordedSeries } from '../simulation-run.ts';
import { OURS } from '../score/summary.ts';
import { coarser, packFloats, packWholes } from './packed-series.ts';
import { largestChanges } from './largest-changes.ts';
import { looksOf, type Look } from './styling.ts';

/** What the script of the page reads; series are base64 of little-endian typed arrays. */
export interface PageData {
  readonly looks: readonly Look[];
  /** V*. */
  readonly slowShare: number;
  /** What a share of 1 is in `slow`. */
  readonly shareScale: number;
  readonly ours: string;
  readonly traces: readonly PageTrace[];
}

export interface PageTrace {
  readonly name: string;
  /** Seconds since the epoch. */
  readonly start: number;
  readonly warmupSeconds: number;
  readonly stepSeconds: number;
  /** Float32: requests per second in each step. */
  readonly demand: string;
  readonly contenders: readonly PageContender[];
}

export interface PageContender {
  readonly name: string;
  /** Of the scored part. */
  readonly replicaSeconds: number;
  /** Uint16: most replicas asked for in each step. */
  readonly replicas: string;
  /** Uint16: share of slow requests in each step, in parts of `shareScale`. */
  readonly slow: string;
  /** Float32, NaN where unknown. */
  readonly bound?: string;
  /** How many changes there were in all; those shown are the largest of their time. */
  readonly changes: number;
  /** Seconds after `start`, replicas before and after, reason ('' when none was given). */
  readonly decisions: readonly (readonly [number, number, number, string])[];
}

/** All that a Uint16 can tell apart. */
const SHARE_SCALE = 65_535;

/** Bytes of all series together, before base64 adds a third: keeps a page of any size below some 10 MB. */
const SERIES_BYTES = 4_500_000;
/** Characters of all decisions together, half of them ours: the decisions that people will ask about. */
const DECISION_CHARACTERS = 2_500_000;

export function pageData(result: BacktestResult): PageData {
  const traces = result.traces.filter(({ contenders }) => contenders.some(({ series }) => series));
  const bytes = traces.reduce((sum, { contenders }) => sum + bytesOf(contenders), 0);
  const factor = Math.max(1, Math.ceil(bytes / SERIES_BYTES));
  const budgets = decisionBudgets(traces);
  return {
    looks: looksOf(result.summary),
    slowShare: result.config.objective.slowShare,
    shareScale: SHARE_SCALE,
    ours: OURS,
    traces: traces.map((trace) => pageTrace(trace, factor, budgets)),
  };
}

interface DecisionBudgets {
  readonly ours: number;
  readonly others: number;
}

function pageTrace(trace: TraceResult, factor: number, budgets: DecisionBudgets): PageTrace {
  const recorded = trace.contenders.flatMap((contender) => {
    const { series } = contender;
    return series === undefined ? [] : [{ contender, series: coarser(series, factor) }];
  });
  const start = Date.parse(trace.startAt);
  return {
    name: trace.name,
    start: start / 1000,
    warmupSeconds: trace.warmupSeconds,
    stepSeconds: recorded[0]?.series.stepSeconds ?? 0,
    demand: packFloats(recorded[0]?.series.demand ?? new Float32Array(0)),
    contenders: recorded.map(({ contender, series }) => pageContender(contender, series, { start, budgets })),
  };
}

function pageContender(
  { name, replicaSeconds, changes = [] }: ContenderResult,
  series: RecordedSeries,
  { start, budgets }: { readonly start: number; readonly budgets: DecisionBudgets },
): PageContender {
  const kept = largestChanges(changes, name === OURS ? budgets.ours : budgets.others);
  return {
    name,
    replicaSeconds,
    replicas: packWholes(series.replicas),
    slow: packWholes(series.slowShare.map((share) => share * SHARE_SCALE)),
    ...(series.bound === undefined ? {} : { bound: packFloats(series.bound) }),
    changes: changes.length,
    decisions: kept.map((change) => packDecision(change, start)),
  };
}

function packDecision(
  { at, from, to, why = '' }: RecordedDecision,
  start: number,
): [number, number, number, string] {
  return [Math.round((at - start) / 1000), from, to, why];
}

/** Two bytes for each value of replicas and share, four for demand (once) and for a bound. */
function bytesOf(contenders: readonly ContenderResult[]): number {
  const all = contenders.flatMap(({ series }) => series ?? []);
  const steps = all[0]?.demand.length ?? 0;
  return all.reduce((sum, { bound }) => sum + steps * (bound === undefined ? 4 : 8), 4 * steps);
}

function decisionBudgets(traces: readonly TraceResult[]): DecisionBudgets {
  const all = traces.flatMap(({ contenders }) => contenders);
  const ours = all.filter(({ name }) => name === OURS).length;
  return {
    ours: DECISION_CHARACTERS / 2 / Math.max(1, ours),
    others: DECISION_CHARACTERS / 2 / Math.max(1, all.length - ours),
  };
}
