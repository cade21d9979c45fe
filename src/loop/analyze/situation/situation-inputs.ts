import type { FeatureState } from '../../monitor/features/feature-state.ts';
import { DEMAND } from '../../monitor/features/feature-state.ts';
import { ABSENT, cellOfBin, get } from '../../monitor/series-ring.ts';
import type { Anomaly } from '../anomaly/anomaly.ts';
import type { PeakForecaster } from '../peak/forecaster-state.ts';
import { TRAIL_MINUTES } from './recent-shape.ts';
import { NO_USUAL_DEMAND, usualDemand, type UsualDemand } from './usual-demand.ts';

/** All that a situation is described by, as it is known at its beginning. NaN and undefined are unknown, never zero. */
export interface SituationInputs {
  /** By feature schema 1. */
  readonly features: Float32Array;
  /** Demand of the last `TRAIL_MINUTES` minutes, oldest first; NaN where unknown. */
  readonly minutes: Float32Array;
  readonly usual: UsualDemand;
  /** Of the same demand; undefined while there is none. */
  readonly forecast: { readonly peak: number; readonly upper: number } | undefined;
  readonly anomalies: readonly Pick<Anomaly, 'kind' | 'severity'>[];
  /** Wanted ones. */
  readonly replicas: number;
  /** From the order of a replica until it serves. */
  readonly startupSeconds: number;
}

/** A forecast as the analysis tells it; that of a metric without one has neither number. */
interface Forecast {
  readonly metric: string;
  readonly peak?: number;
  readonly upper?: number;
}

/** What one turn of the loop has at hand. */
export interface SituationFacts {
  /** ms since the epoch. */
  readonly now: number;
  /** The vector of now, and what it was made from. */
  readonly features: Float32Array;
  readonly state: Pick<FeatureState, 'trail' | 'demand'>;
  /** By source of demand; the forecasters in the same order. */
  readonly forecasts: readonly Forecast[];
  readonly forecasters: readonly PeakForecaster[];
  readonly anomalies: readonly Pick<Anomaly, 'kind' | 'severity'>[];
  readonly replicas: number;
  readonly startupSeconds: number;
}

/** Gathers the inputs of `embed` and `summarize`; reads the states and changes nothing. */
export function situationInputs(facts: SituationFacts): SituationInputs {
  const { now, features, state, forecasts, forecasters, anomalies, replicas, startupSeconds } = facts;
  const source = forecasts.findIndex(({ metric }) => metric === state.demand);
  const { peak, upper } = forecasts[source] ?? {};
  const forecaster = forecasters[source];
  return {
    features,
    minutes: demandTrail(state.trail, now),
    usual: forecaster === undefined ? NO_USUAL_DEMAND : usualDemand(forecaster, now),
    forecast: peak === undefined || upper === undefined ? undefined : { peak, upper },
    anomalies,
    replicas,
    startupSeconds,
  };
}

/** The demand of the last hour by the minute, oldest first. */
function demandTrail(trail: FeatureState['trail'], now: number): Float32Array {
  const last = Math.floor(now / trail.stepMs);
  return Float32Array.from({ length: TRAIL_MINUTES }, (_, place) => {
    const cell = cellOfBin(trail, 0, last - TRAIL_MINUTES + 1 + place);
    return cell === ABSENT ? NaN : get(trail, cell, DEMAND);
  });
}
