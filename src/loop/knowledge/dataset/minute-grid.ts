import { TOLERANCE } from './cadence.ts';
import type { CleanSeries } from './clean-series.ts';

export const MINUTE_MS = 60_000;

/** A sample that is older says nothing about now: Prometheus's own look-back (--query.lookback-delta). */
const MAX_AGE_MS = 5 * MINUTE_MS;

/** Whole minutes since the epoch. */
export interface MinuteWindow {
  readonly firstMinute: number;
  readonly minutes: number;
}

/**
 * The series as it was known at each whole minute: the newest sample that is not later. Between samples that come at
 * their usual distance, it stands until the next; where one is missing, for one distance or a minute. NaN is a gap.
 */
export function minuteValues(series: CleanSeries, { firstMinute, minutes }: MinuteWindow): Float64Array {
  const { times, values, cadence } = series;
  const usualMs = (cadence.seconds || 0) * 1000;
  const out = new Float64Array(minutes).fill(NaN);
  let newest = -1;
  for (let row = 0; row < minutes; row += 1) {
    const at = (firstMinute + row) * MINUTE_MS;
    while ((times[newest + 1] ?? Infinity) <= at) newest += 1;
    const time = times[newest] ?? NaN;
    const interval = (times[newest + 1] ?? Infinity) - time;
    const usual = interval <= (1 + TOLERANCE) * usualMs;
    const stands = usual ? interval : Math.max(MINUTE_MS, usualMs);
    if (at - time < Math.min(stands, MAX_AGE_MS)) out[row] = values[newest] ?? NaN;
  }
  return out;
}

/** Minutes without a value. */
export interface Gap {
  /** ms since the epoch: the first minute without, and the first with a value again, or the end. */
  readonly from: number;
  readonly to: number;
}

/** The longest runs of minutes without a value, at most `limit`, in the order of time. */
export function gapsIn(values: Float64Array, firstMinute: number, limit: number): Gap[] {
  const gaps: Gap[] = [];
  let begin = -1;
  for (let row = 0; row <= values.length; row += 1) {
    const missing = row < values.length && Number.isNaN(values[row]);
    if (missing && begin < 0) begin = row;
    if (missing || begin < 0) continue;
    gaps.push({ from: (firstMinute + begin) * MINUTE_MS, to: (firstMinute + row) * MINUTE_MS });
    begin = -1;
  }
  const longest = gaps.toSorted((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from).slice(0, limit);
  return longest.toSorted((a, b) => a.from - b.from);
}

/** Share of the minutes with a value. */
export function coverageOf(values: Float64Array): number {
  let known = 0;
  for (const value of values) if (!Number.isNaN(value)) known += 1;
  return values.length === 0 ? 0 : known / values.length;
}
