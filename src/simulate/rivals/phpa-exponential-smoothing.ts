export interface SmoothingParameters {
  /** α, β, γ: weights of the newest observation in level, trend and season. */
  readonly level: number;
  readonly trend: number;
  readonly season: number;
  /** Observations in a season, at least 2. */
  readonly periods: number;
}

/** A level is fitted to this many smoothed values. */
const LEVEL_VALUES = 10;
/** Seasons that the initial state is taken from. */
const MAX_CYCLES = 5;

/** What statsmodels refuses to work without: two seasons, and ten seasonally adjusted values. */
export function leastObservations(periods: number): number {
  return Math.max(2 * periods, LEVEL_VALUES + 2 * Math.trunc(periods / 2));
}

/**
 * Holt and Winters' additive exponential smoothing with given weights, as `ExponentialSmoothing(trend='add',
 * seasonal='add', initialization_method='estimated').fit(optimized=False)` of statsmodels 0.14: nothing is optimised,
 * and the initial state is the heuristic of Hyndman et al., Forecasting with Exponential Smoothing (2008), §2.6. The
 * weights apply to the components themselves, so that a season's weight above 1 − α is beyond the stable region.
 */
export class ExponentialSmoothing {
  readonly #parameters: SmoothingParameters;
  /** By position in the season. */
  readonly #seasons: Float64Array;
  #level: number;
  #trend: number;
  #count = 0;

  /** @param series at least `leastObservations` values, oldest first; all of them are smoothed. */
  constructor(series: readonly number[], parameters: SmoothingParameters) {
    this.#parameters = parameters;
    const { level, trend, seasons } = initialState(series, parameters.periods);
    this.#level = level;
    this.#trend = trend;
    this.#seasons = seasons;
    for (const value of series) this.add(value);
  }

  add(value: number): void {
    const { level: alpha, trend: beta, season: gamma, periods } = this.#parameters;
    const at = this.#count % periods;
    const season = this.#seasons[at] ?? 0;
    const expected = this.#level + this.#trend;
    const level = alpha * (value - season) + (1 - alpha) * expected;
    this.#seasons[at] = gamma * (value - expected) + (1 - gamma) * season;
    this.#trend = beta * (level - this.#level) + (1 - beta) * this.#trend;
    this.#level = level;
    this.#count += 1;
  }

  /** One observation ahead. */
  forecast(): number {
    const season = this.#seasons[this.#count % this.#parameters.periods] ?? 0;
    return this.#level + this.#trend + season;
  }
}

/** How many of `count` observations the initial state is taken from: whole seasons, where there are enough. */
export function startingObservations(count: number, periods: number): number {
  const fewest = Math.ceil((LEVEL_VALUES + 2 * Math.trunc(periods / 2)) / periods);
  const cycles = Math.max(Math.min(MAX_CYCLES, Math.trunc(count / periods)), fewest);
  return Math.min(count, cycles * periods);
}

export interface SmoothingState {
  readonly level: number;
  readonly trend: number;
  readonly seasons: Float64Array;
}

/** Seasons from the series less its moving mean, level and trend from a line through the first ten of those means. */
export function initialState(series: readonly number[], periods: number): SmoothingState {
  const used = series.slice(0, startingObservations(series.length, periods));
  const means = centredMeans(used, periods);
  const offset = Math.trunc(periods / 2);
  const sums = new Float64Array(periods);
  const counts = new Float64Array(periods);
  for (const [i, mean] of means.entries()) {
    const at = (i + offset) % periods;
    sums[at] = (sums[at] ?? 0) + (used[i + offset] ?? 0) - mean;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const seasons = sums.map((sum, at) => sum / (counts[at] ?? 1));
  const middle = seasons.reduce((sum, season) => sum + season, 0) / periods;
  return { ...line(means.slice(0, LEVEL_VALUES)), seasons: seasons.map((season) => season - middle) };
}

/** Means of a whole season around each value that has one; for an even length the two outer values count half. */
function centredMeans(series: readonly number[], periods: number): number[] {
  const half = Math.trunc(periods / 2);
  const outer = periods % 2 === 0 ? 0.5 : 1;
  const at = (index: number): number => series[index] ?? 0;
  let inner = 0;
  for (let i = 1; i < 2 * half; i += 1) inner += at(i);
  const means: number[] = [];
  for (let i = half; i + half < series.length; i += 1) {
    means.push((inner + outer * (at(i - half) + at(i + half))) / periods);
    inner += at(i + half) - at(i - half + 1);
  }
  return means;
}

/** Least squares through values at 1, 2, …: the level is at 0. */
function line(values: readonly number[]): { level: number; trend: number } {
  const count = values.length;
  const meanX = (count + 1) / 2;
  const meanY = values.reduce((sum, value) => sum + value, 0) / count;
  let covariance = 0;
  let variance = 0;
  for (const [i, value] of values.entries()) {
    covariance += (i + 1 - meanX) * (value - meanY);
    variance += (i + 1 - meanX) ** 2;
  }
  const trend = covariance / variance;
  return { level: meanY - trend * meanX, trend };
}
