import { PATH_BINS_PER_DAY, type PathShape } from './path-shape.ts';
import { valueBack, type PathForecaster } from './path-state.ts';
import { fillQuantiles, insertionSort } from './quantiles.ts';
import { collectBlocks } from './week-blocks.ts';

const DAYS = 7;
const REACH = 2;
/** Fewer values say too little of their quantiles. */
const ENOUGH = 5;
const BLOCKS_ENOUGH = 2;
const MOST = 40;

const values = new Float64Array(MOST);
/** How many days ago each of them was. */
const days = new Uint8Array(MOST);
const shifted = new Float64Array(MOST);
let count = 0;

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
  if (shape.blocks > 0) {
    count = collectBlocks(forecaster, shape, back, values);
    if (count < BLOCKS_ENOUGH) return false;
    insertionSort(values, count);
  } else {
    collect(forecaster, shape, back);
    if (count < ENOUGH) return false;
    sortWithDays();
  }
  fillQuantiles({ values, from: 0 }, count, { values: out, from: 0 });
  return true;
}

/** Every second bin around the time of day. */
function collect(forecaster: PathForecaster, shape: PathShape, back: number): void {
  const first = back < 0 ? Math.ceil(-back / PATH_BINS_PER_DAY) : 1;
  const oldest = Math.min(forecaster.step, shape.historyBins - 1);
  count = 0;
  for (let day = first; day < first + DAYS; day++) {
    const middle = back + day * PATH_BINS_PER_DAY;
    for (let j = -REACH; j <= REACH; j++) {
      const place = middle - 2 * j;
      if (place < 0 || place > oldest) continue;
      const value = valueBack(forecaster, shape, place);
      if (value !== value) continue;
      days[count] = day;
      values[count++] = value;
    }
  }
}

/** Shell's sort: for three dozen numbers half the moves of plain insertion. */
const GAPS = [13, 4, 1] as const;

function sortWithDays(): void {
  for (const gap of GAPS) {
    for (let i = gap; i < count; i++) {
      const value = values[i] ?? 0;
      const day = days[i] ?? 0;
      let j = i - gap;
      for (; j >= 0 && (values[j] ?? 0) > value; j -= gap) {
        values[j + gap] = values[j] ?? 0;
        days[j + gap] = days[j] ?? 0;
      }
      values[j + gap] = value;
      days[j + gap] = day;
    }
  }
}

/** Bins whose mean is the level of a day: those up to the origin, and up to the same time on the days before. */
const LEVEL_BINS = 8;

/** How far the level is above that of the same time so many days ago, 1 … 8; 0 where that is not known. */
export type DayDistances = Float64Array;

export function createDayDistances(): DayDistances {
  return new Float64Array(DAYS + 2);
}

export function fillDayDistances(forecaster: PathForecaster, shape: PathShape, out: DayDistances): void {
  const oldest = Math.min(forecaster.step, shape.historyBins - 1);
  const now = levelAt(forecaster, shape, 0, oldest);
  for (let day = 1; day < out.length; day++) {
    const distance = now - levelAt(forecaster, shape, day * PATH_BINS_PER_DAY, oldest);
    out[day] = distance === distance ? distance : 0;
  }
}

function levelAt(forecaster: PathForecaster, shape: PathShape, from: number, oldest: number): number {
  let sum = 0;
  let known = 0;
  for (let back = from; back < from + LEVEL_BINS && back <= oldest; back++) {
    const value = valueBack(forecaster, shape, back);
    if (value !== value) continue;
    sum += value;
    known++;
  }
  return known === 0 ? NaN : sum / known;
}

/**
 * The same quantiles with each day's values moved by the part `trust` of the distance between today's level and that
 * day's: those that `fillPhase` collected just before.
 */
export function fillShifted(distances: DayDistances, trust: number, out: Float64Array): void {
  // In the order of the values as they were, so that sorting has little to do.
  for (let i = 0; i < count; i++) shifted[i] = (values[i] ?? 0) + trust * (distances[days[i] ?? 0] ?? 0);
  insertionSort(shifted, count);
  fillQuantiles({ values: shifted, from: 0 }, count, { values: out, from: 0 });
}
