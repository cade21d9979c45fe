import { addSample, columnOf, createThinnedBins, type ThinnedBins } from './thinned-bins.ts';

const MINUTE = 60_000;

function bins(capacity = 8): ThinnedBins {
  return createThinnedBins({ capacity, means: 2, firstStepMs: MINUTE, maxStepMs: 4 * MINUTE });
}

function feed(of: ThinnedBins, minutes: number): void {
  for (let minute = 0; minute < minutes; minute += 1) addSample(of, minute * MINUTE, minute, 2 * minute);
}

test('a bin has the means of its samples, and the largest of the first', () => {
  const of = bins();
  for (const [second, value] of [3, 9, 6].entries()) addSample(of, second * 1000, value, -value);
  expect(addSample(of, MINUTE, 0, 0)).toBe(true);
  expect([0, 1, 2].map((column) => columnOf(of, column)[0])).toEqual([6, -6, 9]);
});

test('when all are used, two become one and each is twice as long', () => {
  const of = bins();
  feed(of, 9);
  expect(of.stepMs).toBe(2 * MINUTE);
  expect([...columnOf(of, 0)]).toEqual([0.5, 2.5, 4.5, 6.5]);
  expect([...columnOf(of, 2)]).toEqual([1, 3, 5, 7]);
});

test('bins of the longest step make room by forgetting the oldest', () => {
  const of = bins();
  feed(of, 400);
  expect(of.stepMs).toBe(4 * MINUTE);
  expect(of.count).toBeLessThan(8);
  const last = columnOf(of, 0).at(-1) ?? NaN;
  expect(last).toBeGreaterThan(390);
  expect(of.startedAt + of.count * of.stepMs).toBeLessThanOrEqual(400 * MINUTE);
});

test('a time without samples is unknown', () => {
  const of = bins();
  addSample(of, 0, 1, 1);
  addSample(of, 3 * MINUTE, 4, 4);
  expect([...columnOf(of, 0)]).toEqual([1, NaN, NaN]);
});

test('after a gap longer than all that is kept it begins anew', () => {
  const of = bins();
  feed(of, 5);
  addSample(of, 1e9, 1, 1);
  expect(of.count).toBe(0);
  expect(of.stepMs).toBe(MINUTE);
});

test.each([
  ['a time before the open bin', -5 * MINUTE],
  ['no time', NaN],
])('%s is refused', (_, now) => {
  const of = bins();
  feed(of, 5);
  const before = structuredClone(of);
  expect(addSample(of, now, 1, 1)).toBe(false);
  expect(of).toEqual(before);
});

test.each([NaN, Infinity, 1e308])('a value of %d is unknown', (value) => {
  const of = bins();
  addSample(of, 0, value, 1);
  addSample(of, MINUTE, 1, 1);
  expect(columnOf(of, 0)[0]).toBeNaN();
  expect(columnOf(of, 1)[0]).toBe(1);
});
