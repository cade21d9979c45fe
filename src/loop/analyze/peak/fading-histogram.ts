import { floatsIn, type Arena } from './arena.ts';
import type { HistogramSize } from './tier.ts';

/**
 * Quantiles of a stream that fades: a histogram whose bins are as wide as a share of their value, so that rare large
 * errors are told as precisely as common small ones (as DDSketch, Masson, Rim and Lee, VLDB 2019; on the grid of asinh,
 * which also has zero and negative values), forgotten exponentially. A thousandth of the ring of past values that
 * would give the same quantiles.
 */
export interface FadingHistogram {
  readonly counts: Float32Array;
  readonly below: number;
  readonly width: number;
  /** Below it bins are equally wide, above it each is `width` e-folds wide. In the unit of the values. */
  unit: number;
  /** Forgetting is lazy: new values count more instead of old ones less. */
  gain: number;
}

/** Single precision still tells a new value among a week of them. */
const GAIN_LIMIT = 1e6;

export function createFadingHistogram(arena: Arena, size: HistogramSize, unit: number): FadingHistogram {
  const { below, above, width } = size;
  return { counts: floatsIn(arena, below + above), below, width, unit, gain: 1 };
}

/** Counts a finite value; beyond the ends it counts in the last bin. @param memory share that is left of all before. */
export function countFading(histogram: FadingHistogram, value: number, memory: number, weight = 1): void {
  const { counts } = histogram;
  histogram.gain /= memory;
  const place = Math.floor(placeOf(histogram, value));
  const index = Math.min(counts.length - 1, Math.max(0, place));
  counts[index] = (counts[index] ?? 0) + weight * histogram.gain;
  if (histogram.gain > GAIN_LIMIT) normalize(histogram);
}

/** As if all values so far had been fewer by this share. */
export function discountFading(histogram: FadingHistogram, share: number): void {
  histogram.gain /= share;
  if (histogram.gain > GAIN_LIMIT) normalize(histogram);
}

/** Fills `out` from `first` on with the values at rising levels, linear within a bin; zeros when nothing was counted. */
export function fadingQuantiles(
  histogram: FadingHistogram,
  levels: readonly number[],
  out: Float32Array,
  first = 0,
): void {
  const { counts } = histogram;
  // Summed up here: a running total would drift from counts in single precision, and the tail is thin.
  let total = 0;
  for (const count of counts) total += count;
  const last = counts.findLastIndex((count) => count > 0);
  let index = 0;
  let before = 0;
  let here = counts[0] ?? 0;
  for (let i = 0; i < levels.length; i++) {
    const wanted = (levels[i] ?? 0) * total;
    while (index < last && (here === 0 || before + here < wanted)) {
      before += here;
      here = counts[++index] ?? 0;
    }
    out[first + i] = total > 0 ? valueAt(histogram, index + Math.min(1, (wanted - before) / here)) : 0;
  }
}

/** Largest value that has a bin of its own. */
export function largestTold(histogram: FadingHistogram): number {
  return valueAt(histogram, histogram.counts.length);
}

/** Moves all counts to a grid with another unit: values that are larger or smaller than ever before keep their room. */
export function changeUnit(histogram: FadingHistogram, unit: number): void {
  const { counts } = histogram;
  const moved = new Float32Array(counts.length);
  const from = { ...histogram };
  histogram.unit = unit;
  for (let i = 0; i < counts.length; i++) {
    const place = Math.floor(placeOf(histogram, valueAt(from, i + 0.5)));
    const index = Math.min(counts.length - 1, Math.max(0, place));
    moved[index] = (moved[index] ?? 0) + (counts[i] ?? 0);
  }
  counts.set(moved);
}

/** Zero sits in the middle of a bin. */
function placeOf({ unit, below, width }: FadingHistogram, value: number): number {
  return below + 0.5 + Math.asinh(value / unit) / width;
}

function valueAt({ unit, below, width }: FadingHistogram, place: number): number {
  return unit * Math.sinh((place - below - 0.5) * width);
}

function normalize(histogram: FadingHistogram): void {
  const { counts, gain } = histogram;
  for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] ?? 0) / gain;
  histogram.gain = 1;
}
