import { forgetAll } from './path-reset.ts';
import { PATH_BINS_PER_DAY, type PathShape } from './path-shape.ts';
import { valueBack, type PathForecaster } from './path-state.ts';
import { takeStep } from './path-step.ts';

/** The first scale is the mean of so many values: an hour. */
export const SCALE_SAMPLES = 12;
/** The mean of a day may be so many times more or less than the scale; beyond it asinh bends elsewhere. */
const DAY_RANGE = 4;
/** A new scale must differ by this at least: one odd day, or the next one, does not set it anew. */
const LEAST_CHANGE = 2;

/** Counts a value for the scale and sets it anew at the ends of day 1 and 7, and when a day's mean has left it. */
export function followScale(forecaster: PathForecaster, shape: PathShape, value: number): void {
  if (value === value) {
    forecaster.daySum += value;
    forecaster.dayCount++;
  }
  if (forecaster.scale === 0) {
    // Zero tells nothing of the unit: the scale waits for a value above it, at most until the day ends.
    if (forecaster.known >= SCALE_SAMPLES) rescale(forecaster, shape, meanOfHistory(forecaster, shape));
    return;
  }
  if ((forecaster.step + 1) % PATH_BINS_PER_DAY !== 0 || forecaster.dayCount === 0) return;
  const mean = forecaster.daySum / forecaster.dayCount;
  forecaster.daySum = 0;
  forecaster.dayCount = 0;
  forecaster.days++;
  const first = forecaster.days === 1 || forecaster.days === 7;
  const left = mean > DAY_RANGE * forecaster.scale || mean * DAY_RANGE < forecaster.scale;
  if (!first && !left) return;
  const scale = meanOfHistory(forecaster, shape);
  const change = Math.max(scale / forecaster.scale, forecaster.scale / scale);
  if (first || change > LEAST_CHANGE) rescale(forecaster, shape, scale);
}

/** Unscaled mean of what the history holds of the last week; 0 when that is nothing, or nothing but zeros. */
function meanOfHistory(forecaster: PathForecaster, shape: PathShape): number {
  const oldest = Math.min(forecaster.step, 7 * PATH_BINS_PER_DAY - 1, shape.historyBins - 1);
  let sum = 0;
  let known = 0;
  for (let back = oldest; back >= 0; back--) {
    const z = valueBack(forecaster, shape, back);
    if (z !== z) continue;
    sum += fromScaled(forecaster, z);
    known++;
  }
  return known === 0 ? 0 : sum / known;
}

/**
 * All that was learned is learned again from the history at the new scale: 2,048 steps, some milliseconds, for what
 * happens three times in the first week and hardly ever after it.
 */
function rescale(forecaster: PathForecaster, shape: PathShape, scale: number): void {
  if (!(scale > 0)) return;
  const count = Math.min(forecaster.step + 1, shape.historyBins);
  const values = Float64Array.from({ length: count }, (_, i) =>
    fromScaled(forecaster, valueBack(forecaster, shape, count - 1 - i)),
  );
  const newest = forecaster.newestBin;
  forecaster.scale = scale;
  forgetAll(forecaster, shape);
  for (const [i, value] of values.entries()) {
    forecaster.newestBin = newest - (count - 1 - i);
    takeStep(forecaster, shape, toScaled(forecaster, value));
  }
}

/** Large values are compared by their ratio, small ones by their difference. Unscaled while no scale is known. */
export function toScaled({ scale }: PathForecaster, value: number): number {
  return scale === 0 ? value : Math.asinh(value / scale);
}

export function fromScaled({ scale }: PathForecaster, z: number): number {
  return scale === 0 ? z : scale * Math.sinh(z);
}
