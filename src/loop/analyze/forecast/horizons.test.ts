import fc from 'fast-check';
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
  const rising = fc
    .array(fc.double({ min: 0, max: 2e6, noNaN: true }), { minLength: 2, maxLength: 6 })
    .map((some) => {
      const sorted = some.toSorted((a, b) => a - b);
      return LEVELS.map((_, k) => sorted[Math.min(k, sorted.length - 1)] ?? 0);
    });
  const property = fc.property(rising, (quantiles) => {
    let below = 0;
    for (const level of [0.5, 0.66, 0.8, 0.9, 0.925, 0.95, 0.951, 0.975, 0.99]) {
      const value = quantileAt(quantiles, level);
      expect(value).toBeGreaterThanOrEqual(below);
      below = value;
    }
  });
  fc.assert(property, { numRuns: 500 });
});
