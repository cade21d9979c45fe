import type { Confidence } from '../../loop/analyze/outlook/confidence.ts';
import { costOfDays } from '../../loop/analyze/outlook/cost.ts';
import type { HourlyForecast } from '../../loop/analyze/outlook/hourly-forecast.ts';
import { HORIZON_HOURS } from '../../loop/analyze/outlook/hourly-series.ts';
import type { Outlook } from '../../loop/analyze/outlook/outlook.ts';
import type { PastWeek } from '../../loop/analyze/outlook/past-weeks.ts';
import type { Resource } from './flags.ts';

/** A median with its 80 % interval, in the base unit: cores, bytes, bytes per second, replicas, money. */
export interface Range {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/** One day or hour. */
export interface Span {
  /** ms since the epoch. */
  readonly at: number;
  readonly mean: Range;
  /** Money has none. */
  readonly peak?: Range;
}

/** A resource as people see it. */
export interface ResourceView {
  readonly resource: Resource;
  readonly days: readonly Span[];
  readonly hours: readonly Span[];
  readonly weeks: readonly PastWeek[];
  readonly confidence: Confidence;
}

export interface AbsentResource {
  readonly resource: Resource;
  readonly absent: string;
}

const HOUR_MS = 3_600_000;

/** @param hour counted from the epoch: hours before it are not shown, even where they are unknown. */
export function resourceView(resource: Resource, outlook: Outlook, hour: number): ResourceView {
  const { weeks, confidence } = outlook;
  const days = outlook.days.map(({ day, mean, lower, upper, peak, peakLower, peakUpper }) => ({
    at: day * 24 * HOUR_MS,
    mean: { median: mean, lower, upper },
    peak: { median: peak, lower: peakLower, upper: peakUpper },
  }));
  const hours = hoursFrom(hour).flatMap((at): Span[] => {
    const [mean, peak] = [rangeAt(outlook.hours, at), rangeAt(outlook.peaks, at)];
    if (mean === undefined || peak === undefined) return [];
    return [{ at: at * HOUR_MS, mean, peak: atLeast(peak, mean) }];
  });
  return { resource, days, hours, weeks, confidence };
}

/** What the ready replicas cost. @param price of one replica for one hour */
export function costView(outlook: Outlook, price: number, hour: number): ResourceView {
  const { weeks, confidence } = outlook;
  const days = costOfDays(outlook.days, price).map(({ day, cost, lower, upper }) => ({
    at: day * 24 * HOUR_MS,
    mean: { median: cost, lower, upper },
  }));
  const hours = resourceView('replicas', outlook, hour).hours.map(({ at, mean }) => ({
    at,
    mean: { median: price * mean.median, lower: price * mean.lower, upper: price * mean.upper },
  }));
  return { resource: 'cost', days, hours, weeks, confidence };
}

/** The hour with the largest peak. */
export function highest(hours: readonly Span[]): (Span & { readonly peak: Range }) | undefined {
  let found: (Span & { readonly peak: Range }) | undefined;
  for (const { at, mean, peak } of hours) {
    if (peak !== undefined && peak.median > (found?.peak.median ?? -Infinity)) found = { at, mean, peak };
  }
  return found;
}

/** Ends of intervals add up as if all days erred alike: wider than right, never narrower. */
export function total(spans: readonly Span[]): Range {
  const sum = (end: keyof Range): number => spans.reduce((all, { mean }) => all + mean[end], 0);
  return { median: sum('median'), lower: sum('lower'), upper: sum('upper') };
}

function hoursFrom(hour: number): readonly number[] {
  return Array.from({ length: HORIZON_HOURS }, (_, index) => hour + index);
}

function rangeAt({ firstHour, ...forecast }: HourlyForecast, hour: number): Range | undefined {
  const median = forecast.median[hour - firstHour];
  const lower = forecast.lower[hour - firstHour];
  const upper = forecast.upper[hour - firstHour];
  return median === undefined || lower === undefined || upper === undefined
    ? undefined
    : { median, lower, upper };
}

/** The two are forecast apart, and of a steady load nearly the same. */
function atLeast(range: Range, least: Range): Range {
  return {
    median: Math.max(range.median, least.median),
    lower: Math.max(range.lower, least.lower),
    upper: Math.max(range.upper, least.upper),
  };
}
