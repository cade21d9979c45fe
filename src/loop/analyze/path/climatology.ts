import { LEVEL_COUNT, PATH_BINS_PER_DAY, SHORT_HORIZON, type PathShape } from './path-shape.ts';
import { valueBack, type PathForecaster } from './path-state.ts';
import { fillQuantiles, insertionSort } from './quantiles.ts';

const SHORT_BINS = 36;
const LONG_BINS = 72;
/** While young, sets are renewed more often: they would describe the first hour only. */
const YOUNG_STEPS = PATH_BINS_PER_DAY;
const YOUNG_EVERY = 6;

const recent = new Float64Array(LONG_BINS);

/** Renews the quantiles of the last hours when it is time. */
export function renewClimatologies(forecaster: PathForecaster, shape: PathShape): void {
  const { step } = forecaster;
  const young = step < YOUNG_STEPS && step % YOUNG_EVERY === 0;
  const { at } = shape;
  if (!young && step % shape.hoursEvery !== 0 && step >= YOUNG_EVERY * 3) return;
  renew(forecaster, shape, SHORT_BINS, [at.shortSets, shape.shortSets, shape.hoursEvery]);
  renew(forecaster, shape, LONG_BINS, [at.longSets, shape.hoursSets, shape.hoursEvery]);
}

type Sets = readonly [from: number, count: number, every: number];

function renew(forecaster: PathForecaster, shape: PathShape, bins: number, sets: Sets): void {
  const { slab, step } = forecaster;
  let count = 0;
  for (let back = Math.min(bins - 1, step, shape.historyBins - 1); back >= 0; back--) {
    const value = valueBack(forecaster, shape, back);
    if (value === value) recent[count++] = value;
  }
  const out = setAt(sets, step);
  if (count === 0) {
    // In a long gap the last quantiles stay.
    const before = setAt(sets, Math.max(0, step - sets[2]));
    slab.copyWithin(out, before, before + LEVEL_COUNT);
    return;
  }
  insertionSort(recent, count);
  fillQuantiles({ values: recent, from: 0 }, count, { values: slab, from: out });
}

function setAt([from, count, every]: Sets, step: number): number {
  return from + (Math.floor(step / every) % count) * LEVEL_COUNT;
}

/** Where in the slab the last hours' quantiles for a horizon (bins) are, as they were known at `step`. */
export function hoursSetAt(shape: PathShape, step: number, horizon: number): number {
  return horizon <= SHORT_HORIZON
    ? setAt([shape.at.shortSets, shape.shortSets, shape.hoursEvery], step)
    : setAt([shape.at.longSets, shape.hoursSets, shape.hoursEvery], step);
}
