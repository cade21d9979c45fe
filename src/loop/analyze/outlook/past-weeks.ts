import { forecastHours } from './hourly-forecast.ts';
import { HORIZON_HOURS, valueAt, type HourlySeries } from './hourly-series.ts';

/** How a forecast of a past week did that was made at its beginning, from what was known then. */
export interface PastWeek {
  /** Hours since the epoch; the week is from here to 168 hours later. */
  readonly firstHour: number;
  /** Hours that are known and were forecast. */
  readonly hours: number;
  /** 1 - Σ|median - value| / Σ value, not below 0. */
  readonly accuracy: number;
  /** Share of the hours within the 80 % interval. */
  readonly coverage: number;
  /** 1 - error / error of "as a week before" or "as the day before", the better; undefined where it cannot be told. */
  readonly skill?: number;
}

/** Weeks that are looked back at: the history of four leaves the first of them something to learn from. */
const WEEKS = 3;
/** Of a steady load the interval is a point, which the way to the asinh scale and back moves in its last digits. */
const ROUNDING = 1e-9;
/** Fewer known hours of a week are no verdict on it. */
const LEAST_HOURS = 84;

/** The last weeks, newest first; those of which too little is known are left out. */
export function pastWeeks(series: HourlySeries, hour: number): readonly PastWeek[] {
  return Array.from({ length: WEEKS }, (_, index) => hour - (index + 1) * HORIZON_HOURS).flatMap((from) => {
    const week = pastWeek(series, from);
    return week === undefined ? [] : [week];
  });
}

interface Sums {
  hours: number;
  inside: number;
  error: number;
  value: number;
  /** Of "as the day before" and of "as a week before"; NaN once either is unknown. */
  daily: number;
  weekly: number;
}

function pastWeek(series: HourlySeries, from: number): PastWeek | undefined {
  const forecast = forecastHours(series, from);
  if ('absent' in forecast) return undefined;
  const sums: Sums = { hours: 0, inside: 0, error: 0, value: 0, daily: 0, weekly: 0 };
  for (let hour = from; hour < from + HORIZON_HOURS; hour++) {
    const value = valueAt(series, hour);
    const index = hour - forecast.firstHour;
    // An old forecast ends before the week does.
    if (Number.isNaN(value) || index >= HORIZON_HOURS) continue;
    addHour(sums, value, {
      lower: forecast.lower[index] ?? NaN,
      median: forecast.median[index] ?? NaN,
      upper: forecast.upper[index] ?? NaN,
    });
    const days = Math.floor((hour - from) / 24) + 1;
    sums.daily += Math.abs(value - valueAt(series, hour - 24 * days));
    sums.weekly += Math.abs(value - valueAt(series, hour - HORIZON_HOURS));
  }
  return sums.hours < LEAST_HOURS ? undefined : weekOf(from, sums);
}

function addHour(sums: Sums, value: number, said: Record<'lower' | 'median' | 'upper', number>): void {
  sums.hours++;
  sums.value += value;
  sums.error += Math.abs(value - said.median);
  const rounding = ROUNDING * value;
  if (value >= said.lower - rounding && value <= said.upper + rounding) sums.inside++;
}

function weekOf(firstHour: number, { hours, inside, error, value, daily, weekly }: Sums): PastWeek {
  const naive = [daily, weekly].filter((each) => each > 0);
  return {
    firstHour,
    hours,
    accuracy: value > 0 ? Math.max(0, 1 - error / value) : Number(error === 0),
    coverage: inside / hours,
    ...(naive.length === 0 ? {} : { skill: 1 - error / Math.min(...naive) }),
  };
}
