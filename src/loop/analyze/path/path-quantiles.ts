import { FIRST_STEP } from './knot.ts';
import { mix } from './mix.ts';
import { createMixture, type Mixture, type Place } from './mixture.ts';
import { describeOrigin } from './origin.ts';
import { fromScaled } from './scaled.ts';
import { PATH_BIN_MS, PATH_LEVELS, shapeOfTier, type PathShape } from './path-shape.ts';
import type { PathForecaster } from './path-state.ts';

const mixture = createMixture();

/** When: so many seconds after the end of the newest complete bin, or at a time (ms since the epoch). */
export type PathMoment = { readonly horizonSeconds: number } | { readonly at: number };

/** A week: the slow forecast is for what is further. */
const MAX_BINS = 2016;

/**
 * Quantiles of the mean over the five minutes in which the moment lies, in the unit of the samples.
 * @param levels each from 0.025 to 0.99
 * @returns one for each level; undefined before an hour of values is known
 * @throws RangeError for a moment that is past or more than seven days ahead, and for a level outside
 */
export function pathQuantiles(
  forecaster: PathForecaster,
  moment: PathMoment,
  levels: readonly number[],
): number[] | undefined {
  checkLevels(levels);
  const mixed = mixAt(forecaster, moment);
  return mixed && levels.map((level) => fromScaled(forecaster, quantileAt(mixed.mixture.quantiles, level)));
}

/** One knot's forecast. */
export interface KnotForecast {
  readonly horizonSeconds: number;
  /** Start of the five minutes, ms since the epoch. */
  readonly at: number;
  /** One for each of `PATH_LEVELS`. */
  readonly quantiles: readonly number[];
}

/** The forecasts at the horizons that are learned; none before an hour of values is known. */
export function pathForecast(forecaster: PathForecaster): KnotForecast[] {
  return shapeOfTier(forecaster.tier).knots.flatMap((knot) => {
    const horizonSeconds = (knot * PATH_BIN_MS) / 1000;
    const quantiles = pathQuantiles(forecaster, { horizonSeconds }, PATH_LEVELS);
    if (quantiles === undefined) return [];
    return { horizonSeconds, at: (forecaster.newestBin + knot) * PATH_BIN_MS, quantiles };
  });
}

/** The mixture at a moment; it holds until the next call. @throws RangeError as `pathQuantiles` */
export function mixAt(
  forecaster: PathForecaster,
  moment: PathMoment,
): { readonly mixture: Mixture; readonly place: Place } | undefined {
  if (forecaster.known < FIRST_STEP || forecaster.step < FIRST_STEP) return undefined;
  const shape = shapeOfTier(forecaster.tier);
  const place = placeAt(shape, horizonOf(forecaster, moment));
  describeOrigin(forecaster, shape);
  mix(forecaster, shape, place, mixture);
  return { mixture, place };
}

function checkLevels(levels: readonly number[]): void {
  const [least, most] = [PATH_LEVELS[0], PATH_LEVELS.at(-1) ?? 1];
  const wrong = levels.find((level) => !(level >= least && level <= most));
  if (wrong !== undefined) throw new RangeError(`a level must be from ${least} to ${most}, found ${wrong}`);
}

/** In bins, at least one. */
function horizonOf({ newestBin }: PathForecaster, moment: PathMoment): number {
  const bins =
    'at' in moment
      ? Math.floor(moment.at / PATH_BIN_MS) - newestBin
      : Math.ceil((moment.horizonSeconds * 1000) / PATH_BIN_MS);
  if (bins >= 1 && bins <= MAX_BINS) return bins;
  throw new RangeError(
    `a moment must lie after the newest complete bin and at most ${MAX_BINS} bins of 5 minutes after it, found ${bins}`,
  );
}

/** The knots around a horizon; beyond the last one, the last. */
function placeAt({ knots }: PathShape, horizon: number): Place {
  const last = knots.length - 1;
  let high = 0;
  while (high < last && (knots[high] ?? 0) < horizon) high++;
  const far = knots[high] ?? 1;
  if (far <= horizon || high === 0) return { low: high, high, share: 0, horizon };
  const near = knots[high - 1] ?? 1;
  return { low: high - 1, high, share: (horizon - near) / (far - near), horizon };
}

/** Linear between the levels that are forecast. */
function quantileAt(quantiles: Float64Array, level: number): number {
  let high = 0;
  while ((PATH_LEVELS[high] ?? 1) < level) high++;
  const above = quantiles[high] ?? 0;
  const levelAbove = PATH_LEVELS[high] ?? 1;
  if (high === 0 || levelAbove === level) return above;
  const below = quantiles[high - 1] ?? 0;
  const levelBelow = PATH_LEVELS[high - 1] ?? 0;
  return below + ((level - levelBelow) / (levelAbove - levelBelow)) * (above - below);
}
