import fc from 'fast-check';
import { createArena } from './arena.ts';
import {
  changeUnit,
  countFading,
  createFadingHistogram,
  discountFading,
  fadingQuantiles,
  type FadingHistogram,
} from './fading-histogram.ts';

const UNIT = 0.3;
const SIZE = { below: 60, above: 140, width: 0.07 };

function histogramOf(values: readonly number[], memory = 1): FadingHistogram {
  const histogram = createFadingHistogram(createArena(1000), SIZE, UNIT);
  for (const value of values) countFading(histogram, value, memory);
  return histogram;
}

function quantileOf(histogram: FadingHistogram, level: number): number {
  const out = new Float32Array(1);
  fadingQuantiles(histogram, [level], out);
  return out[0]!;
}

test('its quantiles lie within a bin, 7 % or 0.02, of the exact ones', () => {
  const value = fc.double({ min: -5, max: 500, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, level) => {
        const sorted = values.toSorted((a, b) => a - b);
        // Between two neighbours either is right.
        const rank = level * sorted.length;
        const low = sorted[Math.max(0, Math.ceil(rank - 1e-3) - 1)]!;
        const high = sorted[Math.min(sorted.length - 1, Math.ceil(rank + 1e-3) - 1)] ?? low;
        const found = quantileOf(histogramOf(values), level);
        const slack = (x: number): number => 0.08 * Math.abs(x) + 0.025;
        expect(found).toBeGreaterThanOrEqual(low - slack(low));
        expect(found).toBeLessThanOrEqual(Math.max(low, high) + slack(Math.max(low, high)));
      },
    ),
  );
});

test('old values fade, and discounted ones count by their share', () => {
  const faded = histogramOf([...Array<number>(500).fill(1), ...Array<number>(100).fill(10)], 0.95);
  expect(quantileOf(faded, 0.05)).toBeGreaterThan(9);
  const discounted = histogramOf(Array<number>(100).fill(1));
  discountFading(discounted, 0.01);
  for (let i = 0; i < 10; i++) countFading(discounted, 10, 1);
  expect(quantileOf(discounted, 0.2)).toBeGreaterThan(9);
});

test('forgetting is exact where the gain is taken back', () => {
  // 0.9 to the 200th is 1e-9: the gain has been taken back once on the way.
  const histogram = histogramOf([...Array<number>(10).fill(100), ...Array<number>(200).fill(1)], 0.9);
  const total = histogram.counts.reduce((a, b) => a + b, 0);
  expect(total / histogram.gain).toBeCloseTo(10, 3);
  expect(quantileOf(histogram, 0.999)).toBeLessThan(1.1);
});

test('another unit moves all values to another grid', () => {
  const histogram = histogramOf([1, 2, 3, 500]);
  changeUnit(histogram, 3);
  expect(quantileOf(histogram, 1)).toBeGreaterThan(450);
  expect(quantileOf(histogram, 1)).toBeLessThan(560);
});

test('without values quantiles are zero, and beyond the ends the last bin counts', () => {
  expect(quantileOf(histogramOf([]), 0.9)).toBe(0);
  expect(quantileOf(histogramOf([1e9]), 1)).toBeGreaterThan(2000);
  expect(quantileOf(histogramOf([-1e9]), 0)).toBeLessThan(-9);
});
