/** Small shifts that last: two-sided cumulative sum (Page, Biometrika 1954) that leaks, so that an old one is forgotten. */
export interface CumulativeSum {
  up: number;
  down: number;
}

const LEAK = 0.98;
/** In scales of a residual: what each must exceed to count, and the most that one may add. */
const ALLOWANCE = 0.5;
const CLIP = 4;

export function createCumulativeSum(): CumulativeSum {
  return { up: 0, down: 0 };
}

/** @param z residual in units of its scale @returns the larger of both sums, at least 0 */
export function observeSum(sum: CumulativeSum, z: number): number {
  const clipped = Math.min(CLIP, Math.max(-CLIP, z));
  sum.up = Math.max(0, LEAK * sum.up + clipped - ALLOWANCE);
  sum.down = Math.max(0, LEAK * sum.down - clipped - ALLOWANCE);
  return Math.max(sum.up, sum.down);
}
