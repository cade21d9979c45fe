import { contextFixture, viewFixture } from '../../../test/support/scaler-fixtures.ts';
import { seasonal } from './seasonal.ts';

const DECISIONS_PER_DAY = 5760;

/** 60 requests per second all day, but 400 in the hour after decision 2400. */
const demandAt = (index: number): number => {
  const ofDay = index % DECISIONS_PER_DAY;
  return ofDay >= 2400 && ofDay < 2640 ? 400 : 60;
};

describe('seasonal forecast beside an HPA on requests', () => {
  it('is there before the daily peak that the first day was late for', () => {
    const scaler = seasonal.create(95, contextFixture());
    let replicas = 10;
    const seen = Array.from({ length: 2 * DECISIONS_PER_DAY }, (_, index) => {
      // Measured as of two decisions before.
      const demand = demandAt(Math.max(0, index - 2));
      replicas = scaler.decide(viewFixture({ index, ready: replicas, demand, pods: [] }));
      return replicas;
    });
    expect(seen[2400]).toBe(10);
    expect(seen[DECISIONS_PER_DAY + 2400]).toBeGreaterThanOrEqual(42);
    expect(seen[DECISIONS_PER_DAY + 2300]).toBe(10);
    expect(scaler.explain?.()).toMatch(/^now \d+, by the time of day \d+$/);
  });

  it('follows the load of now while nothing is known of other days', () => {
    const scaler = seasonal.create(95, contextFixture());
    expect(scaler.decide(viewFixture({ ready: 10, demand: 90 }))).toBe(15);
  });

  it('holds its replicas while nothing is measured', () => {
    const scaler = seasonal.create(95, contextFixture());
    expect(scaler.decide(viewFixture({ ready: 10 }))).toBe(10);
    expect(scaler.explain?.()).toBe('requests are not measured');
  });
});
