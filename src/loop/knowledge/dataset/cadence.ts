/** How far apart the samples of a series are, in seconds; NaN with fewer than two. */
export interface Cadence {
  /** The median. */
  readonly seconds: number;
  /** Nine of ten intervals lie between these. */
  readonly shortest: number;
  readonly longest: number;
  /** Share of the intervals that are off the median by more than half of it. */
  readonly irregularShare: number;
}

/** An interval this many times the usual one holds a missing sample, and a shorter one by as much one too many. */
export const TOLERANCE = 0.5;

/** @param times ms, strictly rising */
export function cadenceOf(times: ArrayLike<number>): Cadence {
  const intervals = Float64Array.from({ length: Math.max(0, times.length - 1) }, (_, index) => {
    return ((times[index + 1] ?? NaN) - (times[index] ?? NaN)) / 1000;
  }).sort();
  const at = (share: number): number => intervals[Math.floor(share * (intervals.length - 1))] ?? NaN;
  const seconds = at(0.5);
  const off = intervals.filter((interval) => Math.abs(interval - seconds) > TOLERANCE * seconds).length;
  return { seconds, shortest: at(0.05), longest: at(0.95), irregularShare: off / intervals.length };
}
