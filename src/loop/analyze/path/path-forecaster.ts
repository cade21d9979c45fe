import { forgetAll } from './path-reset.ts';
import { followScale } from './path-scale.ts';
import { PATH_BIN_MS, shapeOfTier, type PathPart, type PathTier } from './path-shape.ts';
import { createPathState, type PathForecaster } from './path-state.ts';
import { takeStep } from './path-step.ts';
import { toScaled } from './scaled.ts';

export type { PathForecaster } from './path-state.ts';

/** Largest value that can be meant; its ratio to any scale still fits the doubles. */
const MAX_VALUE = 1e30;

/** @param leftOut parts to do without, for measurements of what they are worth */
export function createPathForecaster(tier: PathTier, leftOut: readonly PathPart[] = []): PathForecaster {
  const forecaster = createPathState(tier, leftOut);
  forgetAll(forecaster, shapeOfTier(tier));
  return forecaster;
}

/**
 * Takes in one sample. A bin of five minutes is complete when a sample of a later one comes, or when `advancePath`
 * says that it is over; its value is the mean of its samples. Bins without samples are gaps.
 * @param at ms since the epoch
 * @returns false, and nothing changes, for a sample that is not later than the newest, or that cannot be a demand
 */
export function observePath(forecaster: PathForecaster, at: number, value: number): boolean {
  if (!(at > forecaster.newestAt) || at === Infinity || !(value >= 0 && value <= MAX_VALUE)) return false;
  const bin = Math.floor(at / PATH_BIN_MS);
  if (bin < forecaster.openBin || bin <= forecaster.newestBin) return false;
  if (bin > forecaster.openBin) closeUntil(forecaster, bin);
  forecaster.newestAt = at;
  forecaster.openBin = bin;
  forecaster.openSum += value;
  forecaster.openCount++;
  return true;
}

/** Completes the bins that ended at or before `now` (ms since the epoch), also those without samples. */
export function advancePath(forecaster: PathForecaster, now: number): void {
  if (!Number.isFinite(now)) return;
  const bin = Math.floor(now / PATH_BIN_MS);
  if (Number.isNaN(forecaster.openBin) || bin <= forecaster.openBin) return;
  closeUntil(forecaster, bin);
  forecaster.openBin = bin;
}

/** Closes the open bin, and the empty ones between it and `bin`. */
function closeUntil(forecaster: PathForecaster, bin: number): void {
  const { openBin, openCount, openSum } = forecaster;
  if (Number.isNaN(openBin)) return;
  take(forecaster, openBin, openCount === 0 ? NaN : openSum / openCount);
  forecaster.openSum = 0;
  forecaster.openCount = 0;
  const shape = shapeOfTier(forecaster.tier);
  if (bin - openBin > shape.historyBins) {
    // Nothing that is still in the history is known: what was learned is as old, and goes with it.
    forgetAll(forecaster, shape);
    forecaster.newestBin = NaN;
    return;
  }
  for (let gap = openBin + 1; gap < bin; gap++) take(forecaster, gap, NaN);
}

function take(forecaster: PathForecaster, bin: number, value: number): void {
  // A series begins with a value.
  if (forecaster.known === 0 && value !== value) return;
  const shape = shapeOfTier(forecaster.tier);
  forecaster.newestBin = bin;
  takeStep(forecaster, shape, toScaled(forecaster, value));
  followScale(forecaster, shape, value);
}

/** Intervals are half as wide again after a revision; the addition halves every six hours. */
const REVISION_WIDENING = 0.5;
const REVISION_HALF_LIFE_MS = 6 * 3_600_000;

/**
 * The workload was changed (a new revision of its pods): what was learned may not hold. Intervals widen by a half,
 * which fades, and weights and coefficients follow what comes faster meanwhile.
 * @param at ms since the epoch
 */
export function noteRevision(forecaster: PathForecaster, at: number): void {
  const age = Math.max(0, (forecaster.newestBin + 1) * PATH_BIN_MS - at);
  if (!Number.isFinite(at)) return;
  const widening = REVISION_WIDENING * 0.5 ** ((Number.isNaN(age) ? 0 : age) / REVISION_HALF_LIFE_MS);
  forecaster.widening = Math.max(forecaster.widening, widening);
}
