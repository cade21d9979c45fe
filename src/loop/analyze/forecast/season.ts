import { BINS_PER_DAY, binMax, windowMax, type DemandSeries } from '../../monitor/series.ts';

/**
 * What earlier days did from this minute of the day onwards: maximum over the window minus the value at the
 * window's start, in the unit of demand. Days are UTC, so a clock change shifts the pattern for a week.
 */
export interface SeasonIncrement {
  /** Median over the last seven days at most, so that no single day decides; NaN before the first one. */
  readonly daily: number;
  /** The same of one week ago; NaN before the eighth day. */
  readonly weekly: number;
  /** How much the days differ: inner range of the increments. */
  readonly spread: number;
}

/** Learned trust in the increments, as weighted sums of a regression through the origin. */
export interface SeasonTrust {
  dailySquares: number;
  dailyProducts: number;
  weeklySquares: number;
  weeklyProducts: number;
}

/**
 * A trust is forgotten over a week: a pattern must show on most days to be believed, and one day on which it fails to
 * come costs an eighth of it. Three days and seven are level on measured series.
 */
const TRUST_DECAY = 1 - 1 / (7 * BINS_PER_DAY);

const DAYS = 7;

export const NO_INCREMENT: SeasonIncrement = { daily: NaN, weekly: NaN, spread: 0 };

export function createSeasonTrust(): SeasonTrust {
  return { dailySquares: 0, dailyProducts: 0, weeklySquares: 0, weeklyProducts: 0 };
}

/** The increments of the window `origin + 1 … origin + minutes`. */
export function seasonIncrement(series: DemandSeries, origin: number, minutes: number): SeasonIncrement {
  const sorted = [0, 0, 0, 0, 0, 0, 0];
  let n = 0;
  let weekly = NaN;
  for (let day = 1; day <= DAYS; day++) {
    const increment = incrementAt(series, origin - day * BINS_PER_DAY, minutes);
    if (Number.isNaN(increment)) continue;
    insertSorted(sorted, n++, increment);
    if (day === DAYS) weekly = increment;
  }
  if (n === 0) return NO_INCREMENT;
  const at = (position: number) => sorted[position] ?? 0;
  const daily = n % 2 === 1 ? at(n >> 1) : (at(n / 2 - 1) + at(n / 2)) / 2;
  // A single day tells nothing of the spread between days; its own size is the cautious guess.
  const spread = n === 1 ? Math.abs(daily) : at(Math.floor(n * 0.85)) - at(Math.floor(n * 0.15));
  return { daily, weekly, spread };
}

/** Trust in the daily increment, 0 … 1: how much of it the present days repeat. */
export function dailyTrust(trust: SeasonTrust): number {
  return share(trust.dailyProducts, trust.dailySquares);
}

/** How far the weekly increment replaces the daily one, 0 … 1. */
export function weeklyTrust(trust: SeasonTrust): number {
  return share(trust.weeklyProducts, trust.weeklySquares);
}

/** The increment to expect now: shrunk by what was learned, so that a series without seasons is not harmed. */
export function expectedIncrement(increment: SeasonIncrement, daily: number, weekly: number): number {
  if (Number.isNaN(increment.daily)) return 0;
  const fromDays = daily * increment.daily;
  return Number.isNaN(increment.weekly) ? fromDays : fromDays + weekly * (increment.weekly - increment.daily);
}

/** A completed window: its maximum minus the value at its start. */
export interface SeasonOutcome {
  readonly rise: number;
  /** Undoes the unit: one over a squared scale. */
  readonly weight: number;
  /** Minutes since the last such outcome, for the forgetting. */
  readonly minutes: number;
}

export function learnSeason(trust: SeasonTrust, increment: SeasonIncrement, outcome: SeasonOutcome): void {
  if (Number.isNaN(increment.daily)) return;
  const { daily, weekly } = increment;
  const { rise, weight } = outcome;
  const kept = outcome.minutes === 1 ? TRUST_DECAY : TRUST_DECAY ** outcome.minutes;
  const left = rise - dailyTrust(trust) * daily;
  trust.dailySquares = kept * trust.dailySquares + daily * daily * weight;
  trust.dailyProducts = kept * trust.dailyProducts + daily * rise * weight;
  if (Number.isNaN(weekly)) return;
  const step = weekly - daily;
  trust.weeklySquares = kept * trust.weeklySquares + step * step * weight;
  trust.weeklyProducts = kept * trust.weeklyProducts + step * left * weight;
}

function incrementAt(series: DemandSeries, origin: number, minutes: number): number {
  const exact = binMax(series, origin);
  // One minute back is the same phase as well, when a scrape was missed.
  const start = Number.isNaN(exact) ? binMax(series, origin - 1) : exact;
  if (Number.isNaN(start)) return NaN;
  const max = windowMax(series, origin + 1, origin + minutes);
  return max === -Infinity ? NaN : max - start;
}

/** Into the first `count` entries of `values`, which are sorted; fixed length, as this runs every minute. */
function insertSorted(values: number[], count: number, value: number): void {
  let place = count;
  while (place > 0 && (values[place - 1] ?? 0) > value) {
    values[place] = values[place - 1] ?? 0;
    place--;
  }
  values[place] = value;
}

function share(products: number, squares: number): number {
  return squares > 0 ? Math.min(1, Math.max(0, products / squares)) : 0;
}
