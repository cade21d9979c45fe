import type { Evidence } from './anomaly.ts';
import { createDeviation, goesOn, isReturn, noteDeviation, type Deviation } from './deviation.ts';
import {
  createKpiDetector,
  kpiDeviation,
  kpiExpected,
  observeKpi,
  type KpiDetector,
} from './kpi/kpi-detector.ts';
import { MINUTE_MS } from './minute-means.ts';
import { createFlatLine, observeFlatLine, type FlatLine } from './shape/flat-line.ts';
import { createMissing, observeMissing, type MissingSeries } from './shape/missing.ts';
import { flatText, signalText } from './signal-text.ts';
import { GOOD_WHEN_LOW, HARMFUL, type WatchedSignal } from './watched-signals.ts';

/** What is remembered of one signal of one workload. */
export interface SignalWatch {
  readonly kpi: KpiDetector;
  readonly deviation: Deviation;
  readonly flat: FlatLine;
  readonly missing: MissingSeries;
}

export interface WatchedMinute {
  /** Since the epoch. */
  readonly minute: number;
  readonly signal: WatchedSignal;
  /** Mean of the minute; NaN when nothing was known. */
  readonly value: number;
  /** The newest value, NaN when there is none: what has stopped coming is missed before its last minute is over. */
  readonly newest: number;
  /** −log10 of the p-value from which a minute counts as unusual. */
  readonly threshold: number;
}

/** What a minute of a signal shows. */
export interface SignalFinding {
  /** −log10 of the p-value; NaN when nothing was known. */
  readonly surprise: number;
  readonly evidence: readonly Evidence[];
  /** Since when a series that used to come has not come; undefined while it comes. */
  readonly missing: { readonly since: number; readonly surprise: number } | undefined;
}

/** Before a day was seen, nobody can say what is usual at this time of the day. */
export const BASELINE_MINUTES = 1440;

/** A gap this unlikely is no missed scrape. */
const MISSING_SURPRISE = 3;

const NONE: readonly Evidence[] = [];

export function createSignalWatch(): SignalWatch {
  return {
    kpi: createKpiDetector({ stepSeconds: 60, tier: 'Light' }),
    deviation: createDeviation(),
    flat: createFlatLine(),
    missing: createMissing(),
  };
}

/**
 * Judges a minute of a signal by the minutes before it, then learns it. A latency, an error share, a queue or a memory that
 * is lower than usual is good news.
 */
export function observeSignal(watch: SignalWatch, seen: WatchedMinute): SignalFinding {
  const { minute, value, newest } = seen;
  const gap = observeMissing(watch.missing, newest, minute * MINUTE_MS);
  const missing = gap.surprise >= MISSING_SURPRISE ? gap : undefined;
  const knows = hasBaseline(watch);
  const surprise = observeKpi(watch.kpi, value, minute);
  const still = observeFlatLine(watch.flat, value, minute * MINUTE_MS);
  // What is not known says neither that something is over nor that it goes on.
  if (Number.isNaN(value) || !knows) return { surprise, evidence: NONE, missing };
  const found = [deviationEvidence(watch, seen, surprise), flatEvidence(seen, still)];
  return { surprise, evidence: found.filter((one) => one !== undefined), missing };
}

export function hasBaseline({ kpi }: SignalWatch): boolean {
  return kpi.count >= BASELINE_MINUTES;
}

function deviationEvidence(
  { kpi, deviation }: SignalWatch,
  { minute, signal, value, threshold }: WatchedMinute,
  surprise: number,
): Evidence | undefined {
  const harmful = HARMFUL.has(signal);
  const unusual = surprise >= threshold && (kpiDeviation(kpi) > 0 || !GOOD_WHEN_LOW.has(signal));
  const onset = unusual && !isReturn(deviation, minute, value);
  if (onset) noteDeviation(deviation, { minute, value }, kpiExpected(kpi));
  if (!goesOn(deviation, minute, value) && !onset) return undefined;
  const { expected } = deviation;
  const message = signalText(signal, value, expected);
  const kind = harmful ? 'Degradation' : 'Spike';
  return { kind, signal, surprise, onset, expected, actual: value, message };
}

function flatEvidence(
  { signal, value, threshold }: WatchedMinute,
  { surprise, since }: { readonly surprise: number; readonly since: number },
): Evidence | undefined {
  if (!(surprise >= threshold)) return undefined;
  const message = flatText(signal, value);
  return { kind: 'FlatLine', signal, surprise, onset: true, since, actual: value, message };
}
