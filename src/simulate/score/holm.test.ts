import fc from 'fast-check';
import { holm } from './holm.ts';

describe("Holm's adjustment", () => {
  const cases: [string, number[], number[]][] = [
    ['leaves a single question alone', [0.04], [0.04]],
    [
      'multiplies the smallest by the number of questions, the next by one less',
      [0.01, 0.04, 0.03],
      [0.03, 0.06, 0.06],
    ],
    ['never lets a larger p-value end below a smaller one', [0.02, 0.021], [0.04, 0.04]],
    ['never exceeds 1', [0.5, 0.9, 0.6], [1, 1, 1]],
    ['adjusts nothing when nothing was asked', [], []],
  ];
  test.each(cases)('%s', (_, pValues, expected) => {
    const adjusted = holm(pValues);
    expect(adjusted).toHaveLength(expected.length);
    for (const [index, value] of expected.entries()) expect(adjusted[index]).toBeCloseTo(value, 12);
  });

  test('keeps the order, never lowers a value and is at most that of Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (pValues) => {
        const adjusted = holm(pValues);
        for (const [i, value] of pValues.entries()) {
          expect(adjusted[i]!).toBeGreaterThanOrEqual(value);
          expect(adjusted[i]!).toBeLessThanOrEqual(Math.min(1, value * pValues.length));
          for (const [j, other] of pValues.entries())
            if (value < other) expect(adjusted[i]!).toBeLessThanOrEqual(adjusted[j]!);
        }
      }),
    );
  });
});
