import fc from 'fast-check';
import { counterfactual } from './counterfactual.ts';
import {
  createPacedNewsvendor,
  decideReplicas,
  type NewsvendorSettings,
  type PeakDemands,
} from './paced-newsvendor.ts';
import { BALANCED } from './profile.ts';

const START = Date.UTC(2025, 0, 6);

const settings: NewsvendorSettings = {
  service: { requestsPerSecond: 10, concurrency: 1, waitSeconds: 0.3 },
  slowShare: 0.01,
  maxReplicas: 250,
  profile: BALANCED,
};

function explain(demands: PeakDemands, current: number): ReturnType<typeof counterfactual> {
  const state = createPacedNewsvendor();
  const input = { now: START, current, counters: undefined, demands };
  const { replicas } = decideReplicas(state, settings, input);
  const before = structuredClone(state);
  const answer = counterfactual(state, settings, { demands, current, replicas });
  expect(state).toEqual(before);
  return answer;
}

const certain = (up: number, hold: number): PeakDemands => ({
  up: Float64Array.of(up),
  hold: Float64Array.of(hold),
  weights: Float64Array.of(1),
});

describe('the counterfactual', () => {
  test('tells what one replica less and one more would have come to', () => {
    const { window, outcomes } = explain(certain(50, 50), 1);
    expect(window).toBe('up');
    const [less, chosen, more] = outcomes;
    expect(chosen!.cost).toBeLessThanOrEqual(Math.min(less!.cost, more!.cost));
    expect(less!.replicas).toBe(chosen!.replicas - 1);
    expect(more!.replicas).toBe(chosen!.replicas + 1);
    // Λ/μ = 1.5 replicas for each slow request a second.
    expect(chosen!.cost).toBeCloseTo(chosen!.replicas + 1.5 * chosen!.slowRate, 9);
    expect(chosen!.slowShare).toBeCloseTo(chosen!.slowRate / 50, 9);
  });

  test('looks at the time until an order could serve when that is what keeps the replicas', () => {
    expect(explain(certain(50, 200), 25).window).toBe('hold');
  });

  test('has nothing below one replica, and no share of nothing', () => {
    const { outcomes } = explain(certain(0, 0), 1);
    expect(outcomes.map(({ replicas }) => replicas)).toEqual([1, 2]);
    expect(outcomes.map(({ slowShare }) => slowShare)).toEqual([0, 0]);
  });

  test('more replicas never have more slow requests, a dearer price never fewer replicas', () => {
    const demand = fc.double({ min: 0, max: 2000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(demand, { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 1, max: 250 }),
        (rates, current) => {
          const values = Float64Array.from(rates);
          const demands = { up: values, hold: values, weights: Float64Array.of(0.5, 0.3, 0.2) };
          const { outcomes, cheaper, dearer } = explain(demands, current);
          const rate = outcomes.map(({ slowRate }) => slowRate);
          for (let i = 1; i < rate.length; i++)
            expect(rate[i]!).toBeLessThanOrEqual(rate[i - 1]! * (1 + 1e-12));
          expect(dearer.replicas).toBeGreaterThanOrEqual(cheaper.replicas);
          expect(dearer.penalty).toBe(4 * cheaper.penalty);
        },
      ),
    );
  });
});
