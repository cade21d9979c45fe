import type { HourlyForecast } from './hourly-forecast.ts';
import type { PastWeek } from './past-weeks.ts';

/** How far a forecast may be relied on, by how its predecessors did. */
export type Confidence = 'Low' | 'Medium' | 'High' | 'VeryHigh';

interface Demand {
  readonly confidence: Confidence;
  /** Of the past weeks' mean, at least. */
  readonly accuracy: number;
  readonly coverage: number;
  /** Weeks that were measured, at least. */
  readonly weeks: number;
  /** Half the mean width of the interval over the mean median, at most. */
  readonly halfWidth: number;
}

/** An interval that holds more than its 80 % is no reason for doubt: it is then wide, and the width has its own bound. */
const DEMANDS: readonly Demand[] = [
  { confidence: 'VeryHigh', accuracy: 0.95, coverage: 0.75, weeks: 2, halfWidth: 0.1 },
  { confidence: 'High', accuracy: 0.88, coverage: 0.7, weeks: 2, halfWidth: 0.25 },
  { confidence: 'Medium', accuracy: 0.75, coverage: 0.6, weeks: 1, halfWidth: 0.5 },
];

const MEASURED_WEEKS = 2;

/** @param weeks newest first */
export function confidenceOf(forecast: HourlyForecast, weeks: readonly PastWeek[]): Confidence {
  // The forecast of an older week was made from less: it says little of this one.
  const measured = weeks.slice(0, MEASURED_WEEKS);
  const accuracy = mean(measured.map((week) => week.accuracy));
  const coverage = mean(measured.map((week) => week.coverage));
  const width = sum(forecast.upper) - sum(forecast.lower);
  const halfWidth = width === 0 ? 0 : width / 2 / sum(forecast.median);
  const met = DEMANDS.find(
    (demand) =>
      measured.length >= demand.weeks &&
      accuracy >= demand.accuracy &&
      coverage >= demand.coverage &&
      halfWidth <= demand.halfWidth,
  );
  return met?.confidence ?? 'Low';
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
