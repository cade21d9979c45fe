import { forecastHours, type HourlyForecast } from './hourly-forecast.ts';
import { runningMaximum, runningMean, type HourlySeries } from './hourly-series.ts';

/** One UTC day, whole: of a day that has begun, what is measured of it counts too. */
export interface DayOutlook {
  /** Counted from the epoch. */
  readonly day: number;
  readonly mean: number;
  /** The mean lies between these with a probability of 80 %. */
  readonly lower: number;
  readonly upper: number;
  /** Largest of the day's hours, never below the mean; and its 80 % interval. */
  readonly peak: number;
  readonly peakLower: number;
  readonly peakUpper: number;
}

/** As many as lie within the horizon, whatever the hour. */
export const OUTLOOK_DAYS = 7;

const DAY = 24;

/**
 * The days from that of `hour` on. A day's mean and its peak are forecast for themselves, from the running means and
 * maxima of 24 hours: the largest of 24 medians is not the median of the largest, and errors within a day do not cancel.
 */
export function forecastDays(means: HourlySeries, maxima: HourlySeries, hour: number): readonly DayOutlook[] {
  const mean = forecastHours(runningMean(means, DAY), hour);
  const peak = forecastHours(runningMaximum(maxima, DAY), hour);
  if ('absent' in mean || 'absent' in peak) return [];
  const today = Math.floor(hour / DAY);
  return Array.from({ length: OUTLOOK_DAYS }, (_, index) => today + index).flatMap((day) => {
    const last = day * DAY + DAY - 1;
    const ofMean = quantilesAt(mean, last);
    const ofPeak = quantilesAt(peak, last);
    return ofMean === undefined || ofPeak === undefined ? [] : [dayOf(day, ofMean, ofPeak)];
  });
}

type Quantiles = readonly [lower: number, median: number, upper: number];

function dayOf(day: number, [lower, mean, upper]: Quantiles, [low, median, high]: Quantiles): DayOutlook {
  const [peakLower, peak, peakUpper] = [Math.max(low, lower), Math.max(median, mean), Math.max(high, upper)];
  return { day, mean, lower, upper, peak, peakLower, peakUpper };
}

function quantilesAt(
  { firstHour, lower, median, upper }: HourlyForecast,
  hour: number,
): Quantiles | undefined {
  const index = hour - firstHour;
  const [low, middle, high] = [lower[index], median[index], upper[index]];
  return low === undefined || middle === undefined || high === undefined ? undefined : [low, middle, high];
}
