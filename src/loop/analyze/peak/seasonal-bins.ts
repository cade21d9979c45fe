import { BINS_PER_DAY } from './bins.ts';

const DAYS = 7;

/**
 * What the last seven days had at the times of day that come next. Bins are kept smoothed (mean of three), so that a
 * peak that came 15 s earlier yesterday still counts; the same phase of all days lies side by side.
 */
export interface SeasonalBins {
  /** Place of a bin: phase of the day × 7 + day modulo 7. Float32: seven digits are more than any season repeats. */
  readonly days: Float32Array;
  /** How far ahead of the newest bin the season is looked up, in bins. */
  readonly reach: number;
  /** By bin number, from the newest bin to `reach` ahead: the median of all days, one day ago, seven days ago; NaN if unknown. */
  readonly profile: Float64Array;
  readonly yesterday: Float64Array;
  readonly lastWeek: Float64Array;
  /** The last bin that has been looked up. */
  lookedUpTo: number;
}

export function createSeasonalBins(reach: number): SeasonalBins {
  if (!Number.isSafeInteger(reach) || reach < 0 || reach >= BINS_PER_DAY - 1) {
    throw new RangeError(
      `the season is looked up for 0 … ${BINS_PER_DAY - 2} bins ahead, found ${reach}: use a shorter window`,
    );
  }
  const places = 2 ** Math.ceil(Math.log2(reach + 1));
  return {
    days: new Float32Array(DAYS * BINS_PER_DAY).fill(NaN),
    reach,
    profile: new Float64Array(places).fill(NaN),
    yesterday: new Float64Array(places).fill(NaN),
    lastWeek: new Float64Array(places).fill(NaN),
    lookedUpTo: -Infinity,
  };
}

/** Stores the smoothed value of `bin` (NaN when unknown), each bin once and in order. */
export function storeSeasonal(seasonal: SeasonalBins, bin: number, smoothed: number): void {
  seasonal.days[placeOf(bin, dayOf(bin))] = smoothed;
}

/** Looks up what is missing until `reach` bins after `newest`; bins up to `newest - 1` have been stored. */
export function lookAhead(seasonal: SeasonalBins, newest: number): void {
  const to = newest + seasonal.reach;
  const mask = seasonal.profile.length - 1;
  for (let bin = Math.max(newest, seasonal.lookedUpTo + 1); bin <= to; bin++) {
    const day = dayOf(bin);
    seasonal.profile[bin & mask] = medianOfDays(seasonal.days, placeOf(bin, 0));
    seasonal.yesterday[bin & mask] = seasonal.days[placeOf(bin, day - 1)] ?? NaN;
    // Its place still holds the value of a week ago: it is overwritten when the bin itself is stored.
    seasonal.lastWeek[bin & mask] = seasonal.days[placeOf(bin, day)] ?? NaN;
  }
  seasonal.lookedUpTo = to;
}

/** The value of a looked-up `bin` in one of the three. */
export function seasonalAt(values: Float64Array, bin: number): number {
  return values[bin & (values.length - 1)] ?? NaN;
}

/** The largest known value of the looked-up bins `from … to`; NaN when none is known. */
export function seasonalMax(values: Float64Array, from: number, to: number): number {
  const mask = values.length - 1;
  let max = -Infinity;
  for (let bin = from; bin <= to; bin++) {
    const value = values[bin & mask] ?? NaN;
    if (value > max) max = value;
  }
  return max === -Infinity ? NaN : max;
}

/** Forgets everything: after a gap of a week nothing is left that is not older. */
export function clearSeasonal(seasonal: SeasonalBins): void {
  seasonal.days.fill(NaN);
  seasonal.lookedUpTo = -Infinity;
}

function dayOf(bin: number): number {
  return Math.floor(bin / BINS_PER_DAY);
}

function placeOf(bin: number, day: number): number {
  return modulo(bin, BINS_PER_DAY) * DAYS + modulo(day, DAYS);
}

/** Never negative, so that a clock before 1970 or a count from 0 finds its place, too. */
function modulo(value: number, divisor: number): number {
  const rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}

/** Never read before it is written. */
const SORTED = new Float64Array(DAYS);

/** The median of the known ones among seven neighbours; NaN when there is none. */
function medianOfDays(days: Float32Array, place: number): number {
  let known = 0;
  for (let day = 0; day < DAYS; day++) {
    const value = days[place + day] ?? NaN;
    if (Number.isNaN(value)) continue;
    let at = known++;
    while (at > 0 && (SORTED[at - 1] ?? 0) > value) {
      SORTED[at] = SORTED[at - 1] ?? 0;
      at--;
    }
    SORTED[at] = value;
  }
  if (known === 0) return NaN;
  const upper = SORTED[known >> 1] ?? NaN;
  return known % 2 === 1 ? upper : ((SORTED[(known >> 1) - 1] ?? NaN) + upper) / 2;
}
