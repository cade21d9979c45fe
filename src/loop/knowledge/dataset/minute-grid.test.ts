import fc from 'fast-check';
import { cleanSeries } from './clean-series.ts';
import { coverageOf, gapsIn, MINUTE_MS, minuteValues } from './minute-grid.ts';

/** @param samples seconds and values */
function minutes(samples: readonly (readonly [number, number])[], count: number): number[] {
  const series = cleanSeries({
    feature: 'requestRate',
    source: 'a test',
    kind: 'Gauge',
    times: Float64Array.from(samples, ([at]) => at * 1000),
    values: Float64Array.from(samples, ([, value]) => value),
  });
  return [...minuteValues(series, { firstMinute: 0, minutes: count })];
}

const every = (seconds: number, ...values: number[]): [number, number][] =>
  values.map((value, index) => [index * seconds, value]);

// prettier-ignore
const GRIDS: readonly [string, [number, number][], number, number[]][] = [
  ['each minute has its own sample', every(60, 1, 2, 3), 3, [1, 2, 3]],
  ['the newest of several samples counts, and none from after the minute', [[-1, 9], ...every(15, 1, 2, 3, 4, 5, 6)], 2, [1, 5]],
  ['a missing minute is a gap', [[0, 1], [60, 2], [180, 4], [240, 5]], 5, [1, 2, NaN, 4, 5]],
  ['a sample that is a little late leaves no gap', [[0, 1], [59.9, 2], [120.1, 3], [180, 4]], 4, [1, 2, 2, 4]],
  ['five minutes apart, each stands until the next', every(300, 1, 2, 3), 11, [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3]],
  ['further apart, a sample stands for five minutes and no longer', every(900, 1, 2, 3), 16, [1, 1, 1, 1, 1, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, 2]],
  ['what cannot be is a gap, though there was a value before', [...every(30, 1, 2, -3, 4, 5)], 3, [1, NaN, 5]],
  ['after the last sample nothing is known', every(60, 1, 2), 4, [1, 2, NaN, NaN]],
  ['before the first sample nothing is known', [[120, 1], [180, 2]], 4, [NaN, NaN, 1, 2]],
  ['no sample at all', [], 2, [NaN, NaN]],
];

test.each(GRIDS)('%s', (_, samples, count, expected) => {
  expect(minutes(samples, count)).toEqual(expected);
});

test('a minute has the newest sample that is not later and at most five minutes old, or nothing', () => {
  const sample = fc.tuple(fc.integer({ min: -200, max: 2000 }), fc.double({ noNaN: true, min: 0, max: 9 }));
  const series = fc.uniqueArray(sample, { selector: ([at]) => at, maxLength: 60 });
  fc.assert(
    fc.property(series, (samples) => {
      for (const [row, value] of minutes(samples, 30).entries()) {
        const before = samples.filter(([at]) => at <= 60 * row).toSorted(([a], [b]) => b - a);
        const [at, newest] = before[0] ?? [];
        if (!Number.isNaN(value)) expect(value).toBe(newest);
        // What is younger than a minute always counts, what is five minutes old never.
        const age = 60 * row - (at ?? -Infinity);
        if (age < 60 && at !== undefined && samples.length > 1) expect(value).toBe(newest);
        if (age >= 300) expect(value).toBeNaN();
      }
    }),
  );
});

test('gaps are told from the first minute without a value to the next with one', () => {
  const values = Float64Array.from([NaN, 1, NaN, NaN, 2, NaN]);
  const at = (from: number, to: number): object => ({
    from: (10 + from) * MINUTE_MS,
    to: (10 + to) * MINUTE_MS,
  });
  expect(gapsIn(values, 10, 9)).toEqual([at(0, 1), at(2, 4), at(5, 6)]);
  expect(gapsIn(values, 10, 2)).toEqual([at(0, 1), at(2, 4)]);
  expect(coverageOf(values)).toBeCloseTo(1 / 3);
  expect(coverageOf(new Float64Array())).toBe(0);
});
