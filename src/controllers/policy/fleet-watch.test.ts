import { LoopDriver } from '../../../test/support/loop-driver.ts';
import { WatchedWorkload, type WatchedValues } from '../../../test/support/watched-workload.ts';
import {
  CPU,
  fresh,
  MINUTE,
  NOW,
  policyFixture,
  SECOND,
  silent,
  total,
  usage,
} from '../../../test/support/loop-fixtures.ts';
import type { Call } from '../../loop/analyze/anomaly/attribution/call-graph.ts';
import type { Anomaly } from '../../loop/analyze/anomaly/anomaly.ts';
import { seededRandom } from '../../simulate/random.ts';
import { FleetWatch, fleetReport } from './fleet-watch.ts';

type Demand = Parameters<LoopDriver['tick']>[0];

/** So many policies with 20 replicas each, evaluated one after the other each 15 s, as the controller does. */
class Fleet {
  readonly loops: readonly LoopDriver[];
  readonly warnings: unknown[] = [];
  #now = NOW;
  readonly #watch: FleetWatch;

  constructor(size: number) {
    const log = { warn: (...line: unknown[]) => this.warnings.push(line) };
    this.#watch = new FleetWatch({ now: () => this.#now } as never, log as never, () => []);
    this.loops = Array.from({ length: size }, (_, i) => {
      const namespace = `team-${i % 2}`;
      return new LoopDriver(policyFixture({}, { uid: `policy-${i}`, name: `web-${i}`, namespace }), 20);
    });
  }

  run(minutes: number, demand: (index: number, replicas: number) => Demand): void {
    for (let end = this.#now + minutes * MINUTE; this.#now < end;) {
      this.#now += 15 * SECOND;
      this.#watch.survey();
      for (const [index, loop] of this.loops.entries()) {
        loop.fleet = this.#watch.view(loop.policy.uid);
        this.#watch.observe(loop.policy, loop.tick(demand(index, loop.replicas)));
      }
    }
  }

  /** Decreases that reached a target. */
  get lowered(): number {
    return this.loops
      .flatMap((loop) => loop.all('ApplyReplicas'))
      .filter(({ decision }) => decision.action === 'ScaleDown').length;
  }
}

describe('when the load of all policies drops in one interval', () => {
  test.each([0, 400])('to %d requests per second, nobody is lowered for half an hour', (demand) => {
    const fleet = new Fleet(10);
    fleet.run(10, () => 1000);
    fleet.run(30, () => demand);
    expect(fleet.lowered).toBe(0);
    expect(fleet.warnings.length).toBeGreaterThan(0);
    const [held] = fleet.loops[3]!.all('Announce');
    expect(held).toMatchObject({ level: 'Warning', reason: 'CorrelatedDrop' });
  });

  test('and comes back, all is as it was', () => {
    const fleet = new Fleet(10);
    fleet.run(10, () => 1000);
    fleet.run(5, () => 0);
    fleet.run(10, () => 1000);
    expect(fleet.lowered).toBe(0);
    expect(fleet.loops.map(({ fleet: view }) => view?.doubt)).toEqual(new Array(10).fill(undefined));
  });

  test('and was real, it is followed slowly when the half hour is over', () => {
    const fleet = new Fleet(8);
    fleet.run(6, () => 1000);
    fleet.run(32, () => 400);
    const replicas = fleet.loops.reduce((sum, loop) => sum + loop.replicas, 0);
    expect(fleet.lowered).toBeGreaterThan(0);
    // Five by their large step, and the others by a fifth.
    expect(replicas).toBe(5 * 8 + 3 * 16);
    fleet.run(20, () => 400);
    expect(fleet.loops.map((loop) => loop.replicas)).toEqual(new Array(8).fill(8));
  });
});

test('when a part of one namespace falls silent, the other namespace goes on', () => {
  const fleet = new Fleet(40);
  fleet.run(6, () => 1000);
  const silent = new Set([0, 4, 8, 12, 16]);
  fleet.run(3, (index) => (silent.has(index) ? 400 : index === 1 || index === 2 ? 700 : 1000));
  const lowered = fleet.loops.filter((loop) => loop.replicas < 20).map(({ policy }) => policy.name);
  expect(lowered).toEqual(['web-1']);
});

test('a small fleet is not held up: three of four may end their day at once', () => {
  const fleet = new Fleet(4);
  fleet.run(10, () => 1000);
  fleet.run(1, (index) => (index < 3 ? 400 : 1000));
  expect(fleet.loops.map((loop) => loop.replicas)).toEqual([8, 8, 8, 20]);
});

describe('what of a tick concerns the others', () => {
  const loop = new LoopDriver(policyFixture({ metrics: [CPU, ...policyFixture().spec.metrics] }), 10);
  const report = (requests: number) =>
    loop.observe({ ...loop.target }, [
      usage(loop.target.pods, fresh(0.5, loop.now)),
      total(fresh(requests, loop.now)),
    ]);

  test('is what each source asks for, and what it would have within its range', () => {
    expect(fleetReport(loop.policy, report(2000))).toEqual({
      uid: 'policy-uid',
      namespace: 'shop',
      current: 10,
      wanted: 20,
      needs: [
        { source: 'cpu', replicas: 10 },
        { source: 'queries', replicas: 40 },
      ],
      decided: 20,
    });
  });

  test('is nothing without a target, and no need that nobody measured', () => {
    const gone = loop.observe({ problem: 'NotFound', message: 'gone' }, []);
    expect(fleetReport(loop.policy, gone)).toBeUndefined();
    const quiet = new LoopDriver(policyFixture(), 10);
    expect(fleetReport(quiet.policy, quiet.tick(silent()))).toMatchObject({ wanted: undefined, needs: [] });
  });
});

describe('a workload that becomes slow after one that it shares a namespace with', () => {
  const LEARNED = new WatchedWorkload();
  LEARNED.learn(3 * 1440);
  const slow = (values: WatchedValues): WatchedValues => ({ ...values, latency: 10 * values.latency });

  /** An hour as usual, then the database is slow, and the shop three minutes later; what people are told of the shop. */
  function told(calls: readonly Call[]): readonly Anomaly[] {
    let now = 0;
    const watch = new FleetWatch({ now: () => now } as never, {} as never, () => calls);
    const members = ['web', 'db', 'search', 'mail', 'ads'].map((uid, seed) => {
      const random = seededRandom(seed + 2);
      const policy = policyFixture(
        { targetRef: { ...policyFixture().spec.targetRef, name: uid } },
        { uid, namespace: 'shop' },
      );
      const workload = LEARNED.fork({
        get fleet() {
          return watch.anomalies(uid);
        },
      });
      const own = (values: WatchedValues): WatchedValues => ({
        ...values,
        latency: values.latency * (0.95 + 0.1 * random()),
      });
      return { uid, policy, workload, own };
    });
    const heard: Anomaly[] = [];
    for (let minute = 0; minute < 70; minute += 1) {
      watch.survey();
      for (const { uid, policy, workload, own } of members) {
        const isSlow = (uid === 'db' && minute >= 60) || (uid === 'web' && minute >= 63);
        now = workload.minute * MINUTE;
        const [anomalies] = workload.learn(1, (values) => (isSlow ? slow(own(values)) : own(values)));
        if (uid === 'web') heard.push(...(anomalies?.opened ?? []));
        watch.observe(policy, { at: now, target: { problem: 'NotFound' }, anomalies } as never);
      }
    }
    return heard.filter(({ signal }) => signal === 'latency');
  }

  it('has the other as its suspect', () => {
    const [anomaly] = told([]);
    expect(anomaly?.attribution?.suspects).toMatchObject([{ workload: 'db', signal: 'latency' }]);
    expect(anomaly?.attribution?.suspects[0]?.leadMs).toBe(3 * MINUTE);
  });

  it('has it with the calls that lead there, where a mesh tells them', () => {
    const calls = [
      { caller: 'web', callee: 'search' },
      { caller: 'search', callee: 'db' },
    ];
    expect(told(calls)[0]?.attribution?.suspects).toMatchObject([{ path: ['web', 'search', 'db'] }]);
  });
});
