import { floatsIn, halvesIn, type Arena } from './arena.ts';
import { BINS_PER_DAY } from './bins.ts';
import { fromPositiveHalf, toPositiveHalf, UNKNOWN } from './half.ts';

const DAYS = 7;
export const BINS_PER_MINUTE = 4;
const MINUTES_PER_DAY = BINS_PER_DAY / BINS_PER_MINUTE;

/** Minutes around the newest that are looked up: one before it, and as far ahead as any window reaches. */
const LOOKED_UP = 64;

/**
 * What the last seven days had at the times of day that come next: means of minutes, between which values are linear.
 * A minute and not 15 s: a peak that came some seconds earlier yesterday still counts, at a quarter of the memory.
 */
export interface SevenDays {
  /** In halves. Place of a minute: phase of the day × 7 + day modulo 7. */
  readonly days: Uint16Array;
  /** By minute modulo `LOOKED_UP`: the median of all days, one day ago, seven days ago; NaN when unknown. */
  readonly profile: Float32Array;
  readonly yesterday: Float32Array;
  readonly lastWeek: Float32Array;
  /** The last minute that has been looked up. */
  lookedUpTo: number;
  /** The minute that is being filled, the sum and number of its known bins. */
  minute: number;
  sum: number;
  known: number;
}

export function createSevenDays(arena: Arena): SevenDays {
  return {
    days: halvesIn(arena, DAYS * MINUTES_PER_DAY).fill(UNKNOWN),
    profile: floatsIn(arena, LOOKED_UP).fill(NaN),
    yesterday: floatsIn(arena, LOOKED_UP).fill(NaN),
    lastWeek: floatsIn(arena, LOOKED_UP).fill(NaN),
    lookedUpTo: -Infinity,
    minute: -Infinity,
    sum: 0,
    known: 0,
  };
}

/** Takes in a known bin, in order; all bins left out are unknown. */
export function storeInDays(season: SevenDays, bin: number, value: number): void {
  const minute = Math.floor(bin / BINS_PER_MINUTE);
  if (minute !== season.minute) closeMinutes(season, minute);
  season.sum += value;
  season.known++;
}

/** The mean of a minute since the epoch, as long as it is not overwritten by that of a week later; NaN when unknown. */
export function minuteInDays(season: SevenDays, minute: number): number {
  return valueAt(season, placeOf(minute, Math.floor(minute / MINUTES_PER_DAY)));
}

/** Nothing of any day is known any more. */
export function forgetDays(season: SevenDays): void {
  season.days.fill(UNKNOWN);
  season.lookedUpTo = -Infinity;
}

/** Looks up what is missing until the minute after bin `to`, and from the minute before bin `newest`. */
export function lookAheadInDays(season: SevenDays, newest: number, to: number): void {
  const last = Math.floor(to / BINS_PER_MINUTE) + 1;
  const first = Math.floor(newest / BINS_PER_MINUTE) - 1;
  const mask = LOOKED_UP - 1;
  for (let minute = Math.max(first, season.lookedUpTo + 1); minute <= last; minute++) {
    const day = Math.floor(minute / MINUTES_PER_DAY);
    season.profile[minute & mask] = medianOfDays(season, placeOf(minute, 0));
    season.yesterday[minute & mask] = valueAt(season, placeOf(minute, day - 1));
    // Its place still holds the value of a week ago: it is overwritten when the minute itself is stored.
    season.lastWeek[minute & mask] = valueAt(season, placeOf(minute, day));
  }
  season.lookedUpTo = Math.max(last, season.lookedUpTo);
}

/** The value of a looked-up series at the middle of `bin`, linear between the middles of minutes; NaN when unknown. */
export function seasonAt(minutes: Float32Array, bin: number): number {
  const position = (bin + 0.5) / BINS_PER_MINUTE - 0.5;
  const before = Math.floor(position);
  const low = minutes[before & (LOOKED_UP - 1)] ?? NaN;
  const high = minutes[(before + 1) & (LOOKED_UP - 1)] ?? NaN;
  if (Number.isNaN(low)) return high;
  return Number.isNaN(high) ? low : low + (position - before) * (high - low);
}

/** The largest known value of the looked-up bins `from … to`; NaN when none is known. */
export function seasonMax(minutes: Float32Array, from: number, to: number): number {
  // What is linear between the middles of minutes is largest at an end or at a middle.
  let max = larger(seasonAt(minutes, from), seasonAt(minutes, to));
  const last = Math.floor((to + 0.5) / BINS_PER_MINUTE - 0.5);
  for (let minute = Math.ceil((from + 0.5) / BINS_PER_MINUTE - 0.5); minute <= last; minute++) {
    max = larger(max, minutes[minute & (LOOKED_UP - 1)] ?? NaN);
  }
  return max;
}

function larger(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return b > a ? b : a;
}

function closeMinutes(season: SevenDays, next: number): void {
  const { days, minute } = season;
  if (next - minute > DAYS * MINUTES_PER_DAY || next < minute) {
    // Nothing is left that is not older than what is kept; a clock that stepped back keeps the days.
    if (next > minute) forgetDays(season);
    else season.lookedUpTo = Math.min(season.lookedUpTo, next - 2);
  } else {
    days[placeOf(minute, Math.floor(minute / MINUTES_PER_DAY))] =
      season.known > 0 ? toPositiveHalf(season.sum / season.known) : UNKNOWN;
    for (let m = minute + 1; m < next; m++) days[placeOf(m, Math.floor(m / MINUTES_PER_DAY))] = UNKNOWN;
  }
  season.minute = next;
  season.sum = 0;
  season.known = 0;
}

function valueAt({ days }: SevenDays, place: number): number {
  return fromPositiveHalf(days[place] ?? UNKNOWN);
}

function placeOf(minute: number, day: number): number {
  return modulo(minute, MINUTES_PER_DAY) * DAYS + modulo(day, DAYS);
}

/** Never negative, so that a clock before 1970 or a count from 0 finds its place, too. */
function modulo(value: number, divisor: number): number {
  const rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}

/** Never read before it is written. */
const SORTED = new Float64Array(DAYS);

/** The median of the known ones among seven neighbours; NaN when there is none. */
function medianOfDays(season: SevenDays, place: number): number {
  let known = 0;
  for (let day = 0; day < DAYS; day++) {
    const value = valueAt(season, place + day);
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
