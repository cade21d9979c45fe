import type { PolicyView } from '../../policy-view.ts';
import type { TargetView } from '../observation.ts';
import type { Reading } from '../reading.ts';
import type { WorkloadSignals } from '../signals.ts';

/** What a forecast of the peak says; the entry of a metric without one has neither bound. */
export interface FeatureForecast {
  readonly metric: string;
  /** Median and upper bound of the largest demand within the horizon. */
  readonly peak?: number;
  readonly upper?: number;
  readonly confidencePercent?: number;
  readonly horizonSeconds?: number;
}

export interface MeasuredRequests {
  readonly total: Reading;
  readonly bad: Reading | undefined;
  readonly badShare: number | undefined;
}

/** Everything that features are made of, as it is known at `now` (ms since the epoch). */
export interface FeatureInputs {
  readonly now: number;
  readonly policy: Pick<PolicyView, 'generation' | 'spec'>;
  readonly target: TargetView;
  /** As monitored: the totals by name, and the share of bad requests where the objective is about requests. */
  readonly monitoring: {
    readonly metrics: readonly { readonly name: string; readonly total: Reading }[];
    readonly requests?: MeasuredRequests | undefined;
  };
  /** One for each indicator of the objective, in their order. */
  readonly indicators: readonly Reading[];
  readonly signals?: WorkloadSignals | undefined;
  readonly forecasts: readonly FeatureForecast[];
}

/** The value if it is fresh and was measured by then; NaN otherwise: what is old or from the future is not known now. */
export function known(reading: Reading | undefined, now: number): number {
  return reading?.quality === 'Fresh' && reading.at <= now ? reading.value : NaN;
}

export function totalOf({ monitoring }: FeatureInputs, name: string | undefined): Reading | undefined {
  if (name === undefined) return undefined;
  for (const metric of monitoring.metrics) if (metric.name === name) return metric.total;
  return undefined;
}

export function forecastOf(
  { forecasts }: FeatureInputs,
  name: string | undefined,
): FeatureForecast | undefined {
  if (name === undefined) return undefined;
  for (const forecast of forecasts) if (forecast.metric === name) return forecast;
  return undefined;
}
