import { DAY, wave, WEEK } from '../../../test/support/crane-series.ts';
import { seededRandom } from '../random.ts';
import { CranePredictor, largestValue } from './crane-predictor.ts';

describe('CranePredictor', () => {
  const clean = (minute: number): number => 200 + 100 * wave(minute, DAY);

  function fed(count: number, value: (minute: number) => number = clean): CranePredictor {
    const predictor = new CranePredictor(seededRandom(1));
    for (let minute = 0; minute < count; minute += 1) predictor.add(minute, value(minute));
    return predictor;
  }

  test('says nothing before two days', () => {
    expect(fed(2 * DAY - 1).predict()).toBeUndefined();
    expect(fed(2 * DAY).predict()).toBeDefined();
  });

  test('continues a clean wave with the smallest margin, day after day', () => {
    const prediction = fed(WEEK + 75).predict()!;
    expect(prediction.from).toBe(WEEK + 75);
    expect(prediction.until).toBe(WEEK + 75 + WEEK);
    for (const minute of [WEEK + 75, WEEK + 400, WEEK + 1900]) {
      // Outliers are cut off: the tip of the wave is a little lower.
      expect(largestValue(prediction, minute, minute)! / (1.01 * clean(minute))).toBeCloseTo(1, 3);
    }
  });

  test('says nothing about noise', () => {
    const random = seededRandom(9);
    expect(fed(WEEK, () => 100 + 20 * random()).predict()).toBeUndefined();
  });

  test('forgets what is older than its history', () => {
    const late = fed(4 * WEEK, (minute) => (minute < 2 * WEEK ? 1000 : clean(minute))).predict()!;
    expect(largestValue(late, late.from, late.until)!).toBeCloseTo(303, 0);
  });
});

describe('largestValue', () => {
  const prediction = { from: 10, until: 16, values: Float64Array.of(1, 5, 2) };

  test.each([
    { first: 10, last: 12, expected: 5 },
    { first: 12, last: 13, expected: 2 },
    { first: 14, last: 99, expected: 5 },
    { first: 0, last: 10, expected: 1 },
    { first: 16, last: 20, expected: undefined },
    { first: 0, last: 9, expected: undefined },
  ])('from minute $first to $last is $expected', ({ first, last, expected }) => {
    expect(largestValue(prediction, first, last)).toBe(expected);
  });
});
