import {
  createPacedNewsvendor,
  decideReplicas,
  type NewsvendorDecision,
  type NewsvendorSettings,
} from './paced-newsvendor.ts';
import { BALANCED } from './profile.ts';

const settings: NewsvendorSettings = {
  service: { requestsPerSecond: 10, concurrency: 1, waitSeconds: 0.3 },
  slowShare: 0.01,
  maxReplicas: 250,
  profile: BALANCED,
};
const weights = Float64Array.of(1);
const START = Date.UTC(2025, 0, 6);

/** Decisions every 15 s. */
const timeOf = (decision: number): number => START + decision * 15_000;

/** What a minute of decisions on certain demands comes to. */
function decide(up: number, hold: number, current: number): NewsvendorDecision {
  const state = createPacedNewsvendor();
  const decisions = Array.from({ length: 6 }, (_, decision) =>
    decideReplicas(state, settings, {
      now: timeOf(decision),
      current,
      counters: { requests: 0, slowRequests: 0 },
      demands: { up: Float64Array.of(up), hold: Float64Array.of(hold), weights },
    }),
  );
  return decisions.at(-1)!;
}

describe('a paced newsvendor', () => {
  const few = decide(50, 50, 1).replicas;
  const many = decide(200, 200, 1).replicas;

  test('has room above the demand and not much', () => {
    expect(few).toBeGreaterThan(5);
    expect(few).toBeLessThan(10);
    expect(many).toBeGreaterThan(20);
    expect(many).toBeLessThan(27);
  });

  test.each([
    ['orders for what an order can serve', 200, 50, 10, many],
    ['orders that and no more when demand falls before an order can serve', 50, 200, 3, few],
    ['keeps what is needed until then', 50, 200, many, many],
    ['keeps what is needed later', 200, 50, many, many],
    ['gives back what neither needs', 50, 50, many, few],
  ])('%s', (...[, up, hold, current, expected]) => {
    expect(decide(up, hold, current).replicas).toBe(expected);
  });

  test('stays while demand is not known, whatever was before, and says so', () => {
    const state = createPacedNewsvendor();
    const unknown = { counters: undefined, demands: undefined };
    for (let decision = 0; decision < 100; decision++) {
      const result = decideReplicas(state, settings, { now: timeOf(decision), current: 17, ...unknown });
      expect(result).toMatchObject({ replicas: 17, up: undefined, hold: undefined });
    }
    expect(state.pacing.debt).toBe(0);
  });

  test('pays more while the budget is overspent', () => {
    const state = createPacedNewsvendor();
    const demands = { up: Float64Array.of(200), hold: Float64Array.of(200), weights };
    let requests = 0;
    const replicas = Array.from({ length: 6000 }, (_, decision) => {
      requests += 100;
      const counters = { requests, slowRequests: requests / 20 };
      return decideReplicas(state, settings, { now: timeOf(decision), current: 1, counters, demands })
        .replicas;
    });
    expect(replicas[2000]).toBe(many);
    expect(replicas[5999]).toBeGreaterThan(many);
  });

  test('a copy of its memory decides the same', () => {
    const state = createPacedNewsvendor();
    const input = (decision: number): Parameters<typeof decideReplicas>[2] => ({
      now: timeOf(decision),
      current: 8,
      counters: { requests: 100 * decision, slowRequests: decision },
      demands: {
        up: Float64Array.of(40 + (decision % 7) * 9),
        hold: Float64Array.of(50 + (decision % 5) * 9),
        weights,
      },
    });
    for (let decision = 0; decision < 50; decision++) decideReplicas(state, settings, input(decision));
    const copy = structuredClone(state);
    for (let decision = 50; decision < 100; decision++) {
      const expected = decideReplicas(state, settings, input(decision));
      expect(decideReplicas(copy, settings, input(decision))).toEqual(expected);
    }
  });
});
