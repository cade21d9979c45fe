import { BIN_MS, binOf, createSeries, recordSample, type DemandSeries } from '../../monitor/series.ts';
import {
  createSeasonTrust,
  dailyTrust,
  expectedIncrement,
  learnSeason,
  seasonIncrement,
  weeklyTrust,
} from './season.ts';

const T0 = Date.UTC(2025, 0, 6);
const DAY = 1440;
const NOON = binOf(T0) + 8 * DAY - DAY / 2;

/** Eight days; demand 10, and `peaks[day]` from minute 725 of that day on. */
function days(peaks: readonly (number | undefined)[]): DemandSeries {
  const series = createSeries();
  const now = T0 + 8 * DAY * BIN_MS;
  for (let minute = 0; minute < 7.5 * DAY + 1; minute++) {
    const peak = peaks[Math.floor(minute / DAY)];
    const value = peak !== undefined && minute % DAY >= 725 ? peak : 10;
    recordSample(series, { at: T0 + minute * BIN_MS, value }, now);
  }
  return series;
}

describe('the increment of earlier days', () => {
  test('is what most of them did within the window', () => {
    const series = days([30, 30, 30, 30, 30, 30, 30]);
    expect(seasonIncrement(series, NOON, 10)).toEqual({ daily: 20, weekly: 20, spread: 0 });
    expect(seasonIncrement(series, NOON, 4)).toMatchObject({ daily: 0 });
    expect(seasonIncrement(series, NOON, 5)).toMatchObject({ daily: 20 });
  });

  test.each([
    ['one day went through the roof', [30, 30, 5000, 30, 30, 30, 30], 20],
    ['one day stayed flat', [30, 30, 30, 30, 30, 30, undefined], 20],
    ['only one day rose', [undefined, undefined, undefined, 900, undefined, undefined, undefined], 0],
  ])('does not follow a single day: %s', (_what, peaks, daily) => {
    expect(seasonIncrement(days(peaks), NOON, 10).daily).toBe(daily);
  });

  test('takes the same day of last week for itself', () => {
    const peaks = [80, undefined, undefined, undefined, undefined, undefined, undefined];
    expect(seasonIncrement(days(peaks), NOON, 10)).toMatchObject({ daily: 0, weekly: 70 });
  });

  test('is unknown before there is a day', () => {
    const series = createSeries();
    recordSample(series, { at: T0, value: 5 }, T0);
    expect(seasonIncrement(series, binOf(T0), 10)).toMatchObject({ daily: NaN, weekly: NaN });
    expect(expectedIncrement(seasonIncrement(series, binOf(T0), 10), 1, 1)).toBe(0);
  });
});

describe('the trust in the season', () => {
  const learned = (rises: (daily: number, turn: number) => number, weekly: number) => {
    const trust = createSeasonTrust();
    for (let turn = 0; turn < 2000; turn++) {
      const daily = ((turn * 7) % 11) - 5;
      const increment = { daily, weekly: daily + weekly * ((turn % 3) - 1), spread: 0 };
      learnSeason(trust, increment, { rise: rises(daily, turn), weight: 1, minutes: 1 });
    }
    return trust;
  };

  test('is full when days repeat', () => {
    expect(dailyTrust(learned((daily) => daily, 0))).toBeCloseTo(1, 2);
  });

  test('is none when the present goes its own way', () => {
    expect(dailyTrust(learned((_daily, turn) => ((turn * 5) % 7) - 3, 0))).toBeLessThan(0.1);
  });

  test('is never negative: a season is not turned upside down', () => {
    expect(dailyTrust(learned((daily) => -daily, 0))).toBe(0);
  });

  test('moves to last week where weeks repeat better than days', () => {
    const trust = learned((daily, turn) => daily + 4 * ((turn % 3) - 1), 4);
    expect(weeklyTrust(trust)).toBeGreaterThan(0.9);
  });
});
