import type { PolicySpec } from '../../../api/policy-spec.ts';
import { createSeriesRing, get, openCell, put, type SeriesRing } from '../series-ring.ts';
import { createForecastResidual, observeResidual, type ForecastResidual } from './forecast-residual.ts';
import { forecastOf, known, totalOf, type FeatureInputs } from './inputs.ts';
import { createRestartWatch, observeRestarts, type RestartWatch } from './restarts.ts';
import { FEATURE_COUNT } from './schema.ts';
import { featureSources, type FeatureSources } from './sources.ts';
import { VOLATILITY_MINUTES } from './volatility.ts';

/** What features of now need to know of before, and the last vectors themselves: 2 KB of arrays for a policy. */
export interface FeatureState {
  /** The vectors of the last ticks, one in each bin of 15 s. */
  readonly window: SeriesRing;
  /** The last hour by the minute: demand, and restarts in that minute. */
  readonly trail: SeriesRing;
  readonly residual: ForecastResidual;
  readonly restarts: RestartWatch;
  /** Where the policy of `generation` keeps its numbers. */
  sources: FeatureSources;
  generation: number;
}

/** Four minutes of the default ticks: what lagged features and small models look back at. */
const WINDOW_SLOTS = 16;
const WINDOW_STEP_MS = 15_000;

export const DEMAND = 0;
export const RESTARTS = 1;
const TRAIL_STATISTICS = 2;
const MINUTE_MS = 60_000;

/** The ring of the last feature vectors: one series, a statistic for each feature. */
export function createFeatureWindow(): SeriesRing {
  return createSeriesRing({
    series: 1,
    slots: WINDOW_SLOTS,
    statistics: FEATURE_COUNT,
    stepMs: WINDOW_STEP_MS,
  });
}

export function createFeatureState(policy: {
  readonly generation: number;
  readonly spec: PolicySpec;
}): FeatureState {
  return {
    window: createFeatureWindow(),
    trail: createSeriesRing({
      series: 1,
      slots: VOLATILITY_MINUTES,
      statistics: TRAIL_STATISTICS,
      stepMs: MINUTE_MS,
    }),
    residual: createForecastResidual(),
    restarts: createRestartWatch(),
    sources: featureSources(policy.spec),
    generation: policy.generation,
  };
}

/** Takes in what is measured now. Before `extractFeatures`, once a tick. */
export function observeFeatures(state: FeatureState, inputs: FeatureInputs): void {
  const { now, policy, target } = inputs;
  if (state.generation !== policy.generation) adoptSpec(state, inputs);
  const demand = totalOf(inputs, state.sources.demand);
  observeResidual(state.residual, demand, forecastOf(inputs, state.sources.demand), now);
  const restarts = observeRestarts(state.restarts, target.pods, now);
  const cell = openCell(state.trail, 0, now, now);
  if (cell < 0) return;
  put(state.trail, cell, DEMAND, known(demand, now));
  addRestarts(state.trail, cell, restarts);
}

/** Another demand is another series: what was noted of the old one does not compare with it. */
function adoptSpec(state: FeatureState, { policy }: FeatureInputs): void {
  const sources = featureSources(policy.spec);
  if (sources.demand !== state.sources.demand) {
    state.trail.values.fill(NaN, DEMAND, VOLATILITY_MINUTES);
    Object.assign(state.residual, createForecastResidual());
  }
  state.sources = sources;
  state.generation = policy.generation;
}

function addRestarts(trail: SeriesRing, cell: number, restarts: number): void {
  const before = get(trail, cell, RESTARTS);
  put(trail, cell, RESTARTS, Number.isNaN(before) ? restarts : before + (restarts >= 0 ? restarts : 0));
}
