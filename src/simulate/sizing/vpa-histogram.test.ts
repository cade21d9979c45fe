import fc from 'fast-check';
import { DecayingHistogram, ExponentialBuckets } from './vpa-histogram.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 0, 1);
const buckets = new ExponentialBuckets(0.01, 1.05, 1000);
const histogram = (): DecayingHistogram => new DecayingHistogram(buckets, DAY, 1e-4);

describe('exponential buckets', () => {
  test('are as many as the vertical pod autoscaler has', () => {
    expect(buckets.count).toBe(176);
    expect(new ExponentialBuckets(1e7, 1.05, 1e12).count).toBe(176);
  });

  test.each([
    [0, 0],
    [0.009, 0],
    [0.015, 1],
    // 0.01 + 0.0105 + 0.011025 = 0.031525
    [0.0315, 2],
    [0.0316, 3],
    [5000, 175],
  ])('%d falls into bucket %i', (value, bucket) => {
    expect(buckets.indexOf(value)).toBe(bucket);
  });

  test('start where the sum of the widths before says', () => {
    let start = 0;
    for (let index = 0; index < buckets.count; index++) {
      expect(buckets.startOf(index)).toBeCloseTo(start, 9);
      start += 0.01 * 1.05 ** index;
    }
  });

  test('hold every value between their bounds', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 999, noNaN: true }), (value) => {
        const bucket = buckets.indexOf(value);
        // A value on a bound may fall to either side by rounding.
        expect(buckets.startOf(bucket)).toBeLessThanOrEqual(value * (1 + 1e-12));
        expect(buckets.startOf(bucket + 1)).toBeGreaterThanOrEqual(value * (1 - 1e-12));
      }),
    );
  });
});

describe('a decaying histogram', () => {
  test('is 0 without samples', () => {
    expect(histogram().percentile(0.9)).toBe(0);
  });

  test('answers with the end of the bucket', () => {
    const samples = histogram();
    samples.add(0.015, 1, NOW);
    expect(samples.percentile(0.5)).toBeCloseTo(0.0205, 9);
  });

  test.each([
    ['newer samples outweigh older ones', 0, 3 * DAY, 5],
    ['of equal age the share decides', 0, 0, 1],
  ])('%s', (_, old, young, nearest) => {
    const samples = histogram();
    for (let n = 0; n < 3; n++) samples.add(1, 1, NOW + old);
    samples.add(5, 1, NOW + young);
    expect(samples.percentile(0.5) / nearest).toBeCloseTo(1, 1);
  });

  test('weighs as much after the weights were scaled back, but for what has faded to nothing', () => {
    const samples = histogram();
    samples.add(9, 1, NOW);
    samples.add(1, 1, NOW + 140 * DAY);
    samples.add(5, 1, NOW + 141 * DAY);
    expect(samples.percentile(0.01)).toBeCloseTo(buckets.startOf(buckets.indexOf(1) + 1), 9);
    expect(samples.percentile(0.5)).toBeCloseTo(buckets.startOf(buckets.indexOf(5) + 1), 9);
    expect(samples.percentile(1)).toBeCloseTo(buckets.startOf(buckets.indexOf(5) + 1), 9);
  });

  test('forgets what is subtracted', () => {
    const samples = histogram();
    samples.add(1, 1, NOW);
    samples.add(7, 1, NOW);
    samples.subtract(7, 1, NOW);
    expect(samples.percentile(1)).toBeCloseTo(buckets.startOf(buckets.indexOf(1) + 1), 9);
    samples.subtract(1, 1, NOW);
    expect(samples.percentile(1)).toBe(0);
  });
});
