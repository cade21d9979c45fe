/** Bins that are kept one by one: the longest rolling window (an hour) and any window ahead fit in. A power of two. */
export const RECENT_BINS = 512;

/** Values by absolute bin number; a bin without a value holds NaN. */
export type RecentBins = Float64Array;

export function createRecentBins(): RecentBins {
  return new Float64Array(RECENT_BINS).fill(NaN);
}

/** The value of `bin`, which is one of the newest `RECENT_BINS`. */
export function recentBin(recent: RecentBins, bin: number): number {
  return recent[bin & (RECENT_BINS - 1)] ?? NaN;
}

export function setRecentBin(recent: RecentBins, bin: number, value: number): void {
  recent[bin & (RECENT_BINS - 1)] = value;
}

/** The largest of the bins `from … to`; NaN when one of them is unknown, for it may have been the largest. */
export function knownMax(recent: RecentBins, from: number, to: number): number {
  let max = -Infinity;
  for (let bin = from; bin <= to; bin++) {
    const value = recentBin(recent, bin);
    if (Number.isNaN(value)) return NaN;
    if (value > max) max = value;
  }
  return max;
}
