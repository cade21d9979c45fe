import { KubeClient } from '../../src/adapters/kubernetes/client.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { LeaderElector, type LeaderElectionOptions } from '../../src/runtime/leader-election.ts';
import { FaultProxy } from '../faults/proxy.ts';
import { Administrator } from '../support/administrator.ts';
import { createNamespace, testCluster, waitFor } from '../support/cluster.ts';

// A fifth of the ordinary durations: the proportions are what matters.
const TIMINGS = { leaseDurationMs: 3000, renewDeadlineMs: 2000, retryPeriodMs: 400 };
const PATH = (namespace: string): string =>
  `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/autonomic`;

interface Candidate {
  readonly elector: LeaderElector;
  readonly stop: AbortController;
  readonly ended: Promise<'lost' | 'cancelled'>;
}

let admin: Administrator;
let direct: KubeClient;
let through: KubeClient;
let proxy: FaultProxy;
let namespace: string;
let candidates: Candidate[];
let watchman: NodeJS.Timeout;
let bothAtOnce: number;

beforeAll(async () => {
  const { kubeconfig } = testCluster();
  proxy = await FaultProxy.start(kubeconfig);
  admin = new Administrator(kubeconfig);
  direct = new KubeClient({ kubeconfig }, { version: 'test' });
  through = new KubeClient({ kubeconfig: await proxy.kubeconfig() }, { version: 'test' });
});

afterAll(async () => {
  await Promise.all([through.close(), direct.close(), admin.close()]);
  await proxy.stop();
});

beforeEach(async () => {
  namespace = await createNamespace('election');
  candidates = [];
  bothAtOnce = 0;
  watchman = setInterval(() => {
    if (candidates.filter(({ elector }) => elector.isLeader()).length > 1) bothAtOnce += 1;
  }, 1);
});

afterEach(async () => {
  proxy.clearRules();
  for (const { stop } of candidates) stop.abort();
  await Promise.all(candidates.map(({ ended }) => ended));
  clearInterval(watchman);
});

function candidate(identity: string, options: Partial<LeaderElectionOptions> = {}): Candidate {
  const elector = new LeaderElector({
    client: direct,
    namespace,
    name: 'autonomic',
    identity,
    clock: systemClock,
    random: () => Math.random(),
    timings: TIMINGS,
    whenIdle: () => Promise.resolve(),
    ...options,
  });
  const stop = new AbortController();
  const made = { elector, stop, ended: elector.run(stop.signal) };
  candidates.push(made);
  return made;
}

const leads = ({ elector }: Candidate): Promise<boolean> =>
  waitFor('the candidate to lead', () => elector.isLeader());

async function holder(): Promise<unknown> {
  const lease = await direct.request<{ spec: Record<string, unknown> }>({
    method: 'GET',
    path: PATH(namespace),
  });
  return lease.spec['holderIdentity'];
}

describe('two candidates on a real API server', () => {
  it('only one leads; a release hands over at once, and the term grows', async () => {
    const first = candidate('first');
    await leads(first);
    const second = candidate('second');
    await waitFor('the second to see the first', () => second.elector.leader === 'first');
    first.stop.abort();
    expect(await first.ended).toBe('cancelled');
    await leads(second);
    expect([await holder(), second.elector.term, bothAtOnce]).toEqual(['second', 1, 0]);
  });

  it('the lease of one that vanished is taken over, not before it expires', async () => {
    const first = candidate('first', { whenIdle: () => Promise.reject(new Error('killed')) });
    await leads(first);
    const second = candidate('second');
    await waitFor('the second to see the first', () => second.elector.leader === 'first');
    const fencedUntil = first.elector.fencedUntil;
    first.stop.abort();
    await first.ended;
    expect(await holder()).toBe('first');
    await leads(second);
    const grace = TIMINGS.leaseDurationMs - TIMINGS.renewDeadlineMs;
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(fencedUntil + grace);
    expect([second.elector.term, bothAtOnce]).toEqual([1, 0]);
  });

  it('a leader that cannot reach leases alone stops by its deadline, before another acts', async () => {
    const first = candidate('first', { client: through });
    await leads(first);
    const second = candidate('second');
    await waitFor('the second to see the first', () => second.elector.leader === 'first');
    proxy.add({ resource: 'leases', namespace, fault: { kind: 'status', status: 500 } });
    await through.request({ method: 'GET', path: `/api/v1/namespaces/${namespace}` });
    expect(await first.ended).toBe('lost');
    expect([first.elector.isLeader(), second.elector.isLeader()]).toEqual([false, false]);
    await leads(second);
    expect(bothAtOnce).toBe(0);
  });

  it('a renewal that is done but whose answer is lost costs nothing', async () => {
    const first = candidate('first', { client: through });
    await leads(first);
    const lost = { verb: 'update', resource: 'leases', namespace, times: 2 } as const;
    const rule = proxy.add({ ...lost, fault: { kind: 'cut', bytes: 10 } });
    await waitFor('both to be lost', () => rule.hits === 2);
    const { fencedUntil } = first.elector;
    await waitFor('a later renewal', () => first.elector.fencedUntil > fencedUntil);
    expect([first.elector.isLeader(), first.elector.term]).toEqual([true, 0]);
  });

  it.each([
    ['deleted', (): Promise<unknown> => admin.send({ method: 'DELETE', path: PATH(namespace) })],
    [
      'edited by a person',
      (): Promise<unknown> =>
        admin.send({
          method: 'PATCH',
          path: PATH(namespace),
          contentType: 'application/merge-patch+json',
          body: { spec: { holderIdentity: 'someone' } },
        }),
    ],
  ])('a leader whose lease was %s steps down, and somebody leads again', async (_, change) => {
    const first = candidate('first');
    await leads(first);
    await change();
    expect(await first.ended).toBe('lost');
    await leads(candidate('second'));
    expect(await holder()).toBe('second');
  });
});
