import fc from 'fast-check';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import { normalUpperTail, theilSen } from './theil-sen.ts';

const times = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => i);

test('a line is found as it is', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1000, max: 1000 }),
      fc.integer({ min: -1000, max: 1000 }),
      (slope, intercept) => {
        const trend = theilSen(
          times(20),
          times(20).map((at) => intercept + slope * at),
        );
        expect(trend?.slope).toBeCloseTo(slope, 9);
        expect(trend?.intercept).toBeCloseTo(intercept, 6);
      },
    ),
  );
});

test('a quarter of the points may be anything', () => {
  const y = times(40).map((at) => (at % 4 === 0 ? 1e6 * Math.sin(at) : 3 * at));
  expect(theilSen(times(40), y)?.slope).toBeCloseTo(3, 0);
});

test('unknown points are left out', () => {
  const y = times(30).map((at) => (at % 3 === 0 ? NaN : 2 * at));
  expect(theilSen(times(30), y)?.slope).toBeCloseTo(2, 9);
});

test.each([
  ['independent noise', 0],
  ['noise that remembers', 0.7],
])('of %s without a trend, about one in twenty looks like one at 5 %%', (_, memory) => {
  const random = seededRandom(5);
  let rejected = 0;
  let held = 0;
  const runs = 400;
  for (let run = 0; run < runs; run += 1) {
    let state = 0;
    const y = times(60).map(() => (state = memory * state + normal(random)));
    const trend = theilSen(times(60), y);
    rejected += Number((trend?.p ?? 1) <= 0.05);
    held += Number((trend?.lower ?? NaN) <= 0 && 0 <= (trend?.upper ?? NaN));
  }
  expect(rejected / runs).toBeLessThan(0.1);
  expect(held / runs).toBeGreaterThan(0.84);
});

test.each([
  ['two points', [1, 2]],
  ['nothing known', [NaN, NaN, NaN, NaN]],
  ['no points', []],
])('%s have no trend', (_, values) => {
  expect(theilSen(times(values.length), Float64Array.from(values))).toBeUndefined();
});

test('a constant has no slope and is no trend', () => {
  const trend = theilSen(times(30), new Float64Array(30).fill(7));
  expect(trend).toMatchObject({ slope: 0, lower: 0, upper: 0, intercept: 7 });
  expect(trend?.p).toBeCloseTo(0.5, 6);
});

test.each([
  [0, 0.5],
  [1.6449, 0.05],
  [-1.6449, 0.95],
  [3.0902, 1e-3],
  [6, 9.8659e-10],
])('beyond %d standard deviations is a chance of %d', (z, p) => {
  expect(normalUpperTail(z) / p).toBeCloseTo(1, 3);
});
