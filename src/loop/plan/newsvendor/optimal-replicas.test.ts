import fc from 'fast-check';
import { expectedCost, type CapacityProblem } from './expected-cost.ts';
import { optimalReplicas } from './optimal-replicas.ts';

const service = { requestsPerSecond: 10, concurrency: 1, waitSeconds: 0.3 };
const MAX = 250;

/** The first of the cheapest among all numbers. */
function bruteForce(problem: CapacityProblem): number {
  let best = 1;
  for (let n = 2; n <= MAX; n++) if (expectedCost(n, problem) < expectedCost(best, problem)) best = n;
  return best;
}

const problems: fc.Arbitrary<CapacityProblem> = fc
  .record({
    nodes: fc.array(
      fc.record({
        demand: fc.oneof(
          fc.double({ min: 0, max: 60, noNaN: true }),
          fc.double({ min: 0, max: 2000, noNaN: true }),
        ),
        weight: fc.double({ min: 1e-4, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 21 },
    ),
    margin: fc.double({ min: 1, max: 1.5, noNaN: true }),
    pressure: fc.double({ min: -3, max: 6, noNaN: true }),
  })
  .map(({ nodes, margin, pressure }) => ({
    demands: Float64Array.from(nodes, ({ demand }) => demand),
    weights: Float64Array.from(nodes, ({ weight }) => weight),
    margin,
    penalty: 15 * Math.exp(pressure),
    service,
  }));

describe('the optimal number of replicas', () => {
  test('is the one that trying all of them finds, wherever the search begins', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: -5, max: 400 }), (problem, guess) => {
        expect(optimalReplicas(problem, { guess, max: MAX })).toBe(bruteForce(problem));
      }),
      { numRuns: 300 },
    );
  });

  test('is found behind a second minimum', () => {
    // A common demand of 20 and a rare one of 300: the valley between them is dearer than both ends.
    const problem = (rare: number): CapacityProblem => ({
      demands: Float64Array.of(20, 300),
      weights: Float64Array.of(1 - rare, rare),
      margin: 1,
      penalty: 200,
      service,
    });
    const valley = problem(0.02);
    const [low, between, high] = [4, 20, 35].map((n) => expectedCost(n, valley));
    expect(between).toBeGreaterThan(Math.min(low!, high!));
    for (const rare of [0.001, 0.005, 0.01, 0.02, 0.05]) {
      const expected = bruteForce(problem(rare));
      expect(optimalReplicas(problem(rare), { guess: 3, max: MAX })).toBe(expected);
      expect(optimalReplicas(problem(rare), { guess: 40, max: MAX })).toBe(expected);
    }
  });

  test.each([
    ['nothing is demanded', [0, 0], 1],
    ['demand is more than any number serves', [1e6, 1e6], MAX],
    ['demand is beyond all numbers', [1e30, 1e30], MAX],
  ])('is within 1 … max when %s', (_what, demands, expected) => {
    const weights = Float64Array.of(0.5, 0.5);
    const problem = { demands: Float64Array.from(demands), weights, margin: 1, penalty: 15, service };
    expect(optimalReplicas(problem, { guess: 10, max: MAX })).toBe(expected);
  });

  test('never falls with the price', () => {
    fc.assert(
      fc.property(problems, fc.double({ min: 1, max: 5, noNaN: true }), (problem, factor) => {
        const dearer = { ...problem, penalty: problem.penalty * factor };
        const range = { guess: 5, max: MAX };
        expect(optimalReplicas(dearer, range)).toBeGreaterThanOrEqual(optimalReplicas(problem, range));
      }),
    );
  });
});
