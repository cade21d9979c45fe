import type { Expert } from './expert.ts';
import { LEVELS } from './horizons.ts';
import { FEATURES } from './origin.ts';
import { createSortedRing, ringAdd, ringQuantile, type SortedRing } from './sorted-ring.ts';

/**
 * Recursive least squares for the point, and the empirical distribution of its own recent errors around it
 * (recursive least squares with forgetting: Ljung, System Identification, §11.2; rolling residual quantiles as in
 * split conformal prediction). Learns within minutes and holds its coverage through almost anything.
 */
export interface ResidualState {
  readonly windowMinutes: number;
  readonly weights: Float64Array;
  /** Inverse of the weighted feature covariance, row by row. */
  readonly covariance: Float64Array;
  readonly gain: Float64Array;
  readonly residuals: SortedRing;
}

/** Effective memory 2,000 minutes. */
const FORGETTING = 0.9995;

/** An innovation is clipped to so many sigmas: one burst must not turn the weights over. */
const INNOVATION_LIMIT = 4;

/** Small, so that in its first hours the point stays near persistence: with 1 it was biased by a whole sigma. */
const PRIOR = 0.01;

/** Without excitation the covariance grows without bound ("wind-up"); beyond this trace it is scaled back. */
const TRACE_LIMIT = 50;

/** Half a day of errors at one per minute: 360 cost 5-15 % of the loss, 1440 nothing gained. */
const RESIDUALS = 720;

/** One error of thousands of sigmas (the first request after days of silence) must not become the 99th percentile. */
const RESIDUAL_LIMIT = 200;

/** Below so many errors their quantiles are not yet a distribution. */
const YOUNG = 9;

export const residualExpert: Expert<ResidualState> = {
  name: 'residual',
  create: (windowMinutes) => {
    const covariance = new Float64Array(FEATURES * FEATURES);
    for (let i = 0; i < FEATURES; i++) covariance[i * FEATURES + i] = PRIOR;
    return {
      windowMinutes,
      weights: new Float64Array(FEATURES),
      covariance,
      gain: new Float64Array(FEATURES),
      residuals: createSortedRing(RESIDUALS),
    };
  },
  isAwake: () => true,
  predict: (state, features, quantiles) => {
    const point = dot(state.weights, features);
    const { residuals, windowMinutes } = state;
    // A random walk's error, as wide as a normal distribution's, until there are errors of one's own.
    const width = 2.56 * Math.sqrt(Math.min(windowMinutes, 12));
    for (let i = 0; i < LEVELS.length; i++) {
      const level = LEVELS[i] ?? 0.5;
      const error = residuals.count < YOUNG ? width * (level - 0.5) : ringQuantile(residuals, level);
      quantiles[i] = point + error;
    }
    return point;
  },
  learn: (state, { features, target, point }) => {
    ringAdd(state.residuals, clip(target - point, RESIDUAL_LIMIT));
    updateWeights(state, features, clip(target - dot(state.weights, features), INNOVATION_LIMIT));
  },
};

function updateWeights(state: ResidualState, features: Float64Array, innovation: number): void {
  const { weights, covariance, gain } = state;
  multiply(covariance, features, gain);
  const norm = FORGETTING + dot(gain, features);
  for (let i = 0; i < FEATURES; i++) weights[i] = at(weights, i) + (at(gain, i) / norm) * innovation;
  for (let i = 0; i < FEATURES; i++) {
    const step = at(gain, i) / norm;
    for (let j = i; j < FEATURES; j++) {
      const entry = (at(covariance, i * FEATURES + j) - step * at(gain, j)) / FORGETTING;
      covariance[i * FEATURES + j] = entry;
      covariance[j * FEATURES + i] = entry;
    }
  }
  limitTrace(covariance);
}

function multiply(matrix: Float64Array, vector: Float64Array, into: Float64Array): void {
  for (let i = 0; i < FEATURES; i++) {
    let sum = 0;
    for (let j = 0; j < FEATURES; j++) sum += at(matrix, i * FEATURES + j) * at(vector, j);
    into[i] = sum;
  }
}

function limitTrace(covariance: Float64Array): void {
  let trace = 0;
  for (let i = 0; i < FEATURES; i++) trace += at(covariance, i * FEATURES + i);
  if (trace <= TRACE_LIMIT) return;
  for (let place = 0; place < covariance.length; place++) {
    covariance[place] = (at(covariance, place) * TRACE_LIMIT) / trace;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < FEATURES; i++) sum += at(a, i) * at(b, i);
  return sum;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}

function clip(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value));
}
