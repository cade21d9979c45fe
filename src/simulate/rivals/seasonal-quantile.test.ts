import { SeasonalQuantile } from './seasonal-quantile.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const START = 20_000 * DAY;

/** Days of one value each minute. */
function learn(days: number, valueAt: (day: number, minute: number) => number | undefined): SeasonalQuantile {
  const season = new SeasonalQuantile();
  for (let i = 0; i < days * 1440; i += 1) {
    const value = valueAt(Math.floor(i / 1440), i % 1440);
    if (value !== undefined) season.add(START + i * MINUTE, value);
  }
  return season;
}

describe('seasonal median with a conformal bound', () => {
  it('says nothing on the first day', () => {
    const season = learn(1, () => 5);
    expect(season.upper(START + DAY, START + DAY + MINUTE, 0.9)).toBeUndefined();
  });

  it('repeats days that are alike exactly, at every level', () => {
    const season = learn(3, (_, minute) => minute);
    const from = START + 3 * DAY + 100 * MINUTE;
    expect([0.5, 0.99].map((level) => season.upper(from, from, level))).toEqual([100, 100]);
  });

  it('takes the largest minute of the asked time', () => {
    const season = learn(3, (_, minute) => (minute === 102 ? 50 : 1));
    const from = START + 3 * DAY + 100 * MINUTE;
    expect(season.upper(from, from + MINUTE, 0.5)).toBe(1);
    expect(season.upper(from, from + 2 * MINUTE, 0.5)).toBe(50);
  });

  it('takes the median of the days, so that one strange day does not count', () => {
    const season = learn(5, (day) => (day === 2 ? 900 : 10));
    expect(season.upper(START + 5 * DAY, START + 5 * DAY, 0.5)).toBe(10);
  });

  it('takes the largest value within a minute', () => {
    const season = learn(2, () => 3);
    for (const value of [4, 8, 6]) season.add(START + 2 * DAY, value);
    season.add(START + 3 * DAY - MINUTE, 3);
    // Of 3, 3 and 8 the median is 3 still; of 8 alone on the day before it would be 8.
    expect(season.upper(START + 3 * DAY, START + 3 * DAY, 0.5)).toBe(3);
    const single = new SeasonalQuantile();
    for (const value of [4, 8, 6]) single.add(START, value);
    single.add(START + DAY, 8);
    single.add(START + DAY + MINUTE, 0);
    expect(single.upper(START + DAY, START + DAY, 0.5)).toBe(8);
  });

  it('adds what its medians were wrong by, at the level', () => {
    // Each day is 0 … 9 above the median of those before it, by the minute: residuals are uniform on 0 … 9.
    const season = learn(2, (day, minute) => (day === 0 ? 100 : 100 + (minute % 10)));
    const bound = (level: number) => season.upper(START + 2 * DAY, START + 2 * DAY, level) ?? 0;
    // The median of 100 and 100 (minute 0) is 100.
    expect(bound(0.45)).toBeCloseTo(104, 6);
    expect(bound(0.95)).toBeCloseTo(109, 6);
  });

  it('covers the asked share of the coming minutes', () => {
    let state = 1;
    const noise = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const season = learn(6, (_, minute) => 100 + minute / 10 + 20 * noise());
    let covered = 0;
    for (let minute = 0; minute < 1440; minute += 1) {
      const at = START + 6 * DAY + minute * MINUTE;
      if (100 + minute / 10 + 20 * noise() <= (season.upper(at, at, 0.9) ?? 0)) covered += 1;
    }
    expect(covered / 1440).toBeGreaterThan(0.86);
    expect(covered / 1440).toBeLessThan(0.94);
  });

  it('learns nothing of minutes that were not measured', () => {
    const season = learn(3, (day, minute) => (day === 1 && minute < 60 ? undefined : 7));
    expect(season.upper(START + 3 * DAY, START + 3 * DAY, 0.99)).toBe(7);
  });
});
