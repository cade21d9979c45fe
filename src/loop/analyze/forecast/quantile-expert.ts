import type { Expert } from './expert.ts';
import { LEVELS } from './horizons.ts';
import { FEATURES } from './origin.ts';

/**
 * Linear quantile regression, learned online by AdaGrad on the quantile loss (Koenker & Bassett 1978; Duchi,
 * Hazan & Singer 2011). Where errors depend on the moment it is sharper than the residual expert, and as the
 * loss has a bounded gradient no outlier can own it; but it needs hours to leave its starting point.
 */
export interface QuantileState {
  /** One row of weights for each of `LEVELS`. */
  readonly weights: Float64Array;
  readonly squares: Float64Array;
  learned: number;
}

// Looked up once: 240 square roots are taken for each minute of a fortnight's backfill.
const { sqrt } = Math;

const RATE = 0.15;
/** Forgetting of the squared gradients, 10,000 minutes: else the learning rate would fall to zero for good. */
const SQUARES_DECAY = 0.9999;

/** Minutes of learning before its quantiles count. */
const AWAKE_AFTER = 720;

export const quantileExpert: Expert<QuantileState> = {
  name: 'quantile',
  create: () => {
    const weights = new Float64Array(LEVELS.length * FEATURES);
    // The constant feature is 0.3: quantiles start as those of an error about one sigma wide.
    for (let k = 0; k < LEVELS.length; k++) weights[k * FEATURES] = 6 * ((LEVELS[k] ?? 0.5) - 0.3);
    return { weights, squares: new Float64Array(LEVELS.length * FEATURES), learned: 0 };
  },
  isAwake: (state) => state.learned >= AWAKE_AFTER,
  predict: (state, features, quantiles) => {
    for (let k = 0; k < LEVELS.length; k++) quantiles[k] = rowDot(state.weights, k, features);
    return quantiles[0] ?? 0;
  },
  learn: (state, { features, target }) => {
    const { weights, squares } = state;
    state.learned++;
    for (let k = 0; k < LEVELS.length; k++) {
      const slope = (target < rowDot(weights, k, features) ? 1 : 0) - (LEVELS[k] ?? 0.5);
      for (let i = 0; i < FEATURES; i++) {
        const at = k * FEATURES + i;
        const gradient = slope * (features[i] ?? 0);
        const sum = SQUARES_DECAY * (squares[at] ?? 0) + gradient * gradient;
        squares[at] = sum;
        weights[at] = (weights[at] ?? 0) - (RATE * gradient) / sqrt(sum + 1);
      }
    }
  },
};

function rowDot(weights: Float64Array, row: number, features: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < FEATURES; i++) sum += (weights[row * FEATURES + i] ?? 0) * (features[i] ?? 0);
  return sum;
}
