import { weeklyGain } from './accuracy.ts';
import { PATH_BIN_MS, PATH_BINS_PER_DAY, shapeOfTier } from './path-shape.ts';
import { valueBack, type PathForecaster } from './path-state.ts';

/** A period that repeats, and what knowing it is worth. */
export interface Season {
  readonly periodSeconds: number;
  /** Share by which its knowledge lowers the mean absolute error on values that it was not fitted to. */
  readonly gain: number;
}

/** Bins: a day, half of it, an hour, half of it. The week has its own measure. */
const CANDIDATES = [PATH_BINS_PER_DAY, PATH_BINS_PER_DAY / 2, 12, 6] as const;
const WEEK_SECONDS = 604_800;

/** Less autocorrelation, or a smaller gain, is chance. */
const LEAST_CORRELATION = 0.1;
const LEAST_GAIN = 0.03;
/** A season moves demand by this part of its mean deviation at least. */
const LEAST_SWING = 0.02;
/** Values beyond so many mean deviations count as these. */
const CLIP = 4;
/** A period must have been seen so often. */
const LEAST_REPEATS = 3;

/**
 * Seasons of the last week, longest first. A candidate needs autocorrelation, and must lower the error of forecasting
 * a quarter of its period ahead, step by step from what was known, beyond the seasons that were accepted before it.
 */
export function pathSeasons(forecaster: PathForecaster): Season[] {
  const values = clippedHistory(forecaster);
  const deviation = meanOf(values.map(Math.abs));
  const seasons: Season[] = [];
  const weekly = weeklyGain(forecaster, shapeOfTier(forecaster.tier));
  if (weekly !== undefined && weekly >= LEAST_GAIN)
    seasons.push({ periodSeconds: WEEK_SECONDS, gain: weekly });
  for (const period of CANDIDATES) {
    if (values.length < LEAST_REPEATS * period) continue;
    const level = trailingMean(values, period);
    const swing = values.map((value, i) => value - (level[i] ?? 0));
    if (correlation(swing, period) < LEAST_CORRELATION) continue;
    const gain = removeSeason(swing, period, LEAST_SWING * deviation);
    if (gain < LEAST_GAIN) continue;
    seasons.push({ periodSeconds: (period * PATH_BIN_MS) / 1000, gain });
    values.set(swing.map((value, i) => value + (level[i] ?? 0)));
  }
  return seasons;
}

/** The history around its mean, clipped; a gap holds what was before it. */
function clippedHistory(forecaster: PathForecaster): Float64Array {
  const shape = shapeOfTier(forecaster.tier);
  const count = Math.min(forecaster.step + 1, shape.historyBins);
  let before = forecaster.mean;
  const values = Float64Array.from({ length: count }, (_, i) => {
    const value = valueBack(forecaster, shape, count - 1 - i);
    if (value === value) before = value;
    return before;
  });
  const mean = meanOf(values);
  const most = CLIP * meanOf(values.map((value) => Math.abs(value - mean)));
  return values.map((value) => Math.min(most, Math.max(-most, value - mean)));
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Of the period before each value: what the season does not do, trend included. */
function trailingMean(values: Float64Array, period: number): Float64Array {
  let sum = 0;
  return values.map((value, i) => {
    sum += value - (i >= period ? (values[i - period] ?? 0) : 0);
    return sum / Math.min(i + 1, period);
  });
}

function correlation(values: Float64Array, lag: number): number {
  let products = 0;
  let squares = 1e-12;
  for (let i = 2 * lag; i < values.length; i++) {
    squares += (values[i] ?? 0) ** 2;
    products += (values[i] ?? 0) * (values[i - lag] ?? 0);
  }
  return products / squares;
}

/**
 * Forecasts each value from the one a quarter of the period before and, with a trust that is learned as it goes, from
 * what the season did between; returns the gain, and where there is one leaves in `values` what the season does not tell.
 */
function removeSeason(values: Float64Array, period: number, leastSwing: number): number {
  const ahead = Math.max(1, Math.round(period / 4));
  const rest = Float64Array.from(values);
  let products = 0;
  let squares = 1e-9;
  let alone = 0;
  let together = 0;
  let count = 0;
  // The trailing mean is a whole period's from there on.
  for (let i = 2 * period + ahead; i < values.length; i++, count++) {
    const change = (values[i] ?? 0) - (values[i - ahead] ?? 0);
    const before = values[i - period] ?? 0;
    const season = before - (values[i - period - ahead] ?? 0);
    const trust = Math.min(1, Math.max(0, products / squares));
    alone += Math.abs(change);
    together += Math.abs(change - trust * season);
    products += season * change;
    squares += season * season;
    rest[i] = (values[i] ?? 0) - trust * before;
  }
  if (alone <= leastSwing * count) return 0;
  const gain = 1 - together / alone;
  if (gain >= LEAST_GAIN) values.set(rest);
  return gain;
}
