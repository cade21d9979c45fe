import type { PolicySpec } from '../../api/policy-spec.ts';
import type { MetricReport, Monitoring } from '../monitor/monitor.ts';
import { observePeakDemand } from './peak/forecaster.ts';
import type { PeakForecaster } from './peak/forecaster-state.ts';
import { assessPeak, type PeakAssessment, type PeakParts } from './peak/peak-assessment.ts';
import { createPeakNodes, peakForecast, type PeakForecast } from './peak/peak-forecast.ts';
import { peakQuantile } from './peak/peak-nodes.ts';
import type { PeakConfidence } from './peak/peak-reliability.ts';

/** The forecast that a decision rests on, in the unit of the metric. */
export interface ForecastSummary {
  readonly metric: string;
  /** Median and upper quantile of the largest demand within the horizon. */
  readonly peak: number;
  readonly upper: number;
  readonly confidencePercent: number;
  readonly horizonSeconds: number;
  /** Share of past peaks that stayed at or below their 95 % bound, 0 … 1. */
  readonly coverage?: number;
  /** 1 - WAPE of the expected peak, 0 … 1. */
  readonly accuracy?: number;
  /** 1 - loss of the 95 % bound ÷ loss of the last value with its usual rise; negative when worse. */
  readonly skill?: number;
  readonly samples: number;
  /** Measured coverage and accuracy are good enough to act on. */
  readonly reliable: boolean;
  /** Why it is not reliable, in words. */
  readonly doubt?: string;
  readonly confidence: PeakConfidence;
  /** How the expected peak is made up. */
  readonly parts: PeakParts;
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
  /** Of each source, quantiles of the peak at `PEAK_LEVELS`; undefined where there is no forecast. */
  readonly peaks: readonly (Float64Array | undefined)[];
}

/** At these levels the coming peak is looked at where a few numbers have to do for its distribution. */
export const PEAK_LEVELS = [0.8, 0.9, 0.95, 0.99] as const;

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
}

/**
 * Fresh demand enters its series; out comes the distribution of its peak over the time in which an order placed now
 * matters.
 */
export function analyze(
  spec: PolicySpec,
  monitoring: Monitoring,
  forecasters: readonly PeakForecaster[],
  { now }: AnalyzeOptions,
): Analysis {
  // Half of the pods come sooner and half later; the bin of grace after it is for those.
  const startupSeconds = monitoring.startup.medianSeconds;
  let demands: PeakDemands | undefined;
  const peaks: (Float64Array | undefined)[] = monitoring.metrics.map(() => undefined);
  const forecasts = monitoring.metrics.map((source, index) => {
    const forecaster = forecasters[index];
    if (forecaster === undefined) return absent(source, 'NoSeries', 'no series yet');
    const found = look(spec, source, { forecaster, now, startupSeconds });
    if ('reason' in found) return found;
    const { forecast, assessment } = found;
    peaks[index] = quantilesOf(forecast);
    if (source.type === 'Requests' && mayDecide(assessment, monitoring)) demands = forecast;
    return summarize(source.name, found, spec.forecast.confidencePercent);
  });
  return { forecasts, peaks, ...(demands === undefined ? {} : { demands }) };
}

function quantilesOf({ up, weights }: PeakForecast): Float64Array {
  return Float64Array.from(PEAK_LEVELS, (level) => peakQuantile(up, weights, level));
}

interface Look {
  readonly forecaster: PeakForecaster;
  readonly now: number;
  readonly startupSeconds: number;
}

interface Found {
  readonly forecast: PeakForecast;
  readonly assessment: PeakAssessment;
}

/** Of what a decision does not rest on: read at once, and overwritten by the next. */
const PASSING = createPeakNodes();

function look(
  spec: PolicySpec,
  source: MetricReport,
  { forecaster, now, startupSeconds }: Look,
): Found | ForecastAbsence {
  const { total, lagSeconds, name } = source;
  const reaction = { now, startupSeconds, lagSeconds };
  if (total.quality === 'Fresh')
    observePeakDemand(forecaster, { at: total.at, value: total.value }, reaction);
  if (spec.forecast.mode === 'Disabled') return absent(source, 'Disabled', 'spec.forecast.mode is Disabled');
  if (total.quality !== 'Fresh') return absent(source, 'NotFresh', `${name} has no fresh value`);
  const nodes = source.type === 'Requests' ? createPeakNodes() : PASSING;
  const forecast = peakForecast(forecaster, reaction, nodes);
  if ('absent' in forecast) return absent(source, forecast.absent, forecast.message);
  return { forecast, assessment: assessPeak(forecaster, forecast) };
}

/**
 * While bad requests are counted, the newsvendor's price pays for a forecast's errors, and to wait for what is measured
 * costs more than they do: with two minutes of start-up, several times the bad requests on the development traces. Without
 * a count nothing corrects a forecast that was measured to be wrong, and it decides nothing; a young one is a wide one.
 */
function mayDecide({ reliable, coverage }: PeakAssessment, { requests }: Monitoring): boolean {
  return requests?.counters !== undefined || reliable || coverage === undefined;
}

function summarize(
  metric: string,
  { forecast, assessment }: Found,
  confidencePercent: number,
): ForecastSummary {
  const { up, weights, horizonSeconds } = forecast;
  return {
    metric,
    peak: peakQuantile(up, weights, 0.5),
    upper: peakQuantile(up, weights, confidencePercent / 100),
    confidencePercent,
    horizonSeconds,
    ...assessment,
  };
}

function absent({ name }: MetricReport, reason: string, message: string): ForecastAbsence {
  return { metric: name, reason, message };
}

export function isForecast(entry: ForecastSummary | ForecastAbsence): entry is ForecastSummary {
  return 'upper' in entry;
}
