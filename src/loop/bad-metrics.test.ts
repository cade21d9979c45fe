import { LoopDriver } from '../../test/support/loop-driver.ts';
import {
  CPU,
  fresh,
  HOUR,
  MINUTE,
  policyFixture,
  podsFixture,
  REQUESTS,
  SECOND,
  silent,
  stale,
  total,
  UNLIMITED,
  usage,
} from '../../test/support/loop-fixtures.ts';
import { metricKey } from './monitor/metric-name.ts';
import { missing, type Reading } from './monitor/reading.ts';

// What metrics do when they fail, and what the loop must then decide: held is what it has, up may go what is measured.

const driver = (replicas: number, spec: object = {}): LoopDriver =>
  new LoopDriver(policyFixture({ ...spec }), replicas);

const none = (quality: 'Fresh' | 'Stale', value: number, at: number): Reading => ({ quality, value, at });

/** 10 replicas that serve 480 requests per second; then this reading for ten minutes. */
function after(reading: (now: number) => Reading): LoopDriver {
  const loop = driver(10);
  loop.ticks(40, 480);
  for (let i = 0; i < 40; i += 1) loop.tick(reading(loop.now + 15 * SECOND));
  return loop;
}

describe('a reading that says nothing holds the replicas, for as long as it says nothing', () => {
  test.each<readonly [string, (now: number) => Reading]>([
    ['no answer from Prometheus', () => missing('QueryFailed', 'connection refused')],
    ['an answer with warnings', () => missing('PartialAnswer', 'one store is away')],
    ['an empty vector, which is not zero', () => silent()],
    ['a sample of four minutes ago', (now) => stale(10, now - 4 * MINUTE)],
    ['clocks that disagree, as the adapter found', () => missing('ClockSkew', '600 s')],
    ['a sample from the future, by ten minutes', (now) => none('Fresh', 10, now + 10 * MINUTE)],
    ['NaN', (now) => none('Fresh', NaN, now)],
    ['+Inf', (now) => none('Fresh', Infinity, now)],
    ['-Inf', (now) => none('Fresh', -Infinity, now)],
    ['a negative demand', (now) => none('Fresh', -1, now)],
    ['-1e308', (now) => none('Fresh', -1e308, now)],
    ['a sample whose time is no number', (now) => none('Fresh', 10, now * NaN)],
  ])('%s', (_name, reading) => {
    const loop = after(reading);
    expect(loop.effects).toEqual([]);
    expect(loop.replicas).toBe(10);
  });

  test('nothing at all: no metrics, no indicators', () => {
    const loop = driver(10);
    const { planning } = loop.tick([]);
    expect(planning).toMatchObject({ reactive: undefined, recommended: 10 });
  });
});

describe('overload is never read as its opposite', () => {
  test('1e308 means as many as there may be', () => {
    const loop = driver(4);
    loop.tick(1e308);
    expect(loop.replicas).toBe(20);
  });

  test('a step to a thousand times as much is followed up at once, within the rates', () => {
    const behavior = { ...UNLIMITED, scaleUp: {} };
    const loop = driver(4, { horizontal: { minReplicas: 2, maxReplicas: 5000, behavior } });
    loop.ticks(40, 200);
    loop.tick(200_000);
    expect(loop.replicas).toBe(8);
    loop.ticks(12, 200_000);
    expect(loop.replicas).toBe(4000);
  });

  test('a thousandth of it is waited for three minutes, then followed by a tenth in five minutes', () => {
    const loop = driver(20);
    loop.ticks(40, 1000);
    const at = loop.now;
    for (let i = 0; i < 40; i += 1) loop.tick(1);
    const downs = loop.all('StoreIntent').map(({ decision }) => [(decision.at - at) / MINUTE, decision.to]);
    expect(downs).toEqual([
      [3.25, 18],
      [8.25, 17],
    ]);
  });

  test('a unit that changes from seconds to milliseconds and back takes nothing away', () => {
    const loop = driver(10);
    loop.ticks(40, 480);
    loop.ticks(11, 0.48);
    loop.ticks(40, 480);
    expect(loop.effects.filter(({ type }) => type === 'StoreIntent')).toEqual([]);
  });
});

describe('zero', () => {
  test('that is real still lowers, by a tenth in five minutes, and at once where it is known', () => {
    const loop = driver(20, { anomaly: { mode: 'Report' } });
    loop.ticks(40, 1000);
    loop.ticks(4 * 60, 0);
    expect(loop.replicas).toBeLessThan(12);
    loop.ticks(4 * 20, 0);
    expect(loop.replicas).toBe(2);
    loop.ticks(40, 1000);
    expect(loop.replicas).toBe(20);
    loop.tick(0);
    expect(loop.replicas).toBe(2);
  });

  test('that a second source confirms lowers at once', () => {
    const loop = driver(20, { metrics: [CPU, REQUESTS] });
    const seen = (cores: number, requests: number) => [
      usage(loop.target.pods, fresh(cores, loop.now)),
      total(fresh(requests, loop.now)),
    ];
    for (let i = 0; i < 40; i += 1) loop.tick(seen(0.5, 1000));
    expect(loop.replicas).toBe(20);
    loop.tick(seen(0.001, 1));
    expect(loop.replicas).toBe(2);
  });

  test('for ever leaves the minimum, and asks for nothing', () => {
    const loop = driver(2);
    loop.ticks(200, 0);
    expect(loop.effects).toEqual([]);
  });

  test('of a counter that was reset is one sample, and changes nothing', () => {
    const loop = driver(10);
    loop.ticks(40, 480);
    loop.tick(0);
    loop.ticks(8, 480);
    expect(loop.effects).toEqual([]);
  });
});

test('a constant demand is served by a constant number of replicas', () => {
  const loop = driver(4, { forecast: {} });
  loop.ticks(400, 480);
  expect(loop.all('StoreIntent').map(({ decision }) => decision.to)).toEqual([10]);
});

describe('gaps', () => {
  test('every other query fails: nothing is lowered, and what is measured still raises', () => {
    const loop = driver(10);
    for (let i = 0; i < 100; i += 1) loop.tick(i % 2 === 0 ? 110 : silent());
    // The very first value was lowered to: nothing had been bad before it.
    const loop2 = driver(10);
    loop2.tick(silent());
    for (let i = 0; i < 100; i += 1) loop2.tick(i % 2 === 0 ? 110 : silent());
    expect(loop2.effects).toEqual([]);
    loop2.tick(900);
    expect(loop2.replicas).toBe(18);
    expect(loop.replicas).toBe(3);
  });

  test('three good evaluations in a row allow a decrease again', () => {
    const loop = driver(10);
    loop.tick(silent());
    loop.ticks(2, 110);
    expect(loop.replicas).toBe(10);
    loop.tick(110);
    expect(loop.replicas).toBe(3);
  });

  test('after a blackout, or without a history, a quarter of an hour must be known first', () => {
    const loop = driver(10, { observationSeconds: 300 });
    loop.ticks(60, 110);
    expect(loop.replicas).toBe(10);
    loop.tick(110);
    expect(loop.replicas).toBe(3);
    loop.tick(450);
    expect(loop.replicas).toBe(9);
    loop.ticks(21, silent());
    loop.ticks(60, 110);
    expect(loop.replicas).toBe(9);
    loop.tick(110);
    expect(loop.replicas).toBe(3);
  });

  test('a history that reaches up to now needs no such time', () => {
    const loop = driver(10, { observationSeconds: 1 });
    const values = new Float64Array(60).fill(110);
    const demandKey = metricKey(REQUESTS);
    const past = [{ startMs: loop.now - 59 * MINUTE, stepMs: MINUTE, values }];
    loop.send({ type: 'Backfill', demandKey, past, averagedSeconds: 0 });
    loop.tick(110);
    expect(loop.replicas).toBe(3);
  });
});

describe('pods without metrics', () => {
  const measured = (loop: LoopDriver, pods: number, cores: number): void => {
    loop.tick([usage(loop.target.pods.slice(0, pods), fresh(cores, loop.now + 15 * SECOND))]);
  };

  test.each([
    [20, 2],
    [18, 2],
    [17, 20],
    [10, 20],
    [9, 20],
    [1, 20],
  ])('%d of 20 report that little is to do: %d replicas', (pods, replicas) => {
    const loop = driver(20, { metrics: [CPU] });
    for (let i = 0; i < 20; i += 1) measured(loop, pods, 0.01);
    expect(loop.replicas).toBe(replicas);
  });

  test('a tenth of them that is overloaded raises nothing by itself', () => {
    const loop = driver(20, {
      metrics: [CPU],
      horizontal: { minReplicas: 2, maxReplicas: 90, behavior: UNLIMITED },
    });
    for (let i = 0; i < 20; i += 1) measured(loop, 2, 4);
    expect(loop.replicas).toBe(20);
  });

  test('pods that crash while they roll out do not ask for ever more of them', () => {
    const loop = driver(10, { metrics: [CPU] });
    const pods = loop.target.pods.map((pod, i) =>
      i < 5 ? pod : { ...pod, ready: false, createdAt: loop.now },
    );
    loop.target = { ...loop.target, pods, readyReplicas: 5, rolloutInProgress: true };
    for (let i = 0; i < 40; i += 1) loop.tick([usage(pods.slice(0, 5), fresh(0.8, loop.now + 15 * SECOND))]);
    expect(loop.replicas).toBeLessThanOrEqual(10);
  });

  test("the count of replicas is the API server's, whatever the metrics cover", () => {
    const loop = driver(10, { metrics: [CPU] });
    const ghosts = podsFixture(40);
    for (let i = 0; i < 8; i += 1) loop.tick([usage(ghosts, fresh(0.5, loop.now + 15 * SECOND))]);
    expect(loop.effects).toEqual([]);
  });
});

describe('clocks', () => {
  test('that jump an hour ahead lower nothing until the demand has been known again', () => {
    const loop = driver(10, { observationSeconds: 300 });
    loop.ticks(70, 480);
    loop.now += HOUR;
    loop.ticks(60, 110);
    expect(loop.replicas).toBe(10);
    loop.ticks(2, 110);
    expect(loop.replicas).toBe(3);
  });

  test('that jump an hour back prolong no pause beyond its length', () => {
    const loop = driver(10, { observationSeconds: 300 });
    loop.ticks(70, 480);
    loop.now -= HOUR;
    loop.ticks(70, 110);
    expect(loop.replicas).toBe(3);
  });

  test('of two series that are sampled at different times do not matter while both are fresh', () => {
    const loop = driver(10, { metrics: [CPU, REQUESTS] });
    const now = loop.now + 15 * SECOND;
    loop.tick([usage(loop.target.pods, fresh(0.1, now - 70 * SECOND)), total(fresh(110, now - SECOND))]);
    expect(loop.replicas).toBe(3);
  });

  test('of which one has stopped hold what the other would lower', () => {
    const loop = driver(10, { metrics: [CPU, REQUESTS] });
    for (let i = 0; i < 20; i += 1) {
      const now = loop.now + 15 * SECOND;
      loop.tick([usage(loop.target.pods, stale(0.1, now - 5 * MINUTE)), total(fresh(110, now))]);
    }
    expect(loop.effects).toEqual([]);
  });
});

describe('service that suffers', () => {
  const objective = {
    targetPercent: 99,
    indicators: [{ name: 'latency', query: 'latency', threshold: '1' }],
  };
  const good = fresh(0.2);
  const bad = fresh(3);

  test('while the CPU falls: pods wait for something else, and nothing is given back', () => {
    const loop = driver(10, { objective });
    for (let i = 0; i < 40; i += 1) loop.tick([total(fresh(480, loop.now))], [good]);
    for (let i = 0; i < 40; i += 1) loop.tick([total(fresh(110, loop.now))], [bad]);
    expect(loop.replicas).toBe(10);
    expect(loop.all('StoreIntent')).toEqual([]);
  });

  test('after a decrease undoes it within two looks, once, and then pauses', () => {
    const loop = driver(10, { objective });
    for (let i = 0; i < 240; i += 1) loop.tick([total(fresh(480, loop.now))], [good]);
    loop.tick([total(fresh(240, loop.now))], [good]);
    expect(loop.replicas).toBe(5);
    loop.tick([total(fresh(240, loop.now))], [bad]);
    expect(loop.replicas).toBe(5);
    loop.tick([total(fresh(240, loop.now))], [bad]);
    expect(loop.replicas).toBe(10);
    const [, undo] = loop.all('StoreIntent').map(({ decision }) => decision);
    expect(undo).toMatchObject({ action: 'ScaleUp', from: 5, to: 10 });
    expect(undo?.guards.find(({ guard }) => guard === 'Rollback')).toMatchObject({
      outcome: 'Clamp',
      reason: 'Rollback',
      after: 10,
    });
    expect(loop.all('RecordClosed').map(({ closed }) => closed.outcome)).toMatchObject([
      { result: 'Violated', message: expect.stringContaining('it was undone') as string },
    ]);
    expect(loop.all('Announce').map(({ reason }) => reason)).toContain('RolledBack');
    for (let i = 0; i < 60; i += 1) loop.tick([total(fresh(240, loop.now))], [good]);
    expect(loop.replicas).toBe(10);
    for (let i = 0; i < 140; i += 1) loop.tick([total(fresh(240, loop.now))], [good]);
    expect(loop.replicas).toBe(5);
  });

  test('after three decreases in a day ends them until the first is a day old', () => {
    const policy = policyFixture({ objective });
    const loop = new LoopDriver(policy, 10, {
      rollbackTimes: [23, 3, 2].map((hours) => driver(1).now - hours * HOUR),
    });
    for (let i = 0; i < 230; i += 1) loop.tick([total(fresh(110, loop.now))], [good]);
    expect(loop.replicas).toBe(10);
    for (let i = 0; i < 20; i += 1) loop.tick([total(fresh(110, loop.now))], [good]);
    expect(loop.replicas).toBe(3);
  });
});
