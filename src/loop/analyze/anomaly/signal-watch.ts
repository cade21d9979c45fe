import type { Evidence } from './anomaly.ts';
import { createDeviation, endDeviation, isAway, noteDeviation, type Deviation } from './deviation.ts';
import {
  createKpiDetector,
  kpiDeviation,
  kpiExpected,
  observeKpi,
  type KpiDetector,
} from './kpi/kpi-detector.ts';
import { HARMFUL, type WatchedSignal } from './watched-signals.ts';
import { signalText } from './signal-text.ts';

/** What is remembered of one signal of one workload. */
export interface SignalWatch {
  readonly kpi: KpiDetector;
  readonly deviation: Deviation;
}

export interface WatchedMinute {
  /** Since the epoch. */
  readonly minute: number;
  readonly signal: WatchedSignal;
  /** Mean of the minute; NaN when nothing was known. */
  readonly value: number;
  /** −log10 of the p-value from which a minute counts as unusual. */
  readonly threshold: number;
}

/** What a minute of a signal shows. */
export interface SignalFinding {
  /** −log10 of the p-value; NaN when nothing was known. */
  readonly surprise: number;
  readonly evidence: Evidence | undefined;
}

export function createSignalWatch(): SignalWatch {
  return { kpi: createKpiDetector({ stepSeconds: 60, tier: 'Light' }), deviation: createDeviation() };
}

/**
 * Judges a minute of a signal by the minutes before it, then learns it. A latency, an error share or a queue that is lower
 * than usual is good news.
 */
export function observeSignal(watch: SignalWatch, seen: WatchedMinute): SignalFinding {
  const { minute, signal, value, threshold } = seen;
  const surprise = observeKpi(watch.kpi, value, minute);
  const high = kpiDeviation(watch.kpi) > 0;
  const harmful = HARMFUL.has(signal);
  const onset = surprise >= threshold && (high || !harmful);
  if (onset) noteDeviation(watch.deviation, value, kpiExpected(watch.kpi));
  else if (!isAway(watch.deviation, value)) {
    // What is not known says neither that it is over nor that it goes on.
    if (!Number.isNaN(value)) endDeviation(watch.deviation);
    return { surprise, evidence: undefined };
  }
  const expected = watch.deviation.expected;
  return {
    surprise,
    evidence: {
      kind: harmful ? 'Degradation' : 'Spike',
      signal,
      surprise,
      onset,
      expected,
      actual: value,
      message: signalText(signal, value, expected),
    },
  };
}
