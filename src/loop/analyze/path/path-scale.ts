import { closeAccuracyDay } from './accuracy.ts';
import { convertScale } from './convert-scale.ts';
import { forgetAll } from './path-reset.ts';
import { PATH_BINS_PER_DAY, type PathShape } from './path-shape.ts';
import { valueBack, type PathForecaster } from './path-state.ts';
import { takeStep } from './path-step.ts';
import { fromScaled, toScaled } from './scaled.ts';
import { UNKNOWN_BLOCK, unpackBlock } from './week-blocks.ts';

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
    if (forecaster.known >= SCALE_SAMPLES) rescale(forecaster, shape, meanOfWeek(forecaster, shape));
    return;
  }
  if ((forecaster.step + 1) % PATH_BINS_PER_DAY !== 0 || forecaster.dayCount === 0) return;
  const mean = forecaster.daySum / forecaster.dayCount;
  forecaster.daySum = 0;
  forecaster.dayCount = 0;
  forecaster.days++;
  closeAccuracyDay(forecaster, shape);
  const first = forecaster.days === 1 || forecaster.days === 7;
  const left = mean > DAY_RANGE * forecaster.scale || mean * DAY_RANGE < forecaster.scale;
  if (!first && !left) return;
  const scale = meanOfWeek(forecaster, shape);
  const change = Math.max(scale / forecaster.scale, forecaster.scale / scale);
  if (first || change > LEAST_CHANGE) rescale(forecaster, shape, scale);
}

/** Unscaled mean of what is known of the last week; 0 when that is nothing, or nothing but zeros. */
function meanOfWeek(forecaster: PathForecaster, shape: PathShape): number {
  const { week } = forecaster;
  const weekKnown = forecaster.days > 0 && week.length > 0;
  const bins = Math.min(forecaster.step + 1, 7 * PATH_BINS_PER_DAY, shape.historyBins);
  const count = weekKnown ? week.length : bins;
  let sum = 0;
  let known = 0;
  for (let i = 0; i < count; i++) {
    const z = weekKnown ? unpackBlock(week[i] ?? UNKNOWN_BLOCK) : valueBack(forecaster, shape, i);
    if (z !== z) continue;
    sum += fromScaled(forecaster, z);
    known++;
  }
  return known === 0 ? 0 : sum / known;
}

function rescale(forecaster: PathForecaster, shape: PathShape, scale: number): void {
  if (!(scale > 0)) return;
  if (shape.blocks > 0 && forecaster.scale > 0) convertScale(forecaster, shape, scale);
  else replay(forecaster, shape, scale);
}

/**
 * All that was learned is learned again from the history at the new scale: 2,048 steps, some milliseconds, for what
 * happens three times in the first week and hardly ever after it.
 */
function replay(forecaster: PathForecaster, shape: PathShape, scale: number): void {
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
