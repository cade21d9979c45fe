import { collectBlocks } from './week-blocks.ts';
import { DAY, LEVEL_COUNT, PATH_BINS_PER_DAY, SHORT_HORIZON, type PathShape } from './path-shape.ts';
import { valueBack, type PathForecaster } from './path-state.ts';
import { fillQuantiles, insertionSort } from './quantiles.ts';

const SHORT_BINS = 36;
const LONG_BINS = 72;
/** While young, sets are renewed more often: they would describe the first hour only. */
const YOUNG_STEPS = PATH_BINS_PER_DAY;
const YOUNG_EVERY = 6;

const recent = new Float64Array(PATH_BINS_PER_DAY);
const phase = new Float64Array(40);

/** Renews the quantiles of the last hours and of the last day when it is time. */
export function renewClimatologies(forecaster: PathForecaster, shape: PathShape): void {
  const { step } = forecaster;
  const young = step < YOUNG_STEPS && step % YOUNG_EVERY === 0;
  const { at } = shape;
  if (((shape.mask >> DAY) & 1) === 1 && (young || step % shape.dayEvery === 0))
    renew(forecaster, shape, PATH_BINS_PER_DAY, [at.daySets, shape.daySets, shape.dayEvery]);
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
  if (bins === PATH_BINS_PER_DAY) recent.subarray(0, count).sort();
  else insertionSort(recent, count);
  fillQuantiles({ values: recent, from: 0 }, count, { values: slab, from: out });
}

function setAt([from, count, every]: Sets, step: number): number {
  return from + (Math.floor(step / every) % count) * LEVEL_COUNT;
}

/** Where in the slab the last day's quantiles are, as they were known at `step`. */
export function daySetAt(shape: PathShape, step: number): number {
  return setAt([shape.at.daySets, shape.daySets, shape.dayEvery], step);
}

/** The same for the last hours, for a horizon in bins. */
export function hoursSetAt(shape: PathShape, step: number, horizon: number): number {
  return horizon <= SHORT_HORIZON
    ? setAt([shape.at.shortSets, shape.shortSets, shape.hoursEvery], step)
    : setAt([shape.at.longSets, shape.hoursSets, shape.hoursEvery], step);
}

const PHASE_DAYS = 7;
const PHASE_REACH = 2;
/** Fewer values say too little of their quantiles. */
const PHASE_ENOUGH = 5;
const BLOCKS_ENOUGH = 2;

/**
 * Quantiles of the values at this time of day in the week before `back` (bins before the newest; negative for the
 * future). False when too few are known.
 */
export function fillPhase(
  forecaster: PathForecaster,
  shape: PathShape,
  back: number,
  out: Float64Array,
): boolean {
  const halves = shape.blocks > 0;
  const count = halves
    ? collectBlocks(forecaster, shape, back, phase)
    : collectPhase(forecaster, shape, back);
  if (count < (halves ? BLOCKS_ENOUGH : PHASE_ENOUGH)) return false;
  insertionSort(phase, count);
  fillQuantiles({ values: phase, from: 0 }, count, { values: out, from: 0 });
  return true;
}

/** Every second bin around the time of day. */
function collectPhase(forecaster: PathForecaster, shape: PathShape, back: number): number {
  const first = back < 0 ? Math.ceil(-back / PATH_BINS_PER_DAY) : 1;
  const oldest = Math.min(forecaster.step, shape.historyBins - 1);
  let count = 0;
  for (let day = first; day < first + PHASE_DAYS; day++) {
    const middle = back + day * PATH_BINS_PER_DAY;
    for (let j = -PHASE_REACH; j <= PHASE_REACH; j++) {
      const place = middle - 2 * j;
      if (place < 0 || place > oldest) continue;
      const value = valueBack(forecaster, shape, place);
      if (value === value) phase[count++] = value;
    }
  }
  return count;
}
