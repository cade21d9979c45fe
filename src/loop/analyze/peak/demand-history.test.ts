import { BINS_PER_DAY } from './bins.ts';
import { createDemandHistory, recordBin, type DemandHistory } from './demand-history.ts';
import { describePeakOrigin, PEAK_FEATURES } from './peak-features.ts';
import { extremeOf } from './rolling-extreme.ts';
import { meanOf } from './rolling-mean.ts';
import { seasonalAt } from './seasonal-bins.ts';

function historyOf(values: readonly number[], from = 0): DemandHistory {
  const history = createDemandHistory(16);
  values.forEach((value, i) => recordBin(history, from + i, value));
  return history;
}

/** The features by name at the newest bin, for a window 1 … 3 bins after a decision 3 bins later. */
function featuresOf(history: DemandHistory): Record<string, number> {
  const features = new Float64Array(PEAK_FEATURES.length);
  const bin = history.newest;
  describePeakOrigin(features, history, { bin, decisionBin: bin + 3, window: { from: 1, to: 3 } });
  return Object.fromEntries(PEAK_FEATURES.map((name, i) => [name, features[i] ?? NaN]));
}

describe('a history of demand', () => {
  test('describes the last bins', () => {
    const features = featuresOf(historyOf([8, 2, 4, 4, 6, 5, 7, 9, 10, 12]));
    expect(features).toMatchObject({
      'newest − mean of 2': 1,
      'newest − 2 ago': 3,
      'newest − 4 ago': 7,
      'newest − 8 ago': 10,
      'newest − mean of 4': 2.5,
      'max of 20 − newest': 0,
      'newest − min of 20': 10,
    });
    expect(features['level / 10']).toBeCloseTo(0.67, 12);
    expect(features['newest − mean of 20']).toBeCloseTo(12 - 6.7, 12);
    expect(features['mean step of 20']).toBeCloseTo(18 / 9, 12);
  });

  test('says nothing of a season on its first day', () => {
    const features = featuresOf(historyOf([1, 2, 3]));
    for (const name of PEAK_FEATURES.slice(13)) expect(features[name]).toBe(0);
  });

  test('knows what yesterday and last week had, smoothed over three bins', () => {
    const peak = BINS_PER_DAY + 105;
    const values = Array.from({ length: 8 * BINS_PER_DAY + 100 }, (_, bin) => (bin === peak ? 40 : 10));
    const history = historyOf(values);
    // The newest bin is 99 of day 8; the window is 103 … 105 of it, and a week ago there was a peak at 105.
    expect(featuresOf(history)).toMatchObject({
      'profile: window max − now': 0,
      'profile now − newest': 0,
      'yesterday: window max − now': 0,
      'last week: window max − then': 10,
      'last week then − newest': 0,
    });
  });

  test('bins that were left out count as unknown and not as zero', () => {
    const history = historyOf([10, 10, 10]);
    recordBin(history, 12, 20);
    expect(meanOf(history.mean20)).toBe(12.5);
    expect(extremeOf(history.min20, history.values)).toBe(10);
    expect(meanOf(history.step20)).toBe(0);
    expect(featuresOf(history)['newest − 2 ago']).toBe(0);
  });

  test.each([
    ['two hours', 500],
    ['just what is kept', 512],
    ['a day', BINS_PER_DAY],
    ['eight days', 8 * BINS_PER_DAY],
  ])('after a gap of %s its windows hold only what came after it', (_what, gap) => {
    const history = historyOf(Array.from({ length: 600 }, (_, i) => 1000 + i));
    const from = 600 + gap;
    for (let bin = from; bin < from + 5; bin++) recordBin(history, bin, 3);
    expect(meanOf(history.mean240)).toBe(3);
    expect(meanOf(history.mean2)).toBe(3);
    expect(meanOf(history.step240)).toBe(0);
    expect(extremeOf(history.max80, history.values)).toBe(3);
  });

  test('a gap within a day leaves the other days in place, one of a week leaves nothing', () => {
    const day = Array.from({ length: BINS_PER_DAY }, () => 50);
    const nextDay = historyOf(day);
    recordBin(nextDay, BINS_PER_DAY + 1000, 60);
    expect(seasonalAt(nextDay.seasonal.yesterday, BINS_PER_DAY + 1005)).toBe(50);
    const later = historyOf(day);
    recordBin(later, 9 * BINS_PER_DAY, 60);
    expect(seasonalAt(later.seasonal.profile, 9 * BINS_PER_DAY + 5)).toBeNaN();
  });

  test('its level is the mean of the first day and follows at the pace of a day after it', () => {
    const history = historyOf(Array.from({ length: BINS_PER_DAY }, (_, i) => i % 2));
    expect(history.level).toBeCloseTo(0.5, 9);
    for (let i = 0; i < BINS_PER_DAY; i++) recordBin(history, history.newest + 1, 1);
    expect(history.level).toBeCloseTo(1 - 0.5 / Math.E, 3);
  });
});
