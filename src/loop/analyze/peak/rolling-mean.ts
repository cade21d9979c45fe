import { recentBin, type RecentBins } from './recent-bins.ts';

/** The mean over the newest `bins` bins, unknown ones left out; moved along with one addition and one subtraction. */
export interface RollingMean {
  readonly bins: number;
  sum: number;
  known: number;
  /** Moves since the sum was last made from scratch. */
  moves: number;
}

export function createRollingMean(bins: number): RollingMean {
  return { bins, sum: 0, known: 0, moves: 0 };
}

/** Moves the window to end with `bin`, which follows the last one and is already in `recent`. */
export function moveMean(mean: RollingMean, recent: RecentBins, bin: number): void {
  // Once in each window's length the sum is made anew: rounding errors live no longer than the values that made them.
  if (++mean.moves >= mean.bins) {
    sumUp(mean, recent, bin);
    return;
  }
  add(mean, recentBin(recent, bin), 1);
  add(mean, recentBin(recent, bin - mean.bins), -1);
}

/** 0 when nothing in the window is known. */
export function meanOf(mean: RollingMean): number {
  return mean.known === 0 ? 0 : mean.sum / mean.known;
}

function sumUp(mean: RollingMean, recent: RecentBins, bin: number): void {
  mean.sum = 0;
  mean.known = 0;
  mean.moves = 0;
  for (let b = bin - mean.bins + 1; b <= bin; b++) add(mean, recentBin(recent, b), 1);
}

function add(mean: RollingMean, value: number, sign: 1 | -1): void {
  if (Number.isNaN(value)) return;
  mean.sum += sign * value;
  mean.known += sign;
}
