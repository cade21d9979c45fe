import fc from 'fast-check';
import { combine, quantileOf } from './combination.ts';
import { BUCKETS, interpolate } from './horizon-buckets.ts';
import { HORIZON_HOURS } from './hourly-series.ts';
import { pastErrors } from './past-errors.ts';

const values = fc.array(fc.double({ noNaN: true, min: 0, max: 20 }), { minLength: 30, maxLength: 400 });

function combined(past: readonly number[]): ReturnType<typeof combine> {
  const sorted = Float64Array.from(past).sort();
  const middle = quantileOf(sorted, 0.5);
  const deviations = sorted.map((value) => value - middle);
  return combine(pastErrors({ firstHour: 0, values: Float64Array.from(past) }), deviations);
}

test('intervals widen with the horizon or stay, at the same hour of the day', () => {
  fc.assert(
    fc.property(values, (past) => {
      const { below, above } = combined(past);
      for (const distances of [below, above]) {
        let widest = 0;
        for (let h = 1; h <= HORIZON_HOURS; h++) {
          const distance = interpolate(distances, h);
          // Between two buckets of the same width, rounding may take the last digit.
          expect(distance).toBeGreaterThanOrEqual(widest - 1e-12 * widest);
          widest = Math.max(widest, distance);
        }
      }
    }),
    { numRuns: 20 },
  );
});

test('weights of the experts add up to 1 and none is lost', () => {
  fc.assert(
    fc.property(values, (past) => {
      const { weights } = combined(past);
      expect(weights).toHaveLength(BUCKETS);
      for (const shares of weights) {
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
        expect(Math.min(...shares)).toBeGreaterThan(0);
      }
    }),
    { numRuns: 10 },
  );
});

test.each([
  [[], 0.5, 0],
  [[3], 0.9, 3],
  [[1, 2, 3], 0.5, 2],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9], 0.1, 1],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9], 0.95, 9],
  [[0, 10], 0.5, 5],
])('of %j the quantile at %d is %d', (sorted, level, quantile) => {
  expect(quantileOf(Float64Array.from(sorted), level)).toBe(quantile);
});
