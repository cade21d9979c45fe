import { confidenceOf, type Confidence } from './confidence.ts';
import { forecastDays, type DayOutlook } from './day-outlook.ts';
import { forecastHours, type HourlyForecast, type NoForecast } from './hourly-forecast.ts';
import type { HourlySeries } from './hourly-series.ts';
import { pastWeeks, type PastWeek } from './past-weeks.ts';

/** The past of one resource: the mean and the largest value of each hour. Both begin with the same hour. */
export interface HourlyPast {
  readonly means: HourlySeries;
  readonly maxima: HourlySeries;
}

/** A week ahead of one resource, for people: nothing here decides anything. */
export interface Outlook {
  readonly days: readonly DayOutlook[];
  /** Of each hour's mean. */
  readonly hours: HourlyForecast;
  /** Of each hour's largest value. */
  readonly peaks: HourlyForecast;
  readonly weeks: readonly PastWeek[];
  readonly confidence: Confidence;
}

/** The days alone are a third of the work: what the status shows. */
export type DailyOutlook = Omit<Outlook, 'peaks'>;

/** @param hour counted from the epoch: the first that is not over. Nothing from it on is looked at. */
export function dailyOutlook({ means, maxima }: HourlyPast, hour: number): DailyOutlook | NoForecast {
  const hours = forecastHours(means, hour);
  if ('absent' in hours) return hours;
  const weeks = pastWeeks(means, hour);
  return { days: forecastDays(means, maxima, hour), hours, weeks, confidence: confidenceOf(hours, weeks) };
}

/** As `dailyOutlook`, with the peak of each hour. */
export function outlook(past: HourlyPast, hour: number): Outlook | NoForecast {
  const daily = dailyOutlook(past, hour);
  if ('absent' in daily) return daily;
  const peaks = forecastHours(past.maxima, hour);
  return 'absent' in peaks ? peaks : { ...daily, peaks };
}
