import type { Nearest } from './nearest.ts';

/** Neighbours with what each counts: 1 at the same place, less and less with its distance. */
export interface Weighted {
  readonly rows: Int32Array;
  readonly distances: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Distance within which two situations are called similar. Of the windows of the development traces, one in two has its
 * tenth neighbour within it.
 */
export const SIMILAR_DISTANCE = 2.5;

/**
 * Gaussian kernel. Its width is the distance of the neighbour in the middle, so that as many count where situations
 * are rare as where they are common, and never less than a quarter of what is called similar.
 */
export function weigh({ rows, distances }: Pick<Nearest, 'rows' | 'distances'>): Weighted {
  const middle = distances[distances.length >> 1] ?? 0;
  const width = Math.max(middle, SIMILAR_DISTANCE / 4);
  return { rows, distances, weights: distances.map((distance) => Math.exp(-0.5 * (distance / width) ** 2)) };
}

/** Kish's effective sample size: so many equal weights would say as much. 0 where there is none. */
export function effectiveSize(weights: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares > 0 ? (sum * sum) / squares : 0;
}
