import { createArena } from './arena.ts';
import { BINS_PER_DAY } from './bins.ts';
import { createDailyProfile, storeInProfile, usualAt, usualMax, type DailyProfile } from './daily-profile.ts';
import {
  createSevenDays,
  lookAheadInDays,
  seasonAt,
  seasonMax,
  storeInDays,
  type SevenDays,
} from './seven-days.ts';

const NOON = BINS_PER_DAY / 2;

/** Whole days with one value each, and half a day after them. */
function sevenDays(values: readonly number[]): SevenDays {
  const season = createSevenDays(createArena(50_000));
  const end = values.length * BINS_PER_DAY + NOON;
  for (let bin = 0; bin < end; bin++) {
    const value = values[Math.floor(bin / BINS_PER_DAY)] ?? 0;
    if (!Number.isNaN(value)) storeInDays(season, bin, value);
  }
  lookAheadInDays(season, end - 1, end + 40);
  return season;
}

describe('seven days by minutes', () => {
  test.each([
    ['one day', [10], { profile: 10, yesterday: 10, week: NaN }],
    ['two days', [10, 30], { profile: 20, yesterday: 30, week: NaN }],
    ['an odd number of days', [10, 900, 30], { profile: 30, yesterday: 30, week: NaN }],
    ['days of which one is unknown', [10, NaN, 30], { profile: 20, yesterday: 30, week: NaN }],
    ['seven days', [1, 2, 3, 4, 5, 6, 700], { profile: 4, yesterday: 700, week: 1 }],
    [
      'nine days, of which seven count',
      [9e9, 9e9, 1, 2, 3, 4, 5, 6, 7],
      { profile: 4, yesterday: 7, week: 1 },
    ],
  ])('of %s tell their median, the last, and the one a week ago', (_what, values, expected) => {
    const season = sevenDays(values);
    const soon = values.length * BINS_PER_DAY + NOON + 8;
    expect(seasonAt(season.profile, soon)).toBe(expected.profile);
    expect(seasonAt(season.yesterday, soon)).toBe(expected.yesterday);
    expect(seasonAt(season.lastWeek, soon)).toBe(expected.week);
  });

  test('are linear between the middles of minutes, and largest at a middle or an end', () => {
    const season = createSevenDays(createArena(50_000));
    for (let bin = 0; bin < BINS_PER_DAY; bin++) storeInDays(season, bin, bin >= 40 && bin < 44 ? 100 : 0);
    storeInDays(season, BINS_PER_DAY, 0);
    lookAheadInDays(season, BINS_PER_DAY, BINS_PER_DAY + 60);
    const at = (bin: number): number => seasonAt(season.yesterday, BINS_PER_DAY + bin);
    expect([at(38), at(40), at(41), at(42), at(44)]).toEqual([12.5, 62.5, 87.5, 87.5, 37.5]);
    expect(seasonMax(season.yesterday, BINS_PER_DAY + 30, BINS_PER_DAY + 50)).toBe(100);
    expect(seasonMax(season.yesterday, BINS_PER_DAY + 30, BINS_PER_DAY + 38)).toBe(12.5);
  });

  test('after a gap of eight days nothing is left', () => {
    const season = sevenDays([10, 10]);
    storeInDays(season, 12 * BINS_PER_DAY, 10);
    lookAheadInDays(season, 12 * BINS_PER_DAY, 12 * BINS_PER_DAY + 40);
    expect(seasonAt(season.profile, 12 * BINS_PER_DAY + 20)).toBeNaN();
  });
});

describe('a daily profile', () => {
  function profileOf(values: readonly number[]): DailyProfile {
    const profile = createDailyProfile(createArena(3000));
    for (let bin = 0; bin < values.length * BINS_PER_DAY; bin++) {
      storeInProfile(profile, bin, values[Math.floor(bin / BINS_PER_DAY)] ?? 0);
    }
    return profile;
  }

  test('is unknown on the first day, then the first, then moves by a quarter towards each day', () => {
    expect(usualAt(createDailyProfile(createArena(3000)), NOON)).toBeNaN();
    expect(usualAt(profileOf([8]), BINS_PER_DAY + NOON)).toBe(8);
    expect(usualAt(profileOf([8, 16]), 2 * BINS_PER_DAY + NOON)).toBe(10);
  });

  test('does not explain today by today', () => {
    const profile = profileOf([8]);
    for (let bin = BINS_PER_DAY; bin < BINS_PER_DAY + NOON; bin++) storeInProfile(profile, bin, 100);
    expect(usualAt(profile, BINS_PER_DAY + NOON - 1)).toBe(8);
    expect(usualMax(profile, BINS_PER_DAY + NOON - 1, BINS_PER_DAY + NOON + 50)).toBe(8);
  });
});
