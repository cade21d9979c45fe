import { daySetAt, fillPhase, hoursSetAt } from './climatology.ts';
import { predictLeastSquares } from './least-squares.ts';
import {
  DAY,
  HOURS,
  LAST,
  LEVEL_COUNT,
  MEDIAN,
  PATH_BINS_PER_DAY,
  PATH_EXPERTS,
  PHASE,
  POINT_EXPERTS,
  PROFILE,
  REGRESSION,
  SMOOTHED,
  WEEK,
  YESTERDAY,
  type PathShape,
} from './path-shape.ts';
import { meanBack, valueBack, type PathForecaster } from './path-state.ts';

/** Daily patterns are used from here on: a day, and the bins around one of it. */
const SEASON_STEPS = PATH_BINS_PER_DAY + 6;
export const WEEK_BINS = 7 * PATH_BINS_PER_DAY;
/** Weekly ones: a week, the bins around, and a few hours of them. */
const WEEK_STEPS = WEEK_BINS + 6;

/** A horizon between two knots, or at one: then both are it and `share` is 0. */
export interface Place {
  readonly low: number;
  readonly high: number;
  /** How far from low to high, 0 … 1. */
  readonly share: number;
  /** Bins ahead of the newest. */
  readonly horizon: number;
}

/** What one forecast is made of, in scaled units. Filled anew by each call; nothing outlives it. */
export interface Mixture {
  scale: number;
  /** Bit e: the expert with index e takes part. */
  awake: number;
  readonly features: Float64Array;
  /** Of the point experts, by index. */
  readonly points: Float64Array;
  /** Quantiles of expert e from e · LEVEL_COUNT. */
  readonly expertQuantiles: Float64Array;
  /** Before the learned offset, and after it, sorted and within bounds. */
  readonly pooled: Float64Array;
  readonly quantiles: Float64Array;
}

export function createMixture(): Mixture {
  return {
    scale: 0,
    awake: 0,
    features: new Float64Array(16),
    points: new Float64Array(POINT_EXPERTS),
    expertQuantiles: new Float64Array(PATH_EXPERTS.length * LEVEL_COUNT),
    pooled: new Float64Array(LEVEL_COUNT),
    quantiles: new Float64Array(LEVEL_COUNT),
  };
}

/** What all horizons of one origin share. */
interface Origin {
  season: boolean;
  week: boolean;
  profileNow: number;
  weekNow: number;
  previous: number;
  /** Mean of the last hour. */
  hour: number;
  /** Keeps ratios to the profile finite near zero. */
  epsilon: number;
}

const origin: Origin = {
  season: false,
  week: false,
  profileNow: 0,
  weekNow: 0,
  previous: 0,
  hour: 0,
  epsilon: 0,
};
/** Inputs of the regression that both tiers have; then yesterday, three hourly ones, and the weekly two. */
const COMMON_FEATURES = 6;
export const YESTERDAY_FEATURE = 6;
export const WEEKLY = 10;

const profileQuantiles = new Float64Array(LEVEL_COUNT);
const phaseQuantiles = new Float64Array(LEVEL_COUNT);

/** Before the forecasts of one step. */
export function describeOrigin(forecaster: PathForecaster, shape: PathShape): void {
  const { step, level, newest, mean } = forecaster;
  origin.season = step >= SEASON_STEPS;
  origin.profileNow = origin.season ? profileAt(forecaster, shape, 0) : level;
  const known = step >= WEEK_STEPS && ((shape.mask >> WEEK) & 1) === 1;
  origin.weekNow = known ? meanBack(forecaster, shape, WEEK_BINS - 3, WEEK_BINS + 3) : NaN;
  origin.week = !Number.isNaN(origin.weekNow);
  const previous = valueBack(forecaster, shape, 1);
  origin.previous = Number.isNaN(previous) ? newest : previous;
  origin.hour = knownOr(meanBack(forecaster, shape, 0, HOUR_BINS - 1), level);
  origin.epsilon = 1e-3 * Math.abs(mean) + 1e-12;
}

/** The daily profile, mean of seven bins around a bin `ahead` of the newest; the level where none is known. */
function profileAt(forecaster: PathForecaster, shape: PathShape, ahead: number): number {
  const { slab, newestBin, level } = forecaster;
  if (shape.profileBins === 0) return blockProfile(forecaster, shape, ahead);
  const { at } = shape;
  let phase = (newestBin + ahead - 3) % PATH_BINS_PER_DAY;
  if (phase < 0) phase += PATH_BINS_PER_DAY;
  let sum = 0;
  let known = 0;
  for (let j = 0; j < 7; j++) {
    const value = slab[at.profile + phase] ?? 0;
    if (value === value) {
      sum += value;
      known++;
    }
    if (++phase === PATH_BINS_PER_DAY) phase = 0;
  }
  return known === 0 ? level : sum / known;
}

/** Where no profile is kept: the median of the week's blocks at that time of day. */
function blockProfile(forecaster: PathForecaster, shape: PathShape, ahead: number): number {
  return fillPhase(forecaster, shape, -ahead, profileQuantiles)
    ? (profileQuantiles[MEDIAN] ?? 0)
    : forecaster.level;
}

/** Mean error to expect: short horizons follow the last hour, long ones the last days. */
export function errorScale({ fastError, slowError, mean }: PathForecaster, horizon: number): number {
  const share = 0.6 * Math.exp(-horizon / 72);
  const slow = slowError + 1e-9;
  const ratio = (fastError + 1e-9 + 0.02 * slowError) / slow;
  return slow * ratio ** share + 1e-6 * Math.abs(mean) + 1e-9;
}

/** All of a forecast at `place`; `describeOrigin` was called for this step. */
export function mix(forecaster: PathForecaster, shape: PathShape, place: Place, out: Mixture): void {
  out.scale = errorScale(forecaster, place.horizon);
  const phased =
    origin.season &&
    ((shape.mask >> PHASE) & 1) === 1 &&
    fillPhase(forecaster, shape, -place.horizon, phaseQuantiles);
  const profile = profileFor(forecaster, shape, place.horizon, phased);
  fillPoints(forecaster, shape, place, { profile, out });
  if (phased) out.awake |= 1 << PHASE;
  fillExpertQuantiles(forecaster, shape, place, out);
  const { slab, step } = forecaster;
  fillDirect(slab, out, daySetAt(shape, step), hoursSetAt(shape, step, place.horizon));
  pool(forecaster, shape, place, out);
  finish(forecaster, shape, place, out);
}

/** The profile `ahead` bins from now; where none is kept, the median of this time of day, which was filled just now. */
function profileFor(forecaster: PathForecaster, shape: PathShape, ahead: number, phased: boolean): number {
  if (!origin.season) return forecaster.level;
  if (shape.profileBins > 0) return profileAt(forecaster, shape, ahead);
  return phased ? (phaseQuantiles[MEDIAN] ?? 0) : forecaster.level;
}

function fillPoints(
  forecaster: PathForecaster,
  shape: PathShape,
  place: Place,
  { profile, out }: { profile: number; out: Mixture },
): void {
  const { newest: z, level, slowLevel } = forecaster;
  const { horizon } = place;
  const { features, points, scale } = out;
  let awake = (1 << LAST) | (1 << SMOOTHED) | (1 << REGRESSION) | (1 << DAY) | (1 << HOURS);
  if (origin.season) awake |= (1 << YESTERDAY) | (1 << PROFILE);
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
  if (((shape.mask >> YESTERDAY) & 1) === 1) {
    points[YESTERDAY] = yesterdayAt(forecaster, shape, horizon, profile);
    features[YESTERDAY_FEATURE] = ((points[YESTERDAY] ?? 0) - z) / scale;
  }
  if (shape.features > COMMON_FEATURES) fillHourly(forecaster, shape, horizon, out);
  if (((shape.mask >> WEEK) & 1) === 1) awake |= fillWeek(forecaster, shape, place, out);
  points[REGRESSION] = z + scale * regressionAt(forecaster, shape, place, features);
  const ratio = (level + origin.epsilon) / (origin.profileNow + origin.epsilon);
  points[PROFILE] = profile * Math.min(3, Math.max(1 / 3, ratio)) ** trustAt(forecaster, shape, place, 0);
  out.awake = awake;
}

/** The same time a day ago, mean of three bins; the profile where they are unknown. */
function yesterdayAt(forecaster: PathForecaster, shape: PathShape, horizon: number, profile: number): number {
  if (!origin.season) return forecaster.level;
  const back = Math.ceil(horizon / PATH_BINS_PER_DAY) * PATH_BINS_PER_DAY - horizon;
  const mean = meanBack(forecaster, shape, back - 1, back + 1);
  return Number.isNaN(mean) ? profile : mean;
}

const HOUR_BINS = 12;

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

function knownOr(value: number, otherwise: number): number {
  return value === value ? value : otherwise;
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

function regressionAt(
  { precise }: PathForecaster,
  { features: size, preciseSize }: PathShape,
  { low, high, share }: Place,
  features: Float64Array,
): number {
  const near = predictLeastSquares({ values: precise, from: low * preciseSize, size }, features, 0);
  if (share === 0) return near;
  const far = predictLeastSquares({ values: precise, from: high * preciseSize, size }, features, 0);
  return near + share * (far - near);
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

/** Point experts: their points and the quantiles of their past errors. */
export function fillExpertQuantiles(
  { slab }: PathForecaster,
  { experts, rings, at }: PathShape,
  { low, high, share }: Place,
  { awake, points, scale, expertQuantiles }: Mixture,
): void {
  for (let e = 0; e < rings; e++) {
    const expert = experts[e] ?? 0;
    if (((awake >> expert) & 1) === 0) continue;
    const point = points[expert] ?? 0;
    const near = at.ringQuantiles + (low * rings + e) * LEVEL_COUNT;
    const far = at.ringQuantiles + (high * rings + e) * LEVEL_COUNT;
    const out = expert * LEVEL_COUNT;
    for (let i = 0; i < LEVEL_COUNT; i++) {
      const error = slab[near + i] ?? 0;
      expertQuantiles[out + i] =
        point + scale * (share === 0 ? error : error + share * ((slab[far + i] ?? 0) - error));
    }
  }
}

/** Direct experts; the quantiles of this time of day are where `phaseScratch` left them. */
export function fillDirect(
  slab: Float32Array,
  { awake, expertQuantiles }: Mixture,
  day: number,
  hours: number,
): void {
  const phaseAwake = ((awake >> PHASE) & 1) === 1;
  for (let i = 0; i < LEVEL_COUNT; i++) {
    expertQuantiles[DAY * LEVEL_COUNT + i] = slab[day + i] ?? 0;
    expertQuantiles[HOURS * LEVEL_COUNT + i] = slab[hours + i] ?? 0;
    if (phaseAwake) expertQuantiles[PHASE * LEVEL_COUNT + i] = phaseQuantiles[i] ?? 0;
  }
}

/** For scoring: the quantiles of the newest bin's time of day, as all origins knew them. */
export function fillPhaseOfNewest(forecaster: PathForecaster, shape: PathShape): boolean {
  return ((shape.mask >> PHASE) & 1) === 1 && fillPhase(forecaster, shape, 0, phaseQuantiles);
}

/** Weighted mean of the awake experts' quantiles, level by level. */
export function pool(forecaster: PathForecaster, shape: PathShape, place: Place, mixture: Mixture): void {
  for (let group = 0; group < shape.groups; group++) poolGroup(forecaster, shape, place, { group, mixture });
}

function poolGroup(
  { slab }: PathForecaster,
  { experts, groups, groupFrom, at }: PathShape,
  place: Place,
  { group, mixture }: { group: number; mixture: Mixture },
): void {
  const { awake, expertQuantiles, pooled } = mixture;
  const count = experts.length;
  const near = at.weights + (place.low * groups + group) * count;
  const far = at.weights + (place.high * groups + group) * count;
  const from = groupFrom[group] ?? 0;
  const to = groupFrom[group + 1] ?? 0;
  let sum = 0;
  for (let i = from; i < to; i++) pooled[i] = 0;
  for (let e = 0; e < count; e++) {
    const expert = experts[e] ?? 0;
    if (((awake >> expert) & 1) === 0) continue;
    let weight = slab[near + e] ?? 0;
    if (place.share > 0) weight += place.share * ((slab[far + e] ?? 0) - weight);
    sum += weight;
    addScaled(pooled, expertQuantiles, expert * LEVEL_COUNT, { from, to, weight });
  }
  for (let i = from; i < to; i++) pooled[i] = (pooled[i] ?? 0) / sum;
}

function addScaled(
  sum: Float64Array,
  values: Float64Array,
  at: number,
  { from, to, weight }: { from: number; to: number; weight: number },
): void {
  for (let i = from; i < to; i++) sum[i] = (sum[i] ?? 0) + weight * (values[at + i] ?? 0);
}

/** Demand may exceed its record, but hardly more than twice: asinh(2x) − asinh(x) → 0.69. */
const BEYOND_RECORD = 0.7;

/** Learned offsets, the width after a revision, bounds, and no crossing of levels. */
function finish(forecaster: PathForecaster, { at }: PathShape, place: Place, out: Mixture): void {
  const { slab, widening } = forecaster;
  const { pooled, quantiles, scale } = out;
  const near = at.offsets + place.low * LEVEL_COUNT;
  const far = at.offsets + place.high * LEVEL_COUNT;
  for (let i = 0; i < LEVEL_COUNT; i++) {
    let offset = slab[near + i] ?? 0;
    if (place.share > 0) offset += place.share * ((slab[far + i] ?? 0) - offset);
    quantiles[i] = (pooled[i] ?? 0) + offset * scale;
  }
  const median = quantiles[MEDIAN] ?? 0;
  const most = forecaster.record + BEYOND_RECORD;
  let before = 0;
  for (let i = 0; i < LEVEL_COUNT; i++) {
    const quantile = quantiles[i] ?? 0;
    before = Math.max(before, Math.min(most, quantile + widening * (quantile - median)));
    quantiles[i] = before;
  }
}
