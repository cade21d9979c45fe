import { EMBEDDING_DIMENSIONS } from '../situation.ts';

/** Dimensions that are added up before a sum is compared: a comparison after each would cost more than it saves. */
export const STEP = 8;

/** The smallest and the largest number of each dimension among some points: all of them lie in this box. */
export interface BoundingBox {
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** A box without any point in it. */
export function createBox(): BoundingBox {
  return {
    low: new Float32Array(EMBEDDING_DIMENSIONS).fill(Infinity),
    high: new Float32Array(EMBEDDING_DIMENSIONS).fill(-Infinity),
  };
}

export function widen({ low, high }: BoundingBox, point: Float32Array): void {
  for (let dimension = 0; dimension < EMBEDDING_DIMENSIONS; dimension += 1) {
    const value = point[dimension] ?? 0;
    if (value < (low[dimension] ?? -Infinity)) low[dimension] = value;
    if (value > (high[dimension] ?? Infinity)) high[dimension] = value;
  }
}

/**
 * Squared distance of a point to the box times `factor`, which no point in the box is nearer than (MINDIST of Roussopoulos
 * et al. 1995); infinite where it is beyond the limit. That holds for the rounded numbers too: differences, squares and sums
 * are rounded in the same order as those of `partial`, each of them is no larger, and rounding keeps that order.
 */
export function distanceToBox(
  { low, high }: BoundingBox,
  point: Float32Array,
  factor: number,
  limit: number,
): number {
  let sum = 0;
  for (let first = 0; first < EMBEDDING_DIMENSIONS; first += STEP) {
    sum += gaps(low, high, point, first) + gaps(low, high, point, first + 4);
    if (sum * factor > limit) return Infinity;
  }
  return sum * factor;
}

/** Squared, over four dimensions. */
function gaps(low: Float32Array, high: Float32Array, point: Float32Array, first: number): number {
  const d0 = gap(low, high, point, first);
  const d1 = gap(low, high, point, first + 1);
  const d2 = gap(low, high, point, first + 2);
  const d3 = gap(low, high, point, first + 3);
  return d0 * d0 + d1 * d1 + (d2 * d2 + d3 * d3);
}

function gap(low: Float32Array, high: Float32Array, point: Float32Array, dimension: number): number {
  const value = point[dimension] ?? 0;
  const below = (low[dimension] ?? 0) - value;
  if (below > 0) return below;
  const above = value - (high[dimension] ?? 0);
  return above > 0 ? above : 0;
}

/** Squared distance of two points over `STEP` dimensions, of a from i and of b from j. */
export function partial(a: Float32Array, i: number, b: Float32Array, j: number): number {
  return four(a, i, b, j) + four(a, i + 4, b, j + 4);
}

/** Over four. Written out: a loop of so few rounds costs more than its content. */
function four(a: Float32Array, i: number, b: Float32Array, j: number): number {
  const d0 = (a[i] ?? 0) - (b[j] ?? 0);
  const d1 = (a[i + 1] ?? 0) - (b[j + 1] ?? 0);
  const d2 = (a[i + 2] ?? 0) - (b[j + 2] ?? 0);
  const d3 = (a[i + 3] ?? 0) - (b[j + 3] ?? 0);
  return d0 * d0 + d1 * d1 + (d2 * d2 + d3 * d3);
}
