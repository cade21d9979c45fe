import fc from 'fast-check';
import { probabilityOfWait } from '../erlang-c.ts';
import { expectedCost, expectedLoss, expectedSlowRate, type CapacityProblem } from './expected-cost.ts';
import { tabulatedProbabilityOfWait } from './waiting-table.ts';

const service = { requestsPerSecond: 10, concurrency: 1, waitSeconds: 0.3 };

function problem(demands: readonly number[], weights: readonly number[], penalty = 15): CapacityProblem {
  return {
    demands: Float64Array.from(demands),
    weights: Float64Array.from(weights),
    margin: 1,
    penalty,
    service,
  };
}

describe('the tabulated probability of a wait', () => {
  test.each([1, 2, 7, 40, 250, 512, 513, 900])('of %d servers is that of the formula', (servers) => {
    for (let utilization = 0; utilization < 0.99; utilization += 0.0137) {
      const exact = probabilityOfWait(servers, servers * utilization);
      expect(Math.abs(tabulatedProbabilityOfWait(servers, utilization) - exact)).toBeLessThan(6e-5);
    }
  });
});

describe('the expected cost of replicas', () => {
  test('is their number plus the price of the requests that wait too long', () => {
    // One server at 60 %: P(wait > 0.3 s) = 0.6·e^−(4·0.3); 6 requests/s of it at Λ/μ = 1.5.
    const slow = 0.6 * Math.exp(-1.2);
    expect(expectedCost(1, problem([6], [1]))).toBeCloseTo(1 + 1.5 * 6 * slow, 5);
  });

  test('weighs each possible demand', () => {
    const slow = 0.6 * Math.exp(-1.2);
    expect(expectedCost(1, problem([6, 0], [0.25, 0.75]))).toBeCloseTo(1 + 0.25 * 1.5 * 6 * slow, 5);
  });

  test('counts overload as every request and more', () => {
    expect(expectedCost(1, problem([20], [1]))).toBeCloseTo(1 + 1.5 * 20 * (1 + 2 * (2 - 0.99)), 9);
  });

  test('the rate of slow requests has no price, and none is slow twice', () => {
    expect(expectedSlowRate(1, problem([6], [1]))).toBeCloseTo(6 * 0.6 * Math.exp(-1.2), 4);
    expect(expectedSlowRate(1, problem([20], [1]))).toBe(20);
  });

  test('several workers in a replica share its line', () => {
    // Four workers of 2.5/s in one replica are an M/M/4 queue.
    const service = { requestsPerSecond: 10, concurrency: 4, waitSeconds: 0.3 };
    const slow = probabilityOfWait(4, 4 * 0.6) * Math.exp(-1.2);
    expect(expectedCost(1, { ...problem([6], [1]), service })).toBeCloseTo(1 + 1.5 * 6 * slow, 4);
  });

  test('counts demand larger by the margin', () => {
    const larger = expectedCost(3, problem([24], [1]));
    expect(expectedCost(3, { ...problem([20], [1]), margin: 1.2 })).toBeCloseTo(larger, 9);
  });

  test('never loses more with one replica more', () => {
    const demand = fc.double({ min: 0, max: 6000, noNaN: true });
    fc.assert(
      fc.property(demand, fc.integer({ min: 1, max: 600 }), (rate, replicas) => {
        const one = problem([rate], [1]);
        expect(expectedLoss(replicas + 1, one)).toBeLessThanOrEqual(
          expectedLoss(replicas, one) * (1 + 1e-12),
        );
      }),
      { numRuns: 500 },
    );
  });
});
