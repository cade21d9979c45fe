/** Hours whose forecast is made: a week. */
export const HORIZON_HOURS = 168;

/** Hours of the past that a forecast is made from: four of each hour of the week. */
export const HISTORY_HOURS = 672;

/** Fewer known hours than a day's say nothing about a day. */
export const LEAST_HOURS = 24;

/** A larger value cannot be meant; squares of it still fit the doubles. */
const MAX_VALUE = 1e30;

/** Share of the hours of a running window that must be known. */
const LEAST_KNOWN = 0.75;

/** One number for each hour. Hours are counted from the epoch, so that `firstHour % 24` is the hour of the UTC day. */
export interface HourlySeries {
  readonly firstHour: number;
  /** NaN where the hour is unknown; what is negative or beyond 1e30 counts as unknown too. */
  readonly values: Float64Array;
}

function isKnown(value: number): boolean {
  return value >= 0 && value <= MAX_VALUE;
}

function knownOrNaN(value: number): number {
  return isKnown(value) ? value : NaN;
}

/** NaN where `hour` is unknown. */
export function valueAt({ firstHour, values }: HourlySeries, hour: number): number {
  return knownOrNaN(values[hour - firstHour] ?? NaN);
}

/** The part of `series` before `hour`, at most `HISTORY_HOURS` long, without unknown hours at either end. */
export function pastOf({ firstHour, values }: HourlySeries, hour: number): HourlySeries {
  const to = Math.min(values.length, hour - firstHour);
  const cleaned = values.slice(Math.max(0, to - HISTORY_HOURS), Math.max(0, to)).map(knownOrNaN);
  const first = cleaned.findIndex((value) => !Number.isNaN(value));
  const last = cleaned.findLastIndex((value) => !Number.isNaN(value));
  return {
    firstHour: firstHour + Math.max(0, to - HISTORY_HOURS) + Math.max(0, first),
    values: first < 0 ? new Float64Array() : cleaned.slice(first, last + 1),
  };
}

export function knownHours({ values }: HourlySeries): number {
  return values.reduce((count, value) => (isKnown(value) ? count + 1 : count), 0);
}

/** The mean of the `hours` hours that end with each hour. */
export function runningMean(series: HourlySeries, hours: number): HourlySeries {
  return running(series, hours, (known) => known.reduce((sum, value) => sum + value, 0) / known.length);
}

/** The largest of the `hours` hours that end with each hour. */
export function runningMaximum(series: HourlySeries, hours: number): HourlySeries {
  return running(series, hours, (known) => known.reduce((max, value) => Math.max(max, value), 0));
}

function running(
  { firstHour, values }: HourlySeries,
  hours: number,
  summary: (known: Float64Array) => number,
): HourlySeries {
  return {
    firstHour,
    values: values.map((_, end) => {
      const known = values.subarray(Math.max(0, end + 1 - hours), end + 1).filter(isKnown);
      return known.length >= LEAST_KNOWN * hours ? summary(known) : NaN;
    }),
  };
}

/** Never negative, so that hours before 1970 or counted from 0 find their place too. */
export function modulo(value: number, divisor: number): number {
  const rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}
