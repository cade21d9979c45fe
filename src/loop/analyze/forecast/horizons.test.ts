import { blendOf, LEVELS, quantileAt } from './horizons.ts';

test.each([
  ['shorter than the shortest window', 0.5, { lower: 0, upper: 0, share: 0 }],
  ['exactly a window', 5, { lower: 2, upper: 2, share: 0 }],
  ['between two windows', 10, { lower: 2, upper: 3, share: 0.5 }],
  ['longer than the longest window', 90, { lower: 4, upper: 4, share: 0 }],
])('a lead %s is blended of its neighbours', (_what, minutes, expected) => {
  expect(blendOf(minutes)).toEqual(expected);
});

test.each([
  [0.5, 10],
  [0.65, 15],
  [0.8, 20],
  [0.95, 40],
  [0.96, 44],
  [0.99, 60],
])('the quantile at %d lies on the line between the learned levels', (level, expected) => {
  const quantiles = [10, 20, 30, 40, 50, 60];
  expect(quantiles).toHaveLength(LEVELS.length);
  expect(quantileAt(quantiles, level)).toBeCloseTo(expected, 9);
});

test('quantiles never fall as the level rises, not even by a rounding error', () => {
  // 0.3 + (0.9 - 0.3) is a little more than 0.9 in doubles.
  const quantiles = [0.3, 0.3, 0.9, 0.9, 0.9, 0.9];
  expect(quantileAt(quantiles, 0.9)).toBe(0.9);
  expect(quantileAt(quantiles, 0.951)).toBe(0.9);
});
