import fc from 'fast-check';
import { driftOf } from './drift.ts';

const DAY = 1440;

/** Days of a daily rhythm around a level for each of them. */
function days(...levels: number[]): Float64Array {
  return Float64Array.from({ length: levels.length * DAY }, (_, minute) => {
    return (levels[Math.floor(minute / DAY)] ?? NaN) + Math.sin((2 * Math.PI * (minute % DAY)) / DAY);
  });
}

test.each<readonly [string, Float64Array, object | undefined]>([
  ['less than two days cannot be compared', days(1), undefined],
  ['days without values cannot be compared', days(NaN, 1), undefined],
  ['equal days are equal', days(5, 5), { partMinutes: DAY, psi: 0, meanShift: 0, varianceRatio: 1 }],
  [
    'a constant is equal to itself',
    new Float64Array(2 * DAY).fill(3),
    { psi: 0, meanShift: 0, varianceRatio: 1 },
  ],
  [
    'two weeks are compared by the week',
    days(...new Array<number>(15).fill(5)),
    { partMinutes: 7 * DAY, psi: 0 },
  ],
])('%s', (_, values, expected) => {
  const found = driftOf(values);
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(expected);
});

test('a level that rose by one standard deviation is another population', () => {
  const found = driftOf(days(5, 5 + Math.SQRT1_2));
  expect(found?.psi).toBeGreaterThan(0.25);
  expect(found?.meanShift).toBeCloseTo(1, 1);
  expect(found?.varianceRatio).toBeCloseTo(1, 5);
});

test('the index is never negative, and zero only where shares are equal', () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 5, maxLength: 40 });
  fc.assert(
    fc.property(values, values, (first, last) => {
      const day = (few: readonly number[]): number[] =>
        Array.from({ length: DAY }, (_, minute) => few[minute % few.length] ?? 0);
      const found = driftOf(Float64Array.from([...day(first), ...day(last)]));
      expect(found?.psi).toBeGreaterThanOrEqual(0);
      expect(driftOf(Float64Array.from([...day(first), ...day(first)]))?.psi).toBeCloseTo(0, 12);
    }),
    { numRuns: 30 },
  );
});
