import type { Decision } from '../../src/loop/execute/decision.ts';

/** The balance behind 9 replicas, one fewer and one more, while bad requests are half as dear again as usual. */
export function stockFixture(
  change: Partial<NonNullable<Decision['stock']>> = {},
): NonNullable<Decision['stock']> {
  return {
    price: { penalty: 22.3, margin: 1, pressure: 0.4 },
    window: 'up',
    outcomes: [
      { replicas: 8, slowRate: 9.5, slowShare: 0.023, cost: 11.2 },
      { replicas: 9, slowRate: 2.5, slowShare: 0.0061, cost: 10.1 },
      { replicas: 10, slowRate: 0.5, slowShare: 0.0012, cost: 10.3 },
    ],
    cheaper: { penalty: 11.15, replicas: 9 },
    dearer: { penalty: 44.6, replicas: 10 },
    ...change,
  };
}
