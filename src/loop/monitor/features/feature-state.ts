import type { PolicySpec } from '../../../api/policy-spec.ts';
import { createSeriesRing, get, openCell, put, type SeriesRing } from '../series-ring.ts';
import { createForecastResidual, observeResidual, type ForecastResidual } from './forecast-residual.ts';
import { forecastOf, known, totalOf, type FeatureInputs } from './inputs.ts';
import { createRestartWatch, observeRestarts, type RestartWatch } from './restarts.ts';
import { FEATURE_COUNT } from './schema.ts';
import { featureSources } from './sources.ts';
import { VOLATILITY_MINUTES } from './volatility.ts';

/** What features of now need to know of before, and the last vectors themselves: 2 KB of arrays for a policy. */
export interface FeatureState {
  /** The vectors of the last ticks, one in each bin of 15 s. */
  readonly window: SeriesRing;
  /** The last hour by the minute: demand, and restarts in that minute. */
  readonly trail: SeriesRing;
  readonly residual: ForecastResidual;
  readonly restarts: RestartWatch;
  /** Name of the demand that the trail is of. */
  demand: string | undefined;
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

export function createFeatureState({ spec }: { readonly spec: PolicySpec }): FeatureState {
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
    demand: featureSources(spec).demand,
  };
}

/** Takes in what is measured now. Before `extractFeatures`, once a tick. */
export function observeFeatures(state: FeatureState, inputs: FeatureInputs): void {
  const { now, policy, target } = inputs;
  const source = featureSources(policy.spec).demand;
  if (source !== state.demand) adoptDemand(state, source);
  const demand = totalOf(inputs, source);
  observeResidual(state.residual, demand, forecastOf(inputs, source), now);
  const restarts = observeRestarts(state.restarts, target.pods, now);
  const cell = openCell(state.trail, 0, now, now);
  if (cell < 0) return;
  put(state.trail, cell, DEMAND, known(demand, now));
  addRestarts(state.trail, cell, restarts);
}

/** Another demand is another series: what was noted of the old one does not compare with it. */
function adoptDemand(state: FeatureState, source: string | undefined): void {
  state.trail.values.fill(NaN, DEMAND, VOLATILITY_MINUTES);
  Object.assign(state.residual, createForecastResidual());
  state.demand = source;
}

function addRestarts(trail: SeriesRing, cell: number, restarts: number): void {
  const before = get(trail, cell, RESTARTS);
  put(trail, cell, RESTARTS, Number.isNaN(before) ? restarts : before + (restarts >= 0 ? restarts : 0));
}
