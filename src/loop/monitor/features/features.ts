import { openCell, put, type SeriesRing } from '../series-ring.ts';
import { extractFeatures } from './extract.ts';
import { observeFeatures, type FeatureState } from './feature-state.ts';
import type { FeatureInputs } from './inputs.ts';
import { FEATURE_COUNT } from './schema.ts';

/**
 * One tick of the online feature store: takes in what is measured now, extracts the vector and keeps it. Returns the
 * vector, a new array that nobody writes to again. Call it once a tick, when the forecasts are made.
 */
export function tickFeatures(state: FeatureState, inputs: FeatureInputs): Float32Array {
  const features = new Float32Array(FEATURE_COUNT);
  observeFeatures(state, inputs);
  extractFeatures(state, inputs, features);
  recordFeatures(state.window, 0, inputs.now, features);
  return features;
}

/**
 * Keeps a vector of `series` that was extracted at `now` (ms since the epoch). A ring of many series has a statistic for
 * each feature and is read by `cellAsOf` and `get`: what was known at a time, and nothing later.
 */
export function recordFeatures(ring: SeriesRing, series: number, now: number, features: Float32Array): void {
  const cell = openCell(ring, series, now, now);
  if (cell < 0) return;
  for (let slot = 0; slot < FEATURE_COUNT; slot += 1) put(ring, cell, slot, features[slot] ?? NaN);
}
