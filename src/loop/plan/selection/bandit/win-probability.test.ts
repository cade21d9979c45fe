import { gamma, normal, seededRandom } from '../../../../simulate/random.ts';
import { normalCdf, quickNormalCdf } from './normal-cdf.ts';
import { betaWins, normalWins } from './win-probability.ts';

const all = (arms: number): Uint8Array => new Uint8Array(arms).fill(1);
const DRAWS = 40_000;

/** How often each arm is the largest of its draws. */
function counted(draws: readonly (() => number)[]): readonly number[] {
  const wins = draws.map(() => 0);
  for (let i = 0; i < DRAWS; i += 1) {
    const values = draws.map((draw) => draw());
    const best = values.indexOf(Math.max(...values));
    wins[best] = (wins[best] ?? 0) + 1;
  }
  return wins.map((count) => count / DRAWS);
}

function normals(mean: readonly number[], deviation: readonly number[], allowed = all(mean.length)) {
  const probability = new Float64Array(mean.length);
  const arms = { mean: Float64Array.from(mean), deviation: Float64Array.from(deviation), allowed };
  normalWins(arms, probability);
  return [...probability];
}

function betas(alpha: readonly number[], beta: readonly number[], allowed = all(alpha.length)) {
  const probability = new Float64Array(alpha.length);
  betaWins({ alpha: Float64Array.from(alpha), beta: Float64Array.from(beta), allowed }, probability);
  return [...probability];
}

/** Of 40,000 draws a share has a deviation of at most 0.0025; four of them, and what the grid may be off. */
const WITHIN = 0.015;

describe('the probability to be the best', () => {
  test.each([
    ['a pair', [0.5, 0.6], [0.1, 0.2]],
    ['a narrow one between wide ones', [0.5, 0.5, 0.4], [0.001, 0.3, 0.4]],
    ['many alike', [0.5, 0.5, 0.5, 0.5, 0.5], [0.1, 0.1, 0.1, 0.1, 0.1]],
    ['one far ahead', [0.2, 0.9], [0.05, 0.02]],
    ['very different scales', [0.3, 0.31, 0.9], [1e-5, 0.02, 0.5]],
  ])('of normal arms is what drawing them says: %s', (_, mean, deviation) => {
    const random = seededRandom(7);
    const expected = counted(mean.map((m, arm) => () => m + deviation[arm]! * normal(random)));
    for (const [arm, share] of normals(mean, deviation).entries())
      expect(Math.abs(share - expected[arm]!)).toBeLessThan(WITHIN);
  });

  test('of two normal arms has a closed form', () => {
    const [first] = normals([0.4, 0.7], [0.3, 0.4]);
    expect(Math.abs(first! - normalCdf(-0.3 / 0.5))).toBeLessThan(0.005);
  });

  test.each([
    ['nothing known', [1, 1, 1], [1, 1, 1]],
    ['a known one and a new one', [300, 1], [100, 1]],
    ['near the edge', [40, 20, 3], [1, 1, 2]],
    ['thousands of rewards', [5000, 4900], [5000, 5100]],
    ['nearly always failed', [1, 1.5, 3], [200, 90, 40]],
  ])('of beta arms is what drawing them says: %s', (_, alpha, beta) => {
    const random = seededRandom(8);
    const draw = (a: number, b: number) => () => {
      const x = gamma(a, random);
      return x / (x + gamma(b, random));
    };
    const expected = counted(alpha.map((a, arm) => draw(a, beta[arm]!)));
    for (const [arm, share] of betas(alpha, beta).entries())
      expect(Math.abs(share - expected[arm]!)).toBeLessThan(WITHIN);
  });

  test('is 0 for arms that are not allowed, and in all 1', () => {
    const allowed = Uint8Array.of(1, 0, 1);
    for (const shares of [
      normals([0.1, 0.9, 0.2], [0.1, 0.1, 0.1], allowed),
      betas([1, 9, 2], [1, 1, 2], allowed),
    ]) {
      expect(shares[1]).toBe(0);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
  });

  test('of a single arm is 1', () => {
    expect(normals([0.3], [0.1])).toEqual([1]);
    expect(betas([3], [4])).toEqual([1]);
  });
});

test.each([
  [0, 0.5],
  [1, 0.8413447461],
  [-1.959963985, 0.025],
  [3, 0.998650102],
  [-5, 2.866516e-7],
])('the normal distribution function at %d', (x, expected) => {
  expect(Math.abs(normalCdf(x) - expected)).toBeLessThan(1e-7);
});

test('the table of the normal distribution function is as good as it says', () => {
  for (let x = -7; x < 7; x += 0.0137) expect(Math.abs(quickNormalCdf(x) - normalCdf(x))).toBeLessThan(1e-5);
  expect([quickNormalCdf(NaN), quickNormalCdf(Infinity), quickNormalCdf(-Infinity)]).toEqual([0, 1, 0]);
});
