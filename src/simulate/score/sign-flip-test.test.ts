import { normal, seededRandom } from '../random.ts';
import { signFlipPValue } from './sign-flip-test.ts';

describe('the sign-flip test over groups of traces', () => {
  const cases: [string, number[][], number][] = [
    // All signs equal: only that pattern and its mirror image are as far from 0.
    ['2 of 4 patterns are as far out with two groups', [[-0.1], [-0.3]], 0.5],
    ['2 of 8 with three groups', [[0.1], [0.2], [0.3]], 0.25],
    ['2 of 64 with six groups', [[1], [1], [1], [1], [1], [1]], 2 / 64],
    ['all of them when groups cancel out', [[1], [-1]], 1],
    ['all of them when nothing differs', [[0], [0], [0]], 1],
    // Sums of ±1 ±2 ±4: |−1 + 2 + 4| = 5 is reached by 5 and 7, each with its mirror image.
    ['4 of 8 when the smallest group disagrees', [[-1], [2], [4]], 0.5],
    ['what the group means give, however many traces a group has', [[-1, -3, 4, -4], [2], [4]], 0.5],
  ];
  test.each(cases)('is %s', (_, groups, expected) => {
    expect(signFlipPValue(groups, 1)).toBe(expected);
  });

  test('is unknown with a single group', () => {
    expect(signFlipPValue([[-0.2, -0.3, -0.25]], 1)).toBeUndefined();
  });

  test('is not led astray by the rounding of sums', () => {
    expect(signFlipPValue([[0.1], [0.2], [0.3]], 1)).toBe(signFlipPValue([[0.3], [0.1], [0.2]], 1));
  });

  test('samples the patterns of many groups, never reaches 0 and is the same for the same seed', () => {
    const groups = Array.from({ length: 30 }, () => [-0.2]);
    expect(signFlipPValue(groups, 5)).toBe(1 / 10_000);
    const mixed = Array.from({ length: 20 }, (_, index) => [index % 3 === 0 ? 0.1 : -0.1]);
    expect(signFlipPValue(mixed, 5)).toBe(signFlipPValue(mixed, 5));
    // 13 against 7 of 20 coins: 2 · P(Binomial(20, 1/2) >= 13) = 0.2632.
    expect(signFlipPValue(mixed, 5)).toBeCloseTo(0.2632, 1);
  });

  test('rejects a true hypothesis as often as it says', () => {
    const random = seededRandom(11);
    const experiments = 2_000;
    let rejected = 0;
    for (let experiment = 0; experiment < experiments; experiment += 1) {
      // Traces of a group share a shift: a test over single traces would reject far too often.
      const groups = Array.from({ length: 6 }, () => {
        const shared = normal(random);
        return Array.from({ length: 5 }, () => shared + 0.1 * normal(random));
      });
      if (signFlipPValue(groups, 1)! <= 4 / 64) rejected += 1;
    }
    // 4 of 64 patterns: 0.0625 with a standard error of 0.0054.
    expect(rejected / experiments).toBeGreaterThan(0.046);
    expect(rejected / experiments).toBeLessThan(0.079);
  });
});
