import fc from 'fast-check';
import { createRecentBins, knownMax, setRecentBin } from './recent-bins.ts';
import { createRollingExtreme, extremeOf, moveExtreme } from './rolling-extreme.ts';
import { createRollingMean, meanOf, moveMean } from './rolling-mean.ts';

const value = fc.oneof(
  { arbitrary: fc.double({ min: 0, max: 1e6, noNaN: true }), weight: 4 },
  { arbitrary: fc.constantFrom(0, 7), weight: 2 },
  { arbitrary: fc.constant(NaN), weight: 1 },
);
const series = fc.array(value, { minLength: 1, maxLength: 700 });
const bins = fc.constantFrom(1, 2, 4, 20, 60, 80, 240);

function newest(values: readonly number[], count: number): number[] {
  return values.slice(-count).filter((known) => !Number.isNaN(known));
}

describe('over the newest bins, those without a value left out,', () => {
  test('the rolling mean is the mean', () => {
    fc.assert(
      fc.property(series, bins, (values, count) => {
        const recent = createRecentBins();
        const mean = createRollingMean(count);
        values.forEach((entry, bin) => {
          setRecentBin(recent, bin, entry);
          moveMean(mean, recent, bin);
        });
        const known = newest(values, count);
        const expected = known.reduce((sum, entry) => sum + entry, 0) / Math.max(1, known.length);
        expect(Math.abs(meanOf(mean) - expected)).toBeLessThanOrEqual(1e-12 * 1e6 * count);
      }),
    );
  });

  test.each([1, -1] as const)('the rolling extreme of sign %d is the extreme', (sign) => {
    fc.assert(
      fc.property(series, bins, (values, count) => {
        const recent = createRecentBins();
        const extreme = createRollingExtreme(count, sign);
        values.forEach((entry, bin) => {
          setRecentBin(recent, bin, entry);
          moveExtreme(extreme, recent, bin);
        });
        const known = newest(values, count);
        const expected = known.length === 0 ? NaN : sign * Math.max(...known.map((entry) => sign * entry));
        // 0 and -0 are one number here.
        expect(extremeOf(extreme, recent) + 0).toBe(expected + 0);
      }),
    );
  });
});

test('a huge value leaves no rounding error behind when it has left the window', () => {
  const recent = createRecentBins();
  const mean = createRollingMean(20);
  for (let bin = 0; bin < 60; bin++) {
    setRecentBin(recent, bin, bin === 5 ? 1e30 : 0.1);
    moveMean(mean, recent, bin);
  }
  expect(meanOf(mean)).toBeCloseTo(0.1, 12);
});

test('a maximum of which one bin is unknown is unknown', () => {
  const recent = createRecentBins();
  [3, 9, NaN, 4, 5].forEach((entry, bin) => setRecentBin(recent, bin, entry));
  expect(knownMax(recent, 0, 1)).toBe(9);
  expect(knownMax(recent, 3, 4)).toBe(5);
  expect(knownMax(recent, 1, 3)).toBeNaN();
});
