import { seededRandom } from '../../src/simulate/random.ts';
import { NO_TROUBLE, type Trouble } from './faults.ts';
import { testPod } from './test-pods.ts';
import { Workload, type PodCounters } from './workload.ts';

const random = seededRandom(1);
const pods = ['a', 'b', 'c', 'd'].map((name) => testPod(name));

function workload(): Workload {
  return new Workload({ namespace: 'shop', name: 'web', demand: () => 0 });
}

function sum(of: Workload, value: (counters: PodCounters) => number): number {
  return [...of.counters.values()].reduce((total, counters) => total + value(counters), 0);
}

describe('a workload within capacity', () => {
  const web = workload();
  for (let second = 0; second < 600; second += 1) web.advance(pods, { demand: 20, seconds: 1 }, random);

  it('counts every request on some pod, evenly', () => {
    const total = sum(web, ({ accepted }) => accepted);
    expect(total).toBe(web.accounts.requests);
    expect(Math.abs(total / 12_000 - 1)).toBeLessThan(0.05);
    for (const { accepted } of web.counters.values())
      expect(Math.abs(accepted - total / 4)).toBeLessThanOrEqual(1);
  });

  it('uses a tenth of a core-second for each request', () => {
    expect(sum(web, ({ cpuSeconds }) => cpuSeconds)).toBeCloseTo(1200, 6);
  });

  it('has as many slow requests as its histogram says', () => {
    // The seventh bound is 0.3 s, the objective's threshold.
    const quick = sum(web, ({ buckets }) => buckets[6] ?? 0);
    expect(web.accounts.requests - quick).toBe(web.accounts.slowRequests);
  });

  it('has bills for four replicas', () => {
    expect(web.accounts).toMatchObject({ replicaSeconds: 2400, violatedSeconds: 0, actions: 0 });
  });
});

describe('a workload above capacity', () => {
  const web = workload();
  for (let second = 0; second < 120; second += 1) web.advance(pods, { demand: 60, seconds: 1 }, random);

  it('saturates its CPU and is throttled all the time', () => {
    expect(sum(web, ({ cpuSeconds }) => cpuSeconds)).toBeCloseTo(480, 6);
    for (const { cfsPeriods, cfsThrottled } of web.counters.values()) {
      expect(cfsPeriods).toBeCloseTo(1200, 6);
      expect(cfsThrottled / cfsPeriods).toBeGreaterThan(0.97);
    }
  });

  it('goes on counting arrivals, and turns the surplus away when the queue is full', () => {
    expect(Math.abs(web.accounts.requests / 7200 - 1)).toBeLessThan(0.05);
    // The queue of 1200 requests is full after a minute; then a third of the arrivals has no place.
    expect(Math.abs(sum(web, ({ rejected }) => rejected) / 1200 - 1)).toBeLessThan(0.2);
  });

  it('is violated from the first second on', () => {
    expect(web.accounts.violatedSeconds).toBe(120);
    expect(web.accounts.slowRequests / web.accounts.requests).toBeGreaterThan(0.95);
  });
});

describe('the pods of a workload', () => {
  it.each([
    ['not ready', { ready: false }],
    ['terminating', { deleting: true }],
  ])('serve nothing while %s', (_, change) => {
    const web = workload();
    web.advance([testPod('a', change)], { demand: 10, seconds: 60 }, random);
    expect(sum(web, ({ accepted, rejected }) => accepted + rejected)).toBe(0);
    expect(web.accounts.slowRequests).toBe(web.accounts.requests);
    expect(web.accounts.requests).toBeGreaterThan(400);
  });

  it('have counters from when they run until they are gone, and begin again under the same name', () => {
    const web = workload();
    web.advance([testPod('a', { running: false, ready: false })], { demand: 5, seconds: 1 }, random);
    expect(web.counters.size).toBe(0);
    web.advance([testPod('a')], { demand: 5, seconds: 10 }, random);
    expect(sum(web, ({ accepted }) => accepted)).toBeGreaterThan(20);
    web.advance([testPod('a', { uid: 'another' })], { demand: 0, seconds: 1 }, random);
    expect(sum(web, ({ accepted }) => accepted)).toBe(0);
  });

  it('serve as fast as their CPU limit, then request, then the workload says', () => {
    const container = { name: 'app', image: 'web:1', requests: {}, limits: {}, restarts: 0 };
    const pod = (name: string, change: object): ReturnType<typeof testPod> =>
      testPod(name, { containers: [{ ...container, ...change }] });
    const web = new Workload({ namespace: 'shop', name: 'web', demand: () => 0, cpuRequestCores: 0.25 });
    const mixed = [
      pod('a', { limits: { cpu: 2 }, requests: { cpu: 1 } }),
      pod('b', { requests: { cpu: 0.5 } }),
      pod('c', {}),
    ];
    web.advance(mixed, { demand: 1000, seconds: 10 }, random);
    const used = [...web.counters.values()].map(({ cpuSeconds }) => Number(cpuSeconds.toFixed(9)));
    expect(used).toEqual([20, 5, 2.5]);
  });
});

describe('the accounts', () => {
  it('pay a terminated replica for 30 s, less what was seen of it', () => {
    const web = workload();
    web.advance([testPod('a')], { demand: 0, seconds: 10 }, random);
    web.advance([testPod('a', { deleting: true })], { demand: 0, seconds: 5 }, random);
    web.advance([], { demand: 0, seconds: 1 }, random);
    expect(web.accounts.replicaSeconds).toBe(10 + 5 + 25);
    web.advance([], { demand: 0, seconds: 1 }, random);
    expect(web.accounts.replicaSeconds).toBe(40);
  });

  it('pay a replica that is starting, but no end for one that never ran', () => {
    const web = workload();
    web.advance([testPod('a', { running: false, ready: false })], { demand: 0, seconds: 3 }, random);
    web.advance([], { demand: 0, seconds: 1 }, random);
    expect(web.accounts.replicaSeconds).toBe(3);
  });

  it('count changes of the replicas asked for, not the first sight of them', () => {
    const web = workload();
    for (const replicas of [2, 2, 4, 4, 3]) web.observeReplicas(replicas);
    expect(web.accounts.actions).toBe(2);
  });
});

describe('trouble of the workload', () => {
  /** Ten minutes of 5 requests per second on four pods. */
  function after(trouble: Partial<Trouble>): Workload {
    const web = workload();
    for (let second = 0; second < 600; second += 1) {
      web.advance(
        pods,
        { demand: 5, seconds: 1, trouble: { ...NO_TROUBLE, ...trouble } },
        seededRandom(second),
      );
    }
    return web;
  }
  const well = after({});

  it('with the load is as many times the requests, and more CPU', () => {
    const surged = after({ loadFactor: 4 });
    expect(surged.accounts.requests / well.accounts.requests).toBeGreaterThan(3.5);
    expect(surged.accounts.requests / well.accounts.requests).toBeLessThan(4.5);
    expect(sum(surged, ({ cpuSeconds }) => cpuSeconds)).toBeCloseTo(
      4 * sum(well, ({ cpuSeconds }) => cpuSeconds),
      3,
    );
  });

  it('with something that each request waits for is slow, without more work', () => {
    const slow = after({ delaySeconds: 0.5 });
    expect(slow.accounts.requests).toBe(well.accounts.requests);
    expect(slow.accounts.slowRequests).toBe(slow.accounts.requests);
    expect(slow.accounts.violatedSeconds).toBe(600);
    expect(sum(slow, ({ cpuSeconds }) => cpuSeconds)).toBeCloseTo(
      sum(well, ({ cpuSeconds }) => cpuSeconds),
      6,
    );
    const waited = sum(slow, ({ waitSeconds }) => waitSeconds) - sum(well, ({ waitSeconds }) => waitSeconds);
    expect(waited).toBeCloseTo(0.5 * slow.accounts.requests, 6);
  });

  it('with memory takes so much of each pod in each second, until the pod is gone', () => {
    const leaking = after({ leakBytesPerSecond: 1000 });
    for (const { leakedBytes } of leaking.counters.values()) expect(leakedBytes).toBe(600_000);
    expect(
      sum(leaking, ({ memoryBytes }) => memoryBytes) - sum(well, ({ memoryBytes }) => memoryBytes),
    ).toBeCloseTo(2_400_000, -2);
    leaking.advance([testPod('a', { uid: 'another' })], { demand: 5, seconds: 1 }, random);
    expect(sum(leaking, ({ leakedBytes }) => leakedBytes)).toBe(0);
  });

  it('takes no memory of a pod that does not serve', () => {
    const web = workload();
    const trouble = { ...NO_TROUBLE, leakBytesPerSecond: 1000 };
    web.advance([testPod('a', { ready: false })], { demand: 5, seconds: 60, trouble }, random);
    expect(sum(web, ({ leakedBytes }) => leakedBytes)).toBe(0);
  });
});
