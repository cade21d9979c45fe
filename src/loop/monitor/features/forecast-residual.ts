import type { Reading } from '../reading.ts';
import type { FeatureForecast } from './inputs.ts';
import { normalQuantile } from './normal-quantile.ts';

/**
 * How far the truth was from the forecast: one forecast of the peak at a time is followed until it is due, and its
 * error told in its own standard deviations. Times in ms since the epoch; NaN while there is nothing.
 */
export interface ForecastResidual {
  /** The forecast that is followed. */
  madeAt: number;
  dueAt: number;
  median: number;
  deviation: number;
  /** Of the demand since then, and the time of its last sample. */
  peak: number;
  sampledAt: number;
  /** What came of the one before it. */
  value: number;
  valueAt: number;
}

/** With a longer hole in the demand the peak may have been in the hole: three missed scrapes, as for staleness. */
const LONGEST_GAP_MS = 90_000;
/** A residual that has no successor for so long says nothing about now. */
const VALID_MS = 1_800_000;

export function createForecastResidual(): ForecastResidual {
  return {
    madeAt: NaN,
    dueAt: NaN,
    median: NaN,
    deviation: NaN,
    peak: NaN,
    sampledAt: NaN,
    value: NaN,
    valueAt: NaN,
  };
}

/** Lets the demand as measured now judge the forecast that is followed, and takes up the present one after it. */
export function observeResidual(
  residual: ForecastResidual,
  demand: Reading | undefined,
  forecast: FeatureForecast | undefined,
  now: number,
): void {
  if (residual.madeAt > now || residual.valueAt > now) Object.assign(residual, createForecastResidual());
  if (demand?.quality === 'Fresh' && demand.at <= now) follow(residual, demand.at, demand.value);
  // It was not measured through: neither the forecast nor the demand is to blame.
  if (now - Math.min(residual.sampledAt, residual.dueAt) > LONGEST_GAP_MS) residual.madeAt = NaN;
  if (Number.isNaN(residual.madeAt)) take(residual, forecast, now);
}

/** In standard deviations; NaN when none came due lately. */
export function residualAt({ value, valueAt }: ForecastResidual, now: number): number {
  return now - valueAt <= VALID_MS ? value : NaN;
}

function follow(residual: ForecastResidual, at: number, value: number): void {
  if (Number.isNaN(residual.madeAt) || at <= residual.sampledAt) return;
  if (at - residual.sampledAt > LONGEST_GAP_MS) {
    residual.madeAt = NaN;
    return;
  }
  if (at <= residual.dueAt) residual.peak = Math.max(residual.peak, value);
  residual.sampledAt = at;
  if (at < residual.dueAt) return;
  residual.madeAt = NaN;
  // A horizon between two samples saw nothing.
  if (residual.peak === -Infinity) return;
  residual.value = (residual.peak - residual.median) / residual.deviation;
  residual.valueAt = at;
}

function take(residual: ForecastResidual, forecast: FeatureForecast | undefined, now: number): void {
  const { peak = NaN, upper = NaN, confidencePercent = NaN, horizonSeconds = NaN } = forecast ?? {};
  const deviation = (upper - peak) / normalQuantile(confidencePercent / 100);
  const dueAt = now + 1000 * horizonSeconds;
  if (!(deviation > 0 && deviation < Infinity && dueAt > now)) return;
  Object.assign(residual, { madeAt: now, dueAt, median: peak, deviation, peak: -Infinity, sampledAt: now });
}
