import {
  beginUsual,
  createSeasonProfile,
  learnUsual,
  usualAt,
  type SeasonProfile,
} from './season-profile.ts';

/**
 * One-step forecasts of a series by exponential smoothing, three at each rate: its level; a day's profile and a level
 * beside it; a week's and a level. What even the best of them did not expect, in its own usual error, is the surprise:
 * a series without seasons is not charged for a bad profile, and one with them not for a level that lags behind.
 */
export interface ResidualExperts {
  /** Shares of the newest error in the levels. */
  readonly rates: readonly number[];
  /** One for each rate, or one for all of them, which learns by the first. */
  readonly days: readonly SeasonProfile[];
  readonly weeks: readonly SeasonProfile[];
  /** For each rate those of level, day and week. NaN before the first value. */
  readonly levels: Float64Array;
  /**
   * Mean absolute errors: for each rate and expert over all, then for each part of the day, for what is quiet at night
   * may be loud at noon. Of errors that were clipped, so that one outlier makes no room for the next.
   */
  readonly sizes: Float32Array;
  /** Errors seen, up to 65,535, a row for each kind of expert: rates see the same points. */
  readonly counts: Uint16Array;
  readonly dayPoints: number;
  /** Length of a row: the day, then its parts. */
  readonly width: number;
  /** The last point, when in the day and in the week it was in points, and in which part of the day, from 1. */
  value: number;
  dayPhase: number;
  weekPhase: number;
  part: number;
  /** Its signed error in scales by the expert that it surprised least, and what that one expected. */
  z: number;
  expected: number;
}

export interface ResidualExpertsOptions {
  readonly rates: readonly number[];
  /** Points of the series in a day. */
  readonly dayPoints: number;
  readonly dayCells: number;
  readonly weekCells: number;
  /** Of the day, each with a scale of its own. */
  readonly parts: number;
  readonly sharedProfiles: boolean;
}

const LEVEL = 0;
const DAY = 1;
const WEEK = 2;
const KINDS = 3;
const DAY_RATE = 0.25;
const WEEK_RATE = 0.5;
/** Errors are clipped there, in scales, before anything learns from them. */
const CLIP = 4;
/** The first errors make the scale: clipping them would keep it small. */
const UNCLIPPED = 30;
/** Mean age of the errors in a scale. */
const SCALE_DAYS = 3;
const PART_SHARE = 0.75;
const MOST_COUNTED = 65_535;

export function createResidualExperts(options: ResidualExpertsOptions): ResidualExperts {
  const { rates, dayPoints, dayCells, weekCells, sharedProfiles } = options;
  const parts = Math.min(options.parts, dayPoints);
  const profiles = (days: number, cells: number, rate: number): SeasonProfile[] =>
    Array.from({ length: sharedProfiles ? 1 : rates.length }, () =>
      createSeasonProfile({ points: days * dayPoints, cells, rate }),
    );
  return {
    rates,
    days: profiles(1, dayCells, DAY_RATE),
    weeks: profiles(7, weekCells, WEEK_RATE),
    levels: new Float64Array(KINDS * rates.length).fill(NaN),
    sizes: new Float32Array(KINDS * rates.length * (parts + 1)),
    counts: new Uint16Array(KINDS * (parts + 1)),
    dayPoints,
    width: parts + 1,
    value: NaN,
    dayPhase: 0,
    weekPhase: 0,
    part: 0,
    z: 0,
    expected: NaN,
  };
}

/** Judges a finite value by what was known before it, then learns it; leaves `z` and `expected`. */
export function observeResidual(experts: ResidualExperts, value: number, slot: number): void {
  const { rates, days, weeks, levels, dayPoints, width } = experts;
  if (Number.isNaN(levels[LEVEL])) begin(experts, value);
  experts.value = value;
  experts.weekPhase = slot % (7 * dayPoints);
  experts.dayPhase = experts.weekPhase % dayPoints;
  experts.part = 1 + Math.trunc((experts.dayPhase * (width - 1)) / dayPoints);
  experts.z = Infinity;
  for (let rate = 0; rate < rates.length; rate++) judge(experts, rate, LEVEL, 0);
  const hasDay = judgeSeason(experts, DAY, days, experts.dayPhase);
  const hasWeek = judgeSeason(experts, WEEK, weeks, experts.weekPhase);
  count(experts, LEVEL);
  if (hasDay) count(experts, DAY);
  if (hasWeek) count(experts, WEEK);
}

function begin({ levels }: ResidualExperts, value: number): void {
  levels.fill(0);
  for (let level = LEVEL; level < levels.length; level += KINDS) levels[level] = value;
}

/** Whether there was something usual to judge by. */
function judgeSeason(
  experts: ResidualExperts,
  kind: number,
  profiles: readonly SeasonProfile[],
  phase: number,
): boolean {
  let seen = false;
  for (let index = 0; index < profiles.length; index++) {
    const profile = profiles[index];
    if (profile === undefined) continue;
    const usual = usualAt(profile, phase);
    if (Number.isNaN(usual)) {
      beginUsual(profile, phase, experts.value);
      continue;
    }
    seen = true;
    const last = profiles.length === 1 ? experts.rates.length - 1 : index;
    for (let rate = last; rate > index; rate--) judge(experts, rate, kind, usual);
    const error = judge(experts, index, kind, usual);
    learnUsual(profile, phase, error + (experts.levels[index * KINDS + kind] ?? 0));
  }
  return seen;
}

/** Moves the level of an expert and its scales. @returns its error, clipped */
function judge(experts: ResidualExperts, rate: number, kind: number, usual: number): number {
  const { levels, sizes, counts, rates, width, dayPoints } = experts;
  const expert = rate * KINDS + kind;
  const seen = counts[kind * width] ?? 0;
  const level = levels[expert] ?? 0;
  const error = experts.value - (usual + level);
  const scale = scaleOf(experts, expert * width, kind * width);
  const z = scale > 0 ? error / scale : 0;
  if ((kind === LEVEL || seen >= dayPoints) && Math.abs(z) < Math.abs(experts.z)) {
    experts.z = z;
    experts.expected = usual + level;
  }
  const limit = CLIP * Math.max(scale, 0.5 * (sizes[expert * width] ?? 0));
  const clipped = seen > UNCLIPPED && limit > 0 ? Math.min(limit, Math.max(-limit, error)) : error;
  learnScale(experts, expert * width, kind * width, Math.abs(clipped));
  const share = rates[rate] ?? 0;
  levels[expert] = level + (kind === LEVEL ? Math.max(share, 1 / (seen + 1)) : share) * clipped;
  return clipped;
}

/** Usual error at this part of the day; 0 while there was none at all. @param row of sizes @param counted row of counts */
function scaleOf(experts: ResidualExperts, row: number, counted: number): number {
  const { sizes, counts, width, part, dayPoints } = experts;
  const overall = sizes[row] ?? 0;
  // Half a visit's worth of points says enough of a part.
  if (2 * (counts[counted + part] ?? 0) * (width - 1) <= dayPoints) return overall;
  return PART_SHARE * (sizes[row + part] ?? 0) + (1 - PART_SHARE) * overall;
}

function learnScale(experts: ResidualExperts, row: number, counted: number, size: number): void {
  const { sizes, counts, width, part, dayPoints } = experts;
  const slowest = 1 / (SCALE_DAYS * dayPoints);
  const overall = sizes[row] ?? 0;
  sizes[row] = overall + Math.max(1 / ((counts[counted] ?? 0) + 1), slowest) * (size - overall);
  const rate = Math.max(1 / ((counts[counted + part] ?? 0) + 1), slowest * (width - 1));
  const there = sizes[row + part] ?? 0;
  sizes[row + part] = there + rate * (size - there);
}

function count({ counts, width, part }: ResidualExperts, kind: number): void {
  const first = kind * width;
  counts[first] = Math.min(MOST_COUNTED, (counts[first] ?? 0) + 1);
  counts[first + part] = Math.min(MOST_COUNTED, (counts[first + part] ?? 0) + 1);
}
