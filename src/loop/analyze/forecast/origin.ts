import { windowMax, type DemandSeries } from '../../monitor/series.ts';
import { blendOf } from './horizons.ts';
import type { LevelState } from './level.ts';
import { expectedIncrement, NO_INCREMENT, seasonIncrement, type SeasonIncrement } from './season.ts';

/** What is known at the moment a forecast is made, as the experts see it. Reused from minute to minute. */
export interface Origin {
  /** Demand now, the value that persistence would forecast. */
  x: number;
  /** Expected seasonal rise above `x` within the window; negative when a fall is expected. */
  season: number;
  increment: SeasonIncrement;
  /** Size of an ordinary error here: experts work in multiples of it, so that the unit does not matter. */
  sigma: number;
  /** Scale of the whole last day, which does not follow the moment as `sigma` does. */
  dayScale: number;
  /** Inputs of the linear experts, in multiples of `sigma`; the first is a constant. */
  readonly features: Float64Array;
}

export interface OriginRequest {
  readonly bin: number;
  readonly x: number;
  /** Whole minutes of the window, for the season. */
  readonly minutes: number;
  /** Length of the window for the scale of its errors; may have a fraction. */
  readonly length: number;
  readonly dailyTrust: number;
  readonly weeklyTrust: number;
}

export const FEATURES = 8;

/**
 * A feature is clipped here. In a quiet hour the weights learn that what goes up comes down again; a real rise is
 * hundreds of sigmas, and unclipped the forecast would pull it back by as many. 4 to 20 are level on measured series.
 */
const FEATURE_LIMIT = 4;

/** Weight of the constant; small, so that the quantile regression's first step is one of 0.3 sigma. */
const CONSTANT = 0.3;

/**
 * How much the scale follows the last minutes rather than the last day: less for longer windows. Measured on 2, 5
 * and 15 minutes; the ends continue the line.
 */
const CALM_EXPONENT = [0.7, 0.6, 0.45, 0.3, 0.1] as const;

/** Share of the difference between earlier days that counts as error of the season. */
const SPREAD_SHARE = 0.2;

export function createOrigin(): Origin {
  return {
    x: 0,
    season: 0,
    increment: NO_INCREMENT,
    sigma: 0,
    dayScale: 0,
    features: new Float64Array(FEATURES),
  };
}

/** Looks at the series from `bin`, whose demand is `x` and which `level` has already taken in; fills `origin`. */
export function describeOrigin(
  origin: Origin,
  series: DemandSeries,
  level: LevelState,
  request: OriginRequest,
): void {
  const { bin, x, minutes } = request;
  const increment = seasonIncrement(series, bin, minutes);
  const season = expectedIncrement(increment, request.dailyTrust, request.weeklyTrust);
  const base = errorScale(level, request.length);
  const seasonError = SPREAD_SHARE * request.dailyTrust * increment.spread;
  const sigma = Math.sqrt(base * base + seasonError * seasonError);
  origin.x = x;
  origin.season = season;
  origin.increment = increment;
  origin.sigma = sigma;
  origin.dayScale = level.swingDay + floorOf(level);
  const { features } = origin;
  features[0] = CONSTANT;
  features[1] = scaled(level.fast - x, sigma);
  features[2] = scaled(level.slow - x, sigma);
  features[3] = scaled(Math.max(0, windowMax(series, bin - minutes + 1, bin - 1) - x), sigma);
  features[4] = scaled(Math.max(0, windowMax(series, bin - 14, bin - 1) - x), sigma);
  features[5] = Number.isNaN(increment.daily) ? 0 : scaled(increment.daily, sigma);
  features[6] = scaled(season, sigma);
  features[7] = scaled(level.swing, sigma);
}

function scaled(value: number, sigma: number): number {
  const sigmas = value / sigma;
  if (sigmas > FEATURE_LIMIT) return FEATURE_LIMIT;
  return sigmas < -FEATURE_LIMIT ? -FEATURE_LIMIT : sigmas;
}

function errorScale(level: LevelState, length: number): number {
  const { lower, upper, share } = blendOf(length);
  const low = CALM_EXPONENT[lower] ?? 0;
  const exponent = low + share * ((CALM_EXPONENT[upper] ?? low) - low);
  const { swing, swingDay } = level;
  if (swingDay === 0) return floorOf(level);
  // Geometric mean of now and the day: now^exponent · day^(1 - exponent).
  return swingDay * (swing / swingDay + 0.05) ** exponent + floorOf(level);
}

/** A constant series has no errors; a millionth of its level keeps divisions meaningful. */
function floorOf(level: LevelState): number {
  return 1e-6 * level.slow + 1e-12;
}
