import { BINS_PER_DAY } from './peak/bins.ts';
import type { PeakForecaster } from './peak/forecaster-state.ts';
import { BINS_PER_MINUTE, minuteInDays } from './peak/seven-days.ts';

const DAYS = 7;
const MINUTES_PER_DAY = BINS_PER_DAY / BINS_PER_MINUTE;

/**
 * Mean demand of each whole minute of the last seven days that a forecaster remembers, oldest first, in the unit of the
 * demand; NaN where unknown. Empty where it does not remember minutes: in the light tier, and before the first sample.
 */
export function demandMinutes({ days: season }: Pick<PeakForecaster, 'days'>): Float32Array {
  if (season === undefined || !Number.isFinite(season.minute)) return new Float32Array(0);
  const minutes = new Float32Array(DAYS * MINUTES_PER_DAY);
  // The minute that is being filled has the place of the one a week ago, which is overwritten when it is whole.
  const first = season.minute - minutes.length;
  for (let i = 0; i < minutes.length; i++) minutes[i] = minuteInDays(season, first + i);
  return minutes;
}
