import { createTailCalibrator, surprise, surpriseUnlearnt } from '../surprise/tail-calibrator.ts';
import { onset } from './lead-lag.ts';

/** Which way a signal goes when things get worse. */
export type SignalKind = 'Latency' | 'Errors' | 'Requests';

/** One signal of one component. NaN = unknown. */
export interface ComponentSignal {
  readonly kind: SignalKind;
  /** Of a normal time: seconds, share of the requests that fail (0 … 1), requests per interval. */
  readonly normal: Float64Array;
  /** Around the anomaly, at the same times for all signals. */
  readonly recent: Float64Array;
}

export interface Deviation {
  readonly kind: SignalKind;
  /** −log10 of the p-value in the normal time, 0 … 12; the largest of the anomaly's points. */
  readonly surprise: number;
  /** Point of `recent` at which it began; NaN when it is not unusual. */
  readonly onset: number;
  /** Mean of the anomaly's points less what is usual, in the signal's unit; never negative. */
  readonly excess: number;
  readonly usual: number;
}

/** p of 1e-2. */
export const UNUSUAL = 2;
/** Of the usual value: what is smaller than this is the resolution of the measurement and no scale. */
const LEAST_SCALE = 0.02;
const LEAST_SHARE_SCALE = 0.002;

/** Undefined when the signal or its normal time is unknown. `from` and `to`: the anomaly's points in `recent`. */
export function deviationOf(signal: ComponentSignal, from: number, to: number): Deviation | undefined {
  const { kind, normal, recent } = signal;
  const known = normal.filter(Number.isFinite);
  if (known.length === 0) return undefined;
  const before = recent.subarray(0, from).filter(Number.isFinite);
  const usual = medianOf(known);
  // Between the normal time and the anomaly the usual may have moved; what it was just before is no anomaly.
  const level = before.length > 0 ? Math.max(usual, medianOf(before)) : usual;
  const spread = medianOf(known.map((value) => Math.abs(value - usual)));
  const scale = Math.max(spread, leastScale(kind, usual), Number.MIN_VALUE);
  const calibrator = createTailCalibrator({ effectiveSamples: Infinity, robust: false });
  for (const value of known) surprise(calibrator, Math.max(0, value - usual) / scale);
  const surprises = recent.map((value) => surpriseUnlearnt(calibrator, Math.max(0, value - level) / scale));
  const during = recent.subarray(from, to).filter(Number.isFinite);
  if (during.length === 0) return undefined;
  const largest = surprises.subarray(from, to).reduce((most, s) => (s > most ? s : most), 0);
  const excess = Math.max(0, during.reduce((sum, value) => sum + value, 0) / during.length - level);
  return { kind, surprise: largest, onset: onset(surprises, from, UNUSUAL), excess, usual: level };
}

function leastScale(kind: SignalKind, usual: number): number {
  if (kind === 'Errors') return LEAST_SHARE_SCALE;
  // A count varies by its root, even one that was 0 all the time.
  return kind === 'Requests' ? Math.sqrt(Math.max(1, usual)) : LEAST_SCALE * usual;
}

function medianOf(values: Float64Array): number {
  const sorted = values.toSorted();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] ?? NaN)
    : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2;
}
