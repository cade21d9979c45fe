import { predictLeastSquares } from './least-squares.ts';
import type { Mixture, Place } from './mixture.ts';
import { HOUR_BINS, knownOr, origin, profileAt, WEEK_BINS } from './origin.ts';
import {
  HOURS,
  LAST,
  LEVEL_COUNT,
  MEDIAN,
  PATH_BINS_PER_DAY,
  PHASE,
  PROFILE,
  REGRESSION,
  SHIFTED,
  SMOOTHED,
  WEEK,
  YESTERDAY,
  type PathShape,
} from './path-shape.ts';
import { meanBack, valueBack, type PathForecaster } from './path-state.ts';
import { fillPhase, fillShifted } from './time-of-day.ts';

/** Inputs of the regression that both tiers have; then yesterday, three hourly ones, the weekly two, and the shifted median. */
const COMMON_FEATURES = 6;
export const YESTERDAY_FEATURE = 6;
export const WEEKLY = 10;
const SHIFTED_FEATURE = 12;

const phaseQuantiles = new Float64Array(LEVEL_COUNT);
const shiftedQuantiles = new Float64Array(LEVEL_COUNT);

/** All experts' points, the direct ones' quantiles of the time of day, and who is awake; `describeOrigin` was called for this step. */
export function consultExperts(
  forecaster: PathForecaster,
  shape: PathShape,
  place: Place,
  out: Mixture,
): void {
  const phased = consultTimeOfDay(forecaster, shape, place, out);
  const profile = profileFor(forecaster, shape, place.horizon, phased);
  fillLevels(forecaster, profile, out);
  let awake = (1 << LAST) | (1 << SMOOTHED) | (1 << REGRESSION) | (1 << HOURS);
  if (origin.season) awake |= (1 << YESTERDAY) | (1 << PROFILE);
  if (phased) awake |= (1 << PHASE) | (1 << SHIFTED);
  if (shape.features > COMMON_FEATURES) {
    fillYesterday(forecaster, shape, place.horizon, { profile, out });
    fillHourly(forecaster, shape, place.horizon, out);
    awake |= fillWeek(forecaster, shape, place, out);
    out.features[SHIFTED_FEATURE] = phased
      ? ((shiftedQuantiles[MEDIAN] ?? 0) - forecaster.newest) / out.scale
      : 0;
  }
  fillRegression(forecaster, shape, place, out);
  const { level } = forecaster;
  const ratio = (level + origin.epsilon) / (origin.profileNow + origin.epsilon);
  const trust = trustAt(forecaster, shape, place, 0);
  out.points[PROFILE] = profile * Math.min(3, Math.max(1 / 3, ratio)) ** trust;
  out.awake = awake & shape.mask & ~forecaster.leftOut;
}

/** False while this time of day is not known. */
function consultTimeOfDay(
  forecaster: PathForecaster,
  shape: PathShape,
  place: Place,
  { expertQuantiles }: Mixture,
): boolean {
  if (!origin.season || !fillPhase(forecaster, shape, -place.horizon, phaseQuantiles)) return false;
  expertQuantiles.set(phaseQuantiles, PHASE * LEVEL_COUNT);
  if (((shape.mask >> SHIFTED) & 1) === 0) return true;
  fillShifted(origin.distances, trustAt(forecaster, shape, place, 0), shiftedQuantiles);
  expertQuantiles.set(shiftedQuantiles, SHIFTED * LEVEL_COUNT);
  return true;
}

/** The profile `ahead` bins from now; where none is kept, the median of this time of day, which was filled just now. */
function profileFor(forecaster: PathForecaster, shape: PathShape, ahead: number, phased: boolean): number {
  if (!origin.season) return forecaster.level;
  if (shape.profileBins > 0) return profileAt(forecaster, shape, ahead);
  return phased ? (phaseQuantiles[MEDIAN] ?? 0) : forecaster.level;
}

function fillLevels(
  { newest: z, level, slowLevel }: PathForecaster,
  profile: number,
  { features, points, scale }: Mixture,
): void {
  features[0] = 0.3;
  features[1] = (level - origin.profileNow) / scale;
  features[2] = (profile - z) / scale;
  features[3] = (level - z) / scale;
  features[4] = (slowLevel - z) / scale;
  features[5] = (origin.previous - z) / scale;
  // What does not take part is 0, and not what the last call left.
  points.fill(0);
  points[LAST] = z;
  points[SMOOTHED] = level;
}

/** The same time a day ago, mean of three bins; the profile where they are unknown. */
function fillYesterday(
  forecaster: PathForecaster,
  shape: PathShape,
  horizon: number,
  { profile, out }: { profile: number; out: Mixture },
): void {
  let point = forecaster.level;
  if (origin.season) {
    const back = Math.ceil(horizon / PATH_BINS_PER_DAY) * PATH_BINS_PER_DAY - horizon;
    point = knownOr(meanBack(forecaster, shape, back - 1, back + 1), profile);
  }
  out.points[YESTERDAY] = point;
  out.features[YESTERDAY_FEATURE] = (point - forecaster.newest) / out.scale;
}

/** The same minute of the last two hours, the mean of the last hour, and the value before the previous. */
function fillHourly(forecaster: PathForecaster, shape: PathShape, horizon: number, out: Mixture): void {
  const { features, scale } = out;
  const z = forecaster.newest;
  const back = Math.ceil(horizon / HOUR_BINS) * HOUR_BINS - horizon;
  const one = knownOr(valueBack(forecaster, shape, back), z);
  const two = knownOr(valueBack(forecaster, shape, back + HOUR_BINS), one);
  features[7] = ((one + two) / 2 - z) / scale;
  features[8] = (origin.hour - z) / scale;
  features[9] = (knownOr(valueBack(forecaster, shape, 2), z) - z) / scale;
}

function fillWeek(forecaster: PathForecaster, shape: PathShape, place: Place, out: Mixture): number {
  const { features, points, scale } = out;
  features[WEEKLY] = 0;
  features[WEEKLY + 1] = 0;
  if (!origin.week || place.horizon > WEEK_BINS) return 0;
  const back = WEEK_BINS - place.horizon;
  const then = meanBack(forecaster, shape, back - 2, back + 2);
  if (Number.isNaN(then)) return 0;
  const distance = forecaster.level - origin.weekNow;
  features[WEEKLY] = distance / scale;
  features[WEEKLY + 1] = (then - forecaster.newest) / scale;
  points[WEEK] = then + trustAt(forecaster, shape, place, 2) * distance;
  return 1 << WEEK;
}

function fillRegression(
  { precise, newest }: PathForecaster,
  { features: size, preciseSize }: PathShape,
  { low, high, share }: Place,
  { features, points, scale }: Mixture,
): void {
  let change = predictLeastSquares({ values: precise, from: low * preciseSize, size }, features, 0);
  if (share > 0) {
    const far = predictLeastSquares({ values: precise, from: high * preciseSize, size }, features, 0);
    change += share * (far - change);
  }
  points[REGRESSION] = newest + scale * change;
}

/** How much of today's distance from the profile (0) or from last week (2) is still there at the horizon, 0 … 1. */
function trustAt(
  { slab }: PathForecaster,
  { at }: PathShape,
  { low, high, share }: Place,
  which: 0 | 2,
): number {
  const near = trustOf(slab, at.trust + 4 * low + which);
  return share === 0 ? near : near + share * (trustOf(slab, at.trust + 4 * high + which) - near);
}

function trustOf(slab: Float32Array, from: number): number {
  return Math.min(1, Math.max(0, (slab[from + 1] ?? 0) / ((slab[from] ?? 0) + 1e-9)));
}
