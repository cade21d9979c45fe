import fc from 'fast-check';
import { isotonicRegression } from './isotonic.ts';

const equal = (...values: number[]): { value: number; weight: number }[] =>
  values.map((value) => ({ value, weight: 1 }));

describe('isotonic regression', () => {
  test.each<[string, readonly { value: number; weight: number }[], readonly number[]]>([
    ['of nothing is nothing', [], []],
    ['leaves what rises as it is', equal(1, 2, 2, 5), [1, 2, 2, 5]],
    ['pools a step back', equal(1, 3, 2, 4), [1, 2.5, 2.5, 4]],
    ['pools all that falls', equal(4, 3, 2, 1), [2.5, 2.5, 2.5, 2.5]],
    ['pools back as far as it has to', equal(1, 5, 6, 0), [1, 11 / 3, 11 / 3, 11 / 3]],
    [
      'weighs what it pools',
      [
        { value: 4, weight: 1 },
        { value: 1, weight: 3 },
      ],
      [1.75, 1.75],
    ],
  ])('%s', (_name, values, expected) => {
    const fitted = isotonicRegression(values);
    expect(fitted).toHaveLength(expected.length);
    for (const [index, value] of expected.entries()) expect(fitted[index]).toBeCloseTo(value, 12);
  });

  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const weighted = fc.record({ value: share, weight: fc.double({ min: 0.01, max: 1000, noNaN: true }) });

  test('never falls, keeps the weighted mean, and stays among its values', () => {
    fc.assert(
      fc.property(fc.array(weighted, { minLength: 1, maxLength: 60 }), (values) => {
        const fitted = isotonicRegression(values);
        const least = Math.min(...values.map(({ value }) => value));
        const largest = Math.max(...values.map(({ value }) => value));
        let sum = 0;
        let fittedSum = 0;
        for (const [index, { value, weight }] of values.entries()) {
          const fit = fitted[index] ?? NaN;
          expect(fit).toBeGreaterThanOrEqual((fitted[index - 1] ?? 0) - 1e-12);
          expect(fit).toBeGreaterThanOrEqual(least - 1e-12);
          expect(fit).toBeLessThanOrEqual(largest + 1e-12);
          sum += value * weight;
          fittedSum += fit * weight;
        }
        expect(fittedSum).toBeCloseTo(sum, 6);
      }),
    );
  });

  test('is nearer to the values than any other rising curve that is tried', () => {
    const distance = (
      values: readonly { value: number; weight: number }[],
      curve: readonly number[],
    ): number =>
      values.reduce((sum, { value, weight }, i) => sum + weight * (value - (curve[i] ?? NaN)) ** 2, 0);
    const pairs = fc.array(fc.tuple(weighted, share), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(pairs, (tried) => {
        const values = tried.map(([value]) => value);
        const other = tried.map(([, level]) => level).sort((a, b) => a - b);
        const fitted = isotonicRegression(values);
        expect(distance(values, fitted)).toBeLessThanOrEqual(distance(values, other) + 1e-9);
      }),
    );
  });
});
