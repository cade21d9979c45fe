import { normal, seededRandom } from '../../../../simulate/random.ts';
import { leadLag, onset } from './lead-lag.ts';

function walk(length: number): Float64Array {
  const random = seededRandom(2);
  let level = 100;
  return Float64Array.from({ length }, () => (level += normal(random)));
}

test.each([0, 1, 4, -3])('a series that is %d points ahead is found to be', (lag) => {
  const all = walk(80);
  const found = leadLag(all.subarray(10 + lag, 60 + lag), all.subarray(10, 60), 6);
  expect(found?.lag).toBe(lag);
  expect(found?.correlation).toBeCloseTo(1, 6);
});

test.each([
  ['constant', new Float64Array(50).fill(3)],
  ['unknown', new Float64Array(50).fill(NaN)],
  ['too short', new Float64Array(4)],
])('with a series that is %s nothing leads', (_, values) => {
  expect(leadLag(values, walk(values.length), 5)).toBeUndefined();
});

test.each([
  ['that began before', [0, 0, 3, 4, 5, 0], 3, 2],
  ['that begins later', [0, 0, 0, 4, 5, 0], 1, 3],
  ['at the first point', [4, 4, 0, 0], 0, 0],
  ['that never was', [0, NaN, 1, 0], 1, NaN],
])('the onset of an anomaly %s', (_, surprises, since, expected) => {
  expect(onset(Float64Array.from(surprises), since, 2)).toBe(expected);
});
