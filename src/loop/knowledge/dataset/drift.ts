/** How the last part of a series differs from the first. */
export interface Drift {
  /** Minutes in each of the two parts. */
  readonly partMinutes: number;
  /**
   * Population stability index over the deciles of the first part: Σ (qᵢ − pᵢ) ln(qᵢ / pᵢ). Below 0.1 is taken for the
   * same, above 0.25 for another population (N. Siddiqi, Credit Risk Scorecards, 2006). Minutes depend on those before
   * them: a few unusual hours move it as well.
   */
  readonly psi: number;
  /** Difference of the means in standard deviations of both parts together. */
  readonly meanShift: number;
  /** Variance of the last ÷ of the first part; Infinity when the first stood still. */
  readonly varianceRatio: number;
}

const DAY_MINUTES = 1440;
const BINS = 10;
/** Fewer minutes in a part are no distribution of ten bins. */
const MIN_KNOWN = 120;

/** Compares whole days, or weeks where there are two; undefined with less than two days or too little known. */
export function driftOf(values: Float64Array): Drift | undefined {
  const days = Math.floor(values.length / DAY_MINUTES);
  const partDays = days >= 14 ? 7 * Math.floor(days / 14) : Math.floor(days / 2);
  const partMinutes = partDays * DAY_MINUTES;
  if (partMinutes === 0) return undefined;
  const first = knownOf(values.subarray(0, partMinutes));
  const last = knownOf(values.subarray(values.length - partMinutes));
  if (first.length < MIN_KNOWN || last.length < MIN_KNOWN) return undefined;
  const [a, b] = [momentsOf(first), momentsOf(last)];
  const spread = Math.sqrt((a.variance + b.variance) / 2);
  const shift = b.mean - a.mean;
  return {
    partMinutes,
    psi: stabilityIndex(first, last),
    meanShift: shift === 0 ? 0 : shift / spread,
    varianceRatio: a.variance === b.variance ? 1 : b.variance / a.variance,
  };
}

function knownOf(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value)).sort();
}

function momentsOf(values: Float64Array): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance };
}

/** @param first sorted @param last sorted */
function stabilityIndex(first: Float64Array, last: Float64Array): number {
  const edges = new Set<number>();
  for (let bin = 1; bin < BINS; bin += 1) {
    edges.add(first[Math.floor((bin * (first.length - 1)) / BINS)] ?? NaN);
  }
  const bounds = [...edges, Infinity];
  let index = 0;
  let [belowFirst, belowLast] = [0, 0];
  for (const bound of bounds) {
    const [untilFirst, untilLast] = [countNotAbove(first, bound), countNotAbove(last, bound)];
    const p = smoothed(untilFirst - belowFirst, first.length, bounds.length);
    const q = smoothed(untilLast - belowLast, last.length, bounds.length);
    index += (q - p) * Math.log(q / p);
    [belowFirst, belowLast] = [untilFirst, untilLast];
  }
  return index;
}

/** Half a minute more in each bin: an empty one would be infinitely far. */
function smoothed(count: number, total: number, bins: number): number {
  return (count + 0.5) / (total + 0.5 * bins);
}

function countNotAbove(sorted: Float64Array, bound: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
