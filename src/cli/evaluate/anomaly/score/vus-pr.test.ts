import fc from 'fast-check';
import { vusPr } from './vus-pr.ts';

function scoresOf(rows: number, high: readonly number[]): Float64Array {
  const scores = new Float64Array(rows);
  for (const row of high) scores[row] = 1;
  return scores;
}

const ONE = [{ first: 4, last: 5 }];
const TWO = [...ONE, { first: 14, last: 15 }];
/** Height of a soft end one row from the anomaly, at a width of two. */
const END = Math.sqrt(1 / 2);

test.each([
  { name: 'exactly the anomaly is a volume of 1', scores: scoresOf(10, [4, 5]), window: 0, expected: 1 },
  {
    name: 'everything but it: precision 2 of 10 at full recall',
    scores: scoresOf(10, [0, 1, 2, 3, 6, 7, 8, 9]),
    window: 0,
    expected: 0.2,
  },
  {
    name: 'one more row on each side: precision 2 of 4',
    scores: scoresOf(10, [3, 4, 5, 6]),
    window: 0,
    expected: 0.5,
  },
  {
    name: 'with ends up to two wide, the third width of three counts those rows by their height',
    scores: scoresOf(10, [3, 4, 5, 6]),
    window: 2,
    expected: (0.5 + 0.5 + (2 + 2 * END) / 4) / 3,
  },
])('$name', ({ scores, window, expected }) => {
  expect(vusPr(scores, ONE, { window })).toBeCloseTo(expected, 10);
});

test('one anomaly of two: half the rows times half the anomalies at precision 1, the rest at 4 of 20', () => {
  expect(vusPr(scoresOf(20, [4, 5]), TWO, { window: 0 })).toBeCloseTo(0.25 * 1 + 0.75 * 0.2, 10);
});

test('any rising change of the scores leaves it as it was', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 60, maxLength: 60 });
  fc.assert(
    fc.property(scores, (values) => {
      const plain = vusPr(Float64Array.from(values), TWO, { window: 6 });
      const bent = vusPr(
        Float64Array.from(values, (v) => v ** 3 / 7 - 2),
        TWO,
        { window: 6 },
      );
      expect(bent).toBeCloseTo(plain, 12);
      expect(plain).toBeGreaterThan(0);
      expect(plain).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
});

test('an unknown score is as low as can be; without an anomaly there is no volume', () => {
  const scores = scoresOf(10, [4, 5]);
  scores[0] = NaN;
  expect(vusPr(scores, ONE, { window: 0 })).toBeCloseTo(1, 10);
  expect(vusPr(scores, [], { window: 0 })).toBeNaN();
});
