import { LoopDriver } from '../../test/support/loop-driver.ts';
import { fresh, policyFixture, silent, UNLIMITED } from '../../test/support/loop-fixtures.ts';
import type { LoopReport } from './report.ts';
import type { Reading } from './monitor/reading.ts';

const REQUESTS = {
  totalQuery: 'sum(rate(http_requests_total[30s]))',
  badQuery: 'sum(rate(http_requests_slow_total[30s]))',
  latencyThreshold: '400m',
  perReplica: '10',
};

/** 2 to 20 replicas of 10 requests/s each; nobody but the objective asks for any. */
function driver(replicas: number, spec: object = {}, requests: object = REQUESTS): LoopDriver {
  const objective = { requests };
  return new LoopDriver(
    policyFixture({ metrics: [], objective, forecast: { startupSeconds: 20 }, ...spec }),
    replicas,
  );
}

const from = (minReplicas: number) => ({
  horizontal: { minReplicas, maxReplicas: 20, behavior: { ...UNLIMITED, scaleDown: {} } },
});

/** One tick in which so many requests arrive per second, and so many of them are bad. */
function tick(loop: LoopDriver, total: number | Reading, bad: number | Reading = 0): LoopReport {
  const reading = (value: number | Reading): Reading =>
    typeof value === 'number' ? fresh(value, loop.now + 15_000) : value;
  return loop.tick([], [], { total: reading(total), bad: reading(bad), averagedSeconds: 15 });
}

function ticks(loop: LoopDriver, count: number, total: number, bad = 0): LoopReport {
  for (let i = 1; i < count; i++) tick(loop, total, bad);
  return tick(loop, total, bad);
}

describe('replicas for requests', () => {
  test('are at once as many as serve the requests just measured', () => {
    const loop = driver(2);
    tick(loop, 100);
    // 10 would be busy all the time, and with 11 more than 1 % would wait longer than 300 ms.
    expect(loop.replicas).toBe(12);
    expect(loop.all('StoreIntent')[0]?.decision.message).toBe(
      'Up from 2 to 12: objective.requests asks for 12: the fewest that serve 100 requests/s with at most 1 % bad.',
    );
  });

  test('are the newsvendor’s as soon as there is a forecast, which says what others would have come to', () => {
    const loop = driver(2);
    ticks(loop, 12, 60);
    const { planning } = tick(loop, 100);
    expect(planning?.proposals.map(({ source }) => source)).toEqual(['Reactive', 'Forecast']);
    const { decision } = loop.all('StoreIntent').at(-1)!;
    expect(decision.stock?.outcomes.map(({ replicas }) => replicas)).toHaveLength(3);
    expect(decision.stock?.price.penalty).toBeCloseTo(15, 6);
  });

  test('come down by themselves when the load is gone', () => {
    const loop = driver(2);
    ticks(loop, 40, 150);
    const before = loop.replicas;
    expect(before).toBeGreaterThan(15);
    ticks(loop, 80, 30);
    expect(loop.replicas).toBeLessThan(before / 2);
    expect(loop.replicas).toBeGreaterThanOrEqual(5);
  });

  test.each([
    ['the requests', silent(), fresh(0)],
    ['the bad ones', fresh(20), silent()],
  ])('are not fewer while %s are unknown', (_what, total, bad) => {
    const loop = driver(2);
    ticks(loop, 40, 150);
    const before = loop.replicas;
    for (let i = 0; i < 40; i++) {
      const at = loop.now + 15_000;
      tick(loop, total.quality === 'Fresh' ? { ...total, at } : total, bad);
    }
    expect(loop.replicas).toBe(before);
  });

  test('stay where nobody knows what a replica completes', () => {
    const loop = driver(4, {}, { ...REQUESTS, perReplica: undefined });
    const { planning } = tick(loop, 100);
    expect(loop.effects).toEqual([]);
    expect(planning?.results[0]).toMatchObject({ usable: false, reason: 'NoCapacity' });
  });
});

describe('a workload that may have no replica', () => {
  test('gives all back after five minutes without any load', () => {
    const loop = driver(3, from(0));
    ticks(loop, 19, 0);
    expect(loop.replicas).toBeGreaterThan(0);
    ticks(loop, 60, 0);
    expect(loop.replicas).toBe(0);
  });

  test('gets one with the first load', () => {
    const loop = driver(0, from(0));
    ticks(loop, 10, 0);
    expect(loop.replicas).toBe(0);
    tick(loop, 0.5);
    expect(loop.replicas).toBeGreaterThan(0);
  });

  test('is left alone at 0 where the range begins at 1', () => {
    const loop = driver(0, from(1));
    const { planning } = ticks(loop, 3, 50);
    expect(loop.replicas).toBe(0);
    expect(planning?.objection).toMatchObject({ reason: 'TargetPaused' });
  });
});
