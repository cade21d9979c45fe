import fc from 'fast-check';
import { countTail, regularisedBeta, studentTail } from './tail-probability.ts';

// By hand: I_x(1, b) = 1 − (1 − x)^b and I_x(a, 1) = x^a; I_½(a, a) = ½.
test.each([
  { name: 'a = 1', x: 0.3, a: 1, b: 4, value: 1 - 0.7 ** 4 },
  { name: 'b = 1', x: 0.3, a: 5, b: 1, value: 0.3 ** 5 },
  { name: 'the middle of a symmetric one', x: 0.5, a: 7.5, b: 7.5, value: 0.5 },
  { name: 'far out', x: 1e-3, a: 20, b: 1, value: 1e-60 },
])('the incomplete beta function is right where it can be written down: $name', ({ x, a, b, value }) => {
  expect(regularisedBeta(x, a, b) / value).toBeCloseTo(1, 9);
});

test('the tail of a geometric count is a power', () => {
  // A negative binomial of size 1 is geometric: mean 3, variance 3 + 9, P(X ≥ k) = (3 / 4)^k.
  for (const count of [1, 2, 10, 100]) expect(countTail(count, 3, 12) / 0.75 ** count).toBeCloseTo(1, 9);
});

test('a variance like the mean gives the tail of Poisson', () => {
  let below = 0;
  let term = Math.exp(-2);
  for (let k = 0; k < 6; k += 1) {
    below += term;
    term *= 2 / (k + 1);
  }
  expect(countTail(6, 2, 2)).toBeCloseTo(1 - below, 3);
});

test.each([
  ['one degree is Cauchy', 1, 1, 0.25],
  ['the middle', 0, 6, 0.5],
  ['a table: 6 degrees, 97.5 %', 2.4469, 6, 0.025],
  ['the left side', -2.4469, 6, 0.975],
])("Student's tail: %s", (_case, t, degrees, p) => {
  expect(studentTail(t, degrees)).toBeCloseTo(p, 5);
});

test('a tail is a probability, and never grows with the count', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 100, noNaN: true }),
      (count, mean, excess) => {
        const variance = mean * (1 + excess);
        const here = countTail(count, mean, variance);
        expect(here).toBeGreaterThanOrEqual(0);
        expect(here).toBeLessThanOrEqual(1 + 1e-9);
        expect(countTail(count + 1, mean, variance)).toBeLessThanOrEqual(here * (1 + 1e-6) + 1e-9);
      },
    ),
    { numRuns: 300 },
  );
});
