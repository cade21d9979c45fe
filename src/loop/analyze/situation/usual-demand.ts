import { usualAt } from '../peak/daily-profile.ts';
import { BINS_PER_DAY } from '../peak/bins.ts';
import type { PeakForecaster } from '../peak/forecaster-state.ts';
import { BINS_PER_MINUTE, minuteInDays } from '../peak/seven-days.ts';

/** What the demand usually is at this time of day, by the days before; NaN where unknown. In the unit of the demand. */
export interface UsualDemand {
  /** Mean of the last day, whatever the time of day. */
  readonly level: number;
  /** Mean of the last ten minutes' places in other days. */
  readonly now: number;
  /** Mean of the next 15 minutes' places, of the 15 after them, and of the 30 after those. */
  readonly ahead15: number;
  readonly ahead30: number;
  readonly ahead60: number;
}

const MINUTE_MS = 60_000;
const MINUTES_PER_DAY = BINS_PER_DAY / BINS_PER_MINUTE;
const DAYS = 7;
/** Of the minutes of a span, the share that must be known on some day. */
const LEAST_SHARE = 0.5;

export const NO_USUAL_DEMAND: UsualDemand = {
  level: NaN,
  now: NaN,
  ahead15: NaN,
  ahead30: NaN,
  ahead60: NaN,
};

type Remembered = Pick<PeakForecaster, 'days' | 'profile' | 'level' | 'known'>;

/** Read off what a forecaster of either tier remembers, which is not changed. `now` in ms since the epoch. */
export function usualDemand(forecaster: Remembered, now: number): UsualDemand {
  const minute = Math.floor(now / MINUTE_MS);
  const between = (from: number, to: number): number => {
    let sum = 0;
    let known = 0;
    for (let ahead = from; ahead < to; ahead += 1) {
      const value = usualOfMinute(forecaster, minute + ahead);
      if (Number.isNaN(value)) continue;
      sum += value;
      known += 1;
    }
    return known >= LEAST_SHARE * (to - from) ? sum / known : NaN;
  };
  return {
    level: forecaster.known > 0 ? forecaster.level : NaN,
    now: between(-10, 0),
    ahead15: between(0, 15),
    ahead30: between(15, 30),
    ahead60: between(30, 60),
  };
}

/** Mean of the same minute of the days before, as far as they are remembered; NaN when none is. */
function usualOfMinute({ days, profile }: Remembered, minute: number): number {
  if (profile !== undefined) return usualAt(profile, minute * BINS_PER_MINUTE + BINS_PER_MINUTE / 2);
  if (days === undefined) return NaN;
  let sum = 0;
  let known = 0;
  for (let ago = 1; ago <= DAYS; ago += 1) {
    const past = minute - ago * MINUTES_PER_DAY;
    // A minute's place belongs to the one a week later as soon as that one is whole.
    if (past < days.minute - DAYS * MINUTES_PER_DAY) break;
    const value = past < days.minute ? minuteInDays(days, past) : NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    known += 1;
  }
  return known === 0 ? NaN : sum / known;
}
