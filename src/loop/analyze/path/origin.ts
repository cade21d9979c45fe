import { LEVEL_COUNT, MEDIAN, PATH_BINS_PER_DAY, SHIFTED, WEEK, type PathShape } from './path-shape.ts';
import { meanBack, valueBack, type PathForecaster } from './path-state.ts';
import { createDayDistances, fillDayDistances, fillPhase, type DayDistances } from './time-of-day.ts';

/** Daily patterns are used from here on: a day, and the bins around one of it. */
const SEASON_STEPS = PATH_BINS_PER_DAY + 6;
export const WEEK_BINS = 7 * PATH_BINS_PER_DAY;
/** Weekly ones: a week, the bins around, and a few hours of them. */
const WEEK_STEPS = WEEK_BINS + 6;
export const HOUR_BINS = 12;

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
  /** From the level of each day before. */
  readonly distances: DayDistances;
}

export const origin: Origin = {
  season: false,
  week: false,
  profileNow: 0,
  weekNow: 0,
  previous: 0,
  hour: 0,
  epsilon: 0,
  distances: createDayDistances(),
};

const profileQuantiles = new Float64Array(LEVEL_COUNT);

/** Before the forecasts of one step. */
export function describeOrigin(forecaster: PathForecaster, shape: PathShape): void {
  const { step, level, newest, mean } = forecaster;
  origin.season = step >= SEASON_STEPS;
  origin.profileNow = origin.season ? profileAt(forecaster, shape, 0) : level;
  const known = step >= WEEK_STEPS && ((shape.mask >> WEEK) & 1) === 1;
  origin.weekNow = known ? meanBack(forecaster, shape, WEEK_BINS - 3, WEEK_BINS + 3) : NaN;
  origin.week = !Number.isNaN(origin.weekNow);
  origin.previous = knownOr(valueBack(forecaster, shape, 1), newest);
  origin.hour = knownOr(meanBack(forecaster, shape, 0, HOUR_BINS - 1), level);
  origin.epsilon = 1e-3 * Math.abs(mean) + 1e-12;
  if (origin.season && ((shape.mask >> SHIFTED) & 1) === 1)
    fillDayDistances(forecaster, shape, origin.distances);
}

export function knownOr(value: number, otherwise: number): number {
  return value === value ? value : otherwise;
}

/** The daily profile, mean of seven bins around a bin `ahead` of the newest; the level where none is known. */
export function profileAt(forecaster: PathForecaster, shape: PathShape, ahead: number): number {
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
