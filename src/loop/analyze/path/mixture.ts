import { LEVEL_COUNT, PATH_EXPERTS, POINT_EXPERTS } from './path-shape.ts';

/** A horizon between two knots, or at one: then both are it and `share` is 0. */
export interface Place {
  readonly low: number;
  readonly high: number;
  /** How far from low to high, 0 … 1. */
  readonly share: number;
  /** Bins ahead of the newest. */
  readonly horizon: number;
}

/** What one forecast is made of, in scaled units. Filled anew by each call; nothing outlives it. */
export interface Mixture {
  scale: number;
  /** Bit e: the expert with index e takes part. */
  awake: number;
  readonly features: Float64Array;
  /** Of the point experts, by index. */
  readonly points: Float64Array;
  /** Quantiles of expert e from e · LEVEL_COUNT. */
  readonly expertQuantiles: Float64Array;
  /** Before the learned offset, and after it, sorted and within bounds. */
  readonly pooled: Float64Array;
  readonly quantiles: Float64Array;
}

export function createMixture(): Mixture {
  return {
    scale: 0,
    awake: 0,
    features: new Float64Array(16),
    points: new Float64Array(POINT_EXPERTS),
    expertQuantiles: new Float64Array(PATH_EXPERTS.length * LEVEL_COUNT),
    pooled: new Float64Array(LEVEL_COUNT),
    quantiles: new Float64Array(LEVEL_COUNT),
  };
}
