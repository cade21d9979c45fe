import { recentBin, type RecentBins } from './recent-bins.ts';

/**
 * The largest (`sign` 1) or smallest (`sign` -1) value of the newest `bins` bins, unknown ones left out. A monotone
 * queue: a bin that a later one beats can never be the extreme again, so each bin enters and leaves once.
 */
export interface RollingExtreme {
  readonly bins: number;
  readonly sign: 1 | -1;
  /** Bin numbers, their values falling (times `sign`) from `head` to `tail`. */
  readonly queue: Float64Array;
  head: number;
  tail: number;
}

export function createRollingExtreme(bins: number, sign: 1 | -1): RollingExtreme {
  const places = 2 ** Math.ceil(Math.log2(bins + 1));
  return { bins, sign, queue: new Float64Array(places), head: 0, tail: 0 };
}

/** Moves the window to end with `bin`, which follows the last one and is already in `recent`. */
export function moveExtreme(extreme: RollingExtreme, recent: RecentBins, bin: number): void {
  const { queue, sign } = extreme;
  const mask = queue.length - 1;
  if (extreme.head < extreme.tail && (queue[extreme.head & mask] ?? 0) <= bin - extreme.bins) extreme.head++;
  const value = recentBin(recent, bin);
  if (Number.isNaN(value)) return;
  while (extreme.tail > extreme.head) {
    const last = recentBin(recent, queue[(extreme.tail - 1) & mask] ?? 0);
    if (last * sign > value * sign) break;
    extreme.tail--;
  }
  queue[extreme.tail++ & mask] = bin;
}

/** NaN when nothing in the window is known. */
export function extremeOf(extreme: RollingExtreme, recent: RecentBins): number {
  if (extreme.head === extreme.tail) return NaN;
  return recentBin(recent, extreme.queue[extreme.head & (extreme.queue.length - 1)] ?? 0);
}
