import fc from 'fast-check';
import type { HourlySeries } from './hourly-series.ts';
import { HORIZON_HOURS, runningMaximum } from './hourly-series.ts';
import { forecastHours, type HourlyForecast } from './hourly-forecast.ts';
import { outlook, type Outlook } from './outlook.ts';

/** A Monday, 00:00 UTC, as hours since the epoch. */
const MONDAY = Date.UTC(2026, 0, 5) / 3_600_000;
const DAY = 24;
const WEEK = 168;

function series(hours: number, value: (hour: number) => number): HourlySeries {
  return { firstHour: MONDAY, values: Float64Array.from({ length: hours }, (_, index) => value(index)) };
}

/** Deterministic, and without any season that a template could find. */
const noise = (hour: number): number => ((Math.sin(hour * 12.9898) * 43758.5453) % 1) * 0.5;
const daily = (hour: number): number => 10 + 5 * Math.sin((2 * Math.PI * (hour % DAY)) / DAY);
const weekend = (hour: number): number => daily(hour) * (Math.floor(hour / DAY) % 7 >= 5 ? 0.4 : 1);

function forecast(past: HourlySeries): HourlyForecast {
  const made = forecastHours(past, past.firstHour + past.values.length);
  if ('absent' in made) throw new Error(made.absent);
  return made;
}

/** Mean |median - truth| over the mean of the truth, in the hours `from` to `to` ahead. */
function errorOf(hours: number, truth: (hour: number) => number, from = 0, to = WEEK): number {
  const { median } = forecast(series(hours, truth));
  let error = 0;
  let sum = 0;
  for (let h = from; h < to; h++) {
    error += Math.abs((median[h] ?? NaN) - truth(hours + h));
    sum += truth(hours + h);
  }
  return error / sum;
}

describe('the forecast of a week', () => {
  test.each<[string, number, (hour: number) => number, number]>([
    ['a constant load is itself', 2 * WEEK, () => 7, 1e-9],
    ['no load at all is none', 2 * WEEK, () => 0, NaN],
    ['a daily pattern is found in three days', 3 * DAY, daily, 0.05],
    ['a quiet weekend is found in four weeks', 4 * WEEK, weekend, 0.03],
    ['noise does not hide the day', 4 * WEEK, (hour) => daily(hour) + noise(hour), 0.05],
    ['a new level two days old is kept', 4 * WEEK, (hour) => daily(hour) * (hour < 26 * DAY ? 1 : 3), 0.1],
    ['growth goes on', 4 * WEEK, (hour) => daily(hour) * (1 + hour / (4 * WEEK)), 0.08],
    [
      'a day without data does no harm',
      4 * WEEK,
      (hour) => (Math.floor(hour / DAY) === 26 ? NaN : daily(hour)),
      0.02,
    ],
    [
      'a spike of an hour does no harm',
      4 * WEEK,
      (hour) => (hour === 27 * DAY + 3 ? 500 : daily(hour)),
      0.05,
    ],
  ])('%s', (_, hours, truth, most) => {
    const error = errorOf(hours, truth);
    if (Number.isNaN(most))
      expect([...forecast(series(hours, truth)).upper]).toEqual(new Array(WEEK).fill(0));
    else expect(error).toBeLessThan(most);
  });

  test('a spike of an hour does not come again', () => {
    const { median } = forecast(series(4 * WEEK, (hour) => (hour === 27 * DAY + 3 ? 500 : daily(hour))));
    expect(Math.max(...median)).toBeLessThan(40);
  });

  test.each([
    ['nothing is known', series(WEEK, () => NaN), 0, 'no value is known'],
    [
      'negative and absurd values are not known',
      series(WEEK, (hour) => (hour % 2 === 0 ? -1 : 1e300)),
      0,
      'no value is known',
    ],
    ['a day is the least', series(23, daily), 0, '23 hours are known, at least 24 are needed'],
    [
      'data end yesterday',
      series(WEEK, daily),
      30,
      'the last known hour is 30 h ago, at most 24 h make a forecast',
    ],
  ])('there is none when %s', (_, past, later, reason) => {
    expect(forecastHours(past, past.firstHour + past.values.length + later)).toEqual({ absent: reason });
  });

  test('it begins after the last known hour, and nothing from the present hour on is looked at', () => {
    const past = series(2 * WEEK, daily);
    past.values.fill(NaN, 2 * WEEK - 5);
    const later = { ...past, values: Float64Array.from([...past.values, 900, 900]) };
    const now = past.firstHour + 2 * WEEK;
    const made = forecastHours(later, now);
    expect(made).toMatchObject({ firstHour: now - 5 });
    expect(made).toEqual(forecastHours(past, now));
  });

  test('two days of history give a wider interval than four weeks of the same load', () => {
    const load = (hour: number): number => daily(hour) + noise(hour);
    const width = ({ lower, upper }: HourlyForecast): number =>
      upper.reduce((sum, each, h) => sum + each - (lower[h] ?? 0), 0);
    expect(width(forecast(series(2 * DAY, load)))).toBeGreaterThan(
      2 * width(forecast(series(4 * WEEK, load))),
    );
  });
});

/** Loads as they come, and as they should not: gaps, zeros, jumps of twelve orders of magnitude. */
const anyValue = fc.oneof(
  { weight: 8, arbitrary: fc.double({ noNaN: true, min: 0, max: 100 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, min: 0, max: 1e12 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, NaN, -1, Infinity, 1e308) },
);
const anySeries = fc
  .array(anyValue, { minLength: 1, maxLength: 90 })
  .chain((pattern) =>
    fc
      .integer({ min: 0, max: 4 * WEEK })
      .map((hours) => series(hours, (hour) => pattern[hour % pattern.length] ?? NaN)),
  );

const inOrder = (values: readonly number[]): boolean =>
  values.every((value, i) => Number.isFinite(value) && value >= (values[i - 1] ?? -Infinity));

describe('whatever the past', () => {
  test('each hour has lower ≤ median ≤ upper, finite and not negative', () => {
    fc.assert(
      fc.property(anySeries, (past) => {
        const made = forecastHours(past, past.firstHour + past.values.length);
        if ('absent' in made) return;
        const hours = Array.from({ length: HORIZON_HOURS }, (_, h) => h);
        const wrong = hours.filter(
          (h) => !inOrder([0, made.lower[h] ?? NaN, made.median[h] ?? NaN, made.upper[h] ?? NaN]),
        );
        expect(wrong).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  test('each day has its interval around mean and peak, and no peak below the mean', () => {
    fc.assert(
      fc.property(anySeries, (means) => {
        const maxima = runningMaximum(means, 2);
        const made = outlook({ means, maxima }, means.firstHour + means.values.length);
        if ('absent' in made) return;
        for (const { mean, lower, upper, peak, peakLower, peakUpper } of made.days) {
          expect(inOrder([0, lower, mean, upper])).toBe(true);
          expect(inOrder([0, peakLower, peak, peakUpper])).toBe(true);
          expect(peak).toBeGreaterThanOrEqual(mean);
        }
        for (const { accuracy, coverage } of made.weeks) {
          expect(inOrder([0, accuracy, 1])).toBe(true);
          expect(inOrder([0, coverage, 1])).toBe(true);
        }
      }),
      { numRuns: 5 },
    );
  });

  test('the same past gives the same forecast', () => {
    fc.assert(
      fc.property(anySeries, (past) => {
        const hour = past.firstHour + past.values.length;
        const copy = { ...past, values: past.values.slice() };
        expect(forecastHours(past, hour)).toEqual(forecastHours(past, hour));
        expect(past).toEqual(copy);
      }),
      { numRuns: 2 },
    );
  });
});

describe('the outlook of a resource', () => {
  const load = (hour: number): number => weekend(hour) + noise(hour);
  const made = (hours: number, value = load): Outlook => {
    const means = series(hours, value);
    const maxima = series(hours, (hour) => 1.5 * value(hour));
    const found = outlook({ means, maxima }, MONDAY + hours);
    if ('absent' in found) throw new Error(found.absent);
    return found;
  };

  test('has today and the six days after it, each whole', () => {
    const { days } = made(4 * WEEK + 10);
    expect(days.map(({ day }) => day * DAY - MONDAY)).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((d) => 4 * WEEK + d * DAY),
    );
    for (const { day, mean, peak } of days) {
      const hours = Array.from({ length: DAY }, (_, hour) => load(day * DAY - MONDAY + hour));
      const truth = hours.reduce((sum, each) => sum + each, 0) / DAY;
      expect(Math.abs(mean / truth - 1)).toBeLessThan(0.15);
      expect(Math.abs(peak / (1.5 * Math.max(...hours)) - 1)).toBeLessThan(0.15);
    }
  });

  test('tells how the forecasts of the last weeks did, newest first', () => {
    const { weeks } = made(4 * WEEK);
    expect(weeks.map(({ firstHour }) => firstHour - MONDAY)).toEqual([3 * WEEK, 2 * WEEK, WEEK]);
    expect(weeks[0]?.accuracy).toBeGreaterThan(0.9);
    expect(weeks[0]?.skill).toBeLessThan(1);
    expect(weeks[0]?.coverage).toBeGreaterThan(0.6);
    expect(weeks.every(({ hours }) => hours === WEEK)).toBe(true);
  });

  test.each<[string, number, (hour: number) => number, string]>([
    ['a steady load of four weeks', 4 * WEEK, () => 5, 'VeryHigh'],
    ['a regular load of four weeks', 4 * WEEK, weekend, 'High'],
    ['five days, of which no week can be forecast and compared', 5 * DAY, daily, 'Low'],
    ['bursts that nobody can foresee', 4 * WEEK, (hour) => (noise(hour) > 0.4 ? 50 : 1), 'Low'],
  ])('%s: confidence', (_, hours, value, confidence) => {
    expect(made(hours, value).confidence).toBe(confidence);
  });
});
