import type { PolicySpec } from '../../api/policy-spec.ts';
import type { Monitoring } from '../monitor/monitor.ts';
import { forecastPeak, observeDemand, type DemandForecaster } from './forecast/forecaster.ts';

/** The forecast that a decision rests on, in the unit of the metric. */
export interface ForecastSummary {
  readonly metric: string;
  /** Median and upper quantile of the largest demand within the horizon. */
  readonly peak: number;
  readonly upper: number;
  readonly confidencePercent: number;
  readonly horizonSeconds: number;
  /** Share of past peaks that stayed at or below their upper bound, 0 … 1. */
  readonly coverage?: number;
  /** 1 - WAPE of the median peak, 0 … 1. */
  readonly accuracy?: number;
  readonly samples: number;
  /** Measured coverage and accuracy are good enough to act on. */
  readonly reliable: boolean;
  /** Why it is not reliable, in words. */
  readonly doubt?: string;
}

/** A metric without a forecast, and why. */
export interface ForecastAbsence {
  readonly metric: string;
  readonly reason: string;
  readonly message: string;
}

export interface Analysis {
  /** One entry for each source of demand, in their order. */
  readonly forecasts: readonly (ForecastSummary | ForecastAbsence)[];
  /** The distributions of the peak of the objective's requests, while there is a forecast of them to act on. */
  readonly demands?: PeakDemands;
}

/** What the largest demand may be: values, and the probability that each stands for. */
export interface PeakDemands {
  /** Over the time in which an order placed now matters. */
  readonly up: Float64Array;
  /** Over the time in which removing a replica now matters. */
  readonly hold: Float64Array;
  readonly weights: Float64Array;
}

export interface AnalyzeOptions {
  readonly now: number;
  readonly tickSeconds: number;
}

/**
 * Fresh demand enters its series; out comes the distribution of its peak over the time in which an order
 * placed now matters: start-up plus two ticks, one to notice and one to act.
 */
export function analyze(
  spec: PolicySpec,
  monitoring: Monitoring,
  forecasters: readonly DemandForecaster[],
  { now, tickSeconds }: AnalyzeOptions,
): Analysis {
  const reaction = monitoring.startupSeconds + 2 * tickSeconds;
  const forecasts = monitoring.metrics.map(({ name, total, lagSeconds }, index) => {
    // The series shows the load late; what it will show when the order has come true lies that much further ahead.
    const horizonSeconds = Math.ceil(reaction + lagSeconds);
    const forecaster = forecasters[index];
    if (forecaster === undefined) return { metric: name, reason: 'NoSeries', message: 'no series yet' };
    if (total.quality === 'Fresh') observeDemand(forecaster, total.at, total.value, now);
    if (spec.forecast.mode === 'Disabled') {
      return { metric: name, reason: 'Disabled', message: 'spec.forecast.mode is Disabled' };
    }
    if (total.quality !== 'Fresh')
      return { metric: name, reason: 'NotFresh', message: `${name} has no fresh value` };
    return summarize(name, forecaster, {
      now,
      horizonSeconds,
      confidencePercent: spec.forecast.confidencePercent,
    });
  });
  return { forecasts };
}

interface Ask {
  readonly now: number;
  readonly horizonSeconds: number;
  readonly confidencePercent: number;
}

function summarize(
  metric: string,
  forecaster: DemandForecaster,
  ask: Ask,
): ForecastSummary | ForecastAbsence {
  const { now, horizonSeconds, confidencePercent } = ask;
  const forecast = forecastPeak(forecaster, {
    now,
    leadSeconds: horizonSeconds,
    confidence: confidencePercent / 100,
  });
  if ('absent' in forecast) return { metric, reason: forecast.absent, message: forecast.message };
  return {
    metric,
    peak: forecast.peak,
    upper: forecast.upper,
    confidencePercent,
    // What it looked at: a long lead is cut to the longest that is learned.
    horizonSeconds: forecast.leadSeconds,
    ...(forecast.coverage === undefined ? {} : { coverage: forecast.coverage }),
    ...(forecast.accuracy === undefined ? {} : { accuracy: forecast.accuracy }),
    samples: forecast.samples,
    reliable: forecast.reliable,
    ...(forecast.doubt === undefined ? {} : { doubt: forecast.doubt }),
  };
}

export function isForecast(entry: ForecastSummary | ForecastAbsence): entry is ForecastSummary {
  return 'upper' in entry;
}
