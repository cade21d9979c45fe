import { nabRows, type NabProfile } from './nab-rows.ts';
import type { NabWindow } from './nab-windows.ts';

/** What one series scores at each threshold, before normalisation. */
export interface NabSweep {
  readonly profile: NabProfile;
  /** Windows that can be found: not wholly among the rows that are not scored. */
  readonly windows: number;
  /** Falling; each is a score that was given. */
  readonly thresholds: Float64Array;
  /** Raw score with alarms at or above each threshold. */
  readonly raw: Float64Array;
}

export interface NabThreshold {
  /** Infinity: silence is best. */
  readonly threshold: number;
  /** Normalised score with it: 0 for silence, 100 for a perfect detector. */
  readonly score: number;
}

/**
 * Every row at or above the threshold outside a window costs, the best one in each window earns, a window without one
 * costs. No point adjustment.
 * @param scores of each row; NaN is no alarm
 */
export function nabSweep(scores: Float64Array, windows: readonly NabWindow[], profile: NabProfile): NabSweep {
  const { from, worth, window } = nabRows(scores.length, windows);
  const order = Array.from({ length: scores.length - from }, (_, i) => from + i)
    .filter((row) => !Number.isNaN(scores[row] ?? NaN))
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const findable = windows.filter(({ last }) => last >= from).length;
  const best = new Float64Array(windows.length).fill(-profile.falseNegative);
  let raw = -profile.falseNegative * findable;
  const thresholds: number[] = [];
  const totals: number[] = [];
  for (const row of order) {
    const at = window[row] ?? -1;
    const value = worth[row] ?? 0;
    if (at < 0) raw += profile.falsePositive * value;
    else {
      const earned = Math.max(best[at] ?? 0, profile.truePositive * value);
      raw += earned - (best[at] ?? 0);
      best[at] = earned;
    }
    const score = scores[row] ?? 0;
    if (thresholds.at(-1) === score) totals[totals.length - 1] = raw;
    else {
      thresholds.push(score);
      totals.push(raw);
    }
  }
  return {
    profile,
    windows: findable,
    thresholds: Float64Array.from(thresholds),
    raw: Float64Array.from(totals),
  };
}

/** The one threshold for all series that scores best, as the benchmark's own optimiser has it. */
export function bestNabThreshold(sweeps: readonly NabSweep[]): NabThreshold {
  const changes = sweeps.flatMap((sweep) =>
    Array.from(sweep.thresholds, (threshold, i) => ({
      threshold,
      change: (sweep.raw[i] ?? 0) - (sweep.raw[i - 1] ?? silence(sweep)),
    })),
  );
  changes.sort((a, b) => b.threshold - a.threshold);
  let raw = sweeps.reduce((sum, sweep) => sum + silence(sweep), 0);
  let best = { threshold: Infinity, raw };
  for (const [i, { threshold, change }] of changes.entries()) {
    raw += change;
    if (raw > best.raw && changes[i + 1]?.threshold !== threshold) best = { threshold, raw };
  }
  return { threshold: best.threshold, score: nabScore(sweeps, best.threshold) };
}

/** Normalised score of all series with one threshold. NaN when there is no window to find. */
export function nabScore(sweeps: readonly NabSweep[], threshold: number): number {
  return normalised(sweeps, (sweep) => rawAt(sweep, threshold));
}

/** As nabScore, with a threshold for each series, as when each is held out in turn. */
export function nabScoreEach(sweeps: readonly NabSweep[], thresholds: readonly number[]): number {
  return normalised(sweeps, (sweep, i) => rawAt(sweep, thresholds[i] ?? Infinity));
}

function normalised(sweeps: readonly NabSweep[], rawOf: (sweep: NabSweep, index: number) => number): number {
  let above = 0;
  let perfect = 0;
  for (const [i, sweep] of sweeps.entries()) {
    above += rawOf(sweep, i) - silence(sweep);
    perfect += (sweep.profile.truePositive + sweep.profile.falseNegative) * sweep.windows;
  }
  return perfect > 0 ? (100 * above) / perfect : NaN;
}

function silence({ profile, windows }: NabSweep): number {
  return -profile.falseNegative * windows;
}

function rawAt(sweep: NabSweep, threshold: number): number {
  let [low, high] = [0, sweep.thresholds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sweep.thresholds[middle] ?? 0) >= threshold) low = middle + 1;
    else high = middle;
  }
  return sweep.raw[low - 1] ?? silence(sweep);
}
