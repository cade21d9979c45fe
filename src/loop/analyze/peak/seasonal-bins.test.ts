import { BINS_PER_DAY } from './bins.ts';
import {
  clearSeasonal,
  createSeasonalBins,
  lookAhead,
  seasonalAt,
  seasonalMax,
  storeSeasonal,
  type SeasonalBins,
} from './seasonal-bins.ts';

const NOON = BINS_PER_DAY / 2;

/** Days from day 0 on with one value each, until noon of the day after them; values at noon and later are raised by 1. */
function days(values: readonly number[], reach = 4): SeasonalBins {
  const seasonal = createSeasonalBins(reach);
  const end = values.length * BINS_PER_DAY + NOON;
  for (let bin = 0; bin < end; bin++) {
    const day = values[Math.floor(bin / BINS_PER_DAY)] ?? 0;
    storeSeasonal(seasonal, bin, day + (bin % BINS_PER_DAY >= NOON + 2 ? 1 : 0));
  }
  lookAhead(seasonal, end);
  return seasonal;
}

function noonAfter(count: number): number {
  return count * BINS_PER_DAY + NOON;
}

describe('the season at a bin ahead', () => {
  test.each([
    ['one day', [10], { profile: 10, yesterday: 10, week: NaN }],
    ['two days', [10, 30], { profile: 20, yesterday: 30, week: NaN }],
    ['an odd number of days', [10, 900, 30], { profile: 30, yesterday: 30, week: NaN }],
    ['seven days', [1, 2, 3, 4, 5, 6, 700], { profile: 4, yesterday: 700, week: 1 }],
    [
      'nine days, of which seven count',
      [9e9, 9e9, 1, 2, 3, 4, 5, 6, 7],
      { profile: 4, yesterday: 7, week: 1 },
    ],
  ])('of %s is their median, the last, and the one a week ago', (_what, values, expected) => {
    const seasonal = days(values);
    const noon = noonAfter(values.length);
    expect(seasonalAt(seasonal.profile, noon + 1)).toBe(expected.profile);
    expect(seasonalAt(seasonal.yesterday, noon + 1)).toBe(expected.yesterday);
    expect(seasonalAt(seasonal.lastWeek, noon + 1)).toBe(expected.week);
    expect(seasonalMax(seasonal.profile, noon, noon + 3)).toBe(expected.profile + 1);
  });

  test('leaves out days that are unknown', () => {
    const seasonal = days([10, NaN, 30]);
    expect(seasonalAt(seasonal.profile, noonAfter(3))).toBe(20);
  });

  test('is unknown on the first day and after it was cleared', () => {
    expect(seasonalAt(days([]).profile, NOON)).toBeNaN();
    const seasonal = days([10]);
    clearSeasonal(seasonal);
    lookAhead(seasonal, noonAfter(1));
    expect(seasonalMax(seasonal.profile, noonAfter(1), noonAfter(1) + 4)).toBeNaN();
  });
});

test.each([-1, 1.5, 5759, NaN])('a reach of %d bins is refused', (reach) => {
  expect(() => createSeasonalBins(reach)).toThrow(/use a shorter window/);
});
