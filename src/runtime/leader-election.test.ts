import { ManualClock, settle } from '../../test/support/manual-clock.ts';
import type { KubeRequest } from '../adapters/kubernetes/client.ts';
import { ApiError } from '../adapters/kubernetes/errors.ts';
import { LeaderElector, type ElectionNote, type LeaderElectionOptions } from './leader-election.ts';

interface Lease {
  metadata: { resourceVersion: string };
  spec: Record<string, unknown>;
}

/** One Lease with the API server's compare-and-swap. */
class LeaseServer {
  lease: Lease | undefined;
  operations: string[] = [];
  /** Answers in place of the server when it returns an error. */
  fail: (request: KubeRequest) => ApiError | undefined = () => undefined;
  #version = 0;

  request<T>(request: KubeRequest): Promise<T> {
    this.operations.push(request.method);
    const error = this.fail(request) ?? this.#refusal(request);
    if (error !== undefined) return Promise.reject(error);
    if (request.method !== 'GET') this.put((request.body as Lease).spec);
    return Promise.resolve(structuredClone(this.lease) as T);
  }

  put(spec: Record<string, unknown>): void {
    this.#version += 1;
    this.lease = { metadata: { resourceVersion: String(this.#version) }, spec };
  }

  #refusal({ method, body }: KubeRequest): ApiError | undefined {
    const refuse = (status: number): ApiError => new ApiError({ status, reason: '', message: `${status}` });
    if (method === 'POST') return this.lease === undefined ? undefined : refuse(409);
    if (this.lease === undefined) return refuse(404);
    const expected = (body as Lease | undefined)?.metadata.resourceVersion;
    return method === 'PUT' && expected !== this.lease.metadata.resourceVersion ? refuse(409) : undefined;
  }
}

const network = (): ApiError => new ApiError({ status: 0, reason: 'Network', message: 'down' });

let clock: ManualClock;
let server: LeaseServer;
let notes: ElectionNote[];
let stop: AbortController;

function candidate(identity: string, options: Partial<LeaderElectionOptions> = {}): LeaderElector {
  return new LeaderElector({
    client: server,
    namespace: 'ns',
    name: 'autonomic',
    identity,
    clock,
    random: () => 0,
    whenIdle: () => Promise.resolve(),
    observe: (note) => notes.push(note),
    ...options,
  });
}

const whats = (): string[] => notes.map((note) => note.what);

beforeEach(() => {
  clock = new ManualClock();
  server = new LeaseServer();
  notes = [];
  stop = new AbortController();
});

afterEach(() => stop.abort());

describe('LeaderElector', () => {
  it('creates the lease, then renews it without reading (client-go: TestFastPathLeaderElection)', async () => {
    const elector = candidate('a');
    void elector.run(stop.signal);
    await clock.advance(4000);
    expect(server.operations).toEqual(['GET', 'POST', 'PUT', 'PUT']);
    expect([elector.isLeader(), elector.leader, elector.term]).toEqual([true, 'a', 0]);
    expect(server.lease?.spec).toEqual({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:04.000000Z',
      leaseTransitions: 0,
    });
  });

  it('reads and writes again in the same try when the lease was touched meanwhile', async () => {
    const elector = candidate('a');
    void elector.run(stop.signal);
    await settle();
    server.put({ ...server.lease?.spec, strategy: 'kept' });
    await clock.advance(2000);
    expect(server.operations).toEqual(['GET', 'POST', 'PUT', 'GET', 'PUT']);
    expect([elector.isLeader(), server.lease?.spec['strategy']]).toEqual([true, 'kept']);
  });

  it('waits as long as another renews, and takes over a lease duration after it fell silent', async () => {
    server.put({ holderIdentity: 'b', leaseDurationSeconds: 15, renewTime: 'x', leaseTransitions: 2 });
    const elector = candidate('a');
    void elector.run(stop.signal);
    await clock.advance(14_000);
    server.put({ ...server.lease?.spec, renewTime: 'y' });
    await clock.advance(16_000);
    expect(elector.isLeader()).toBe(false);
    await clock.advance(2000);
    expect([elector.isLeader(), elector.term]).toEqual([true, 3]);
    expect(notes).toEqual([
      { what: 'NewLeader', identity: 'b' },
      { what: 'NewLeader', identity: 'a' },
      { what: 'Started', term: 3 },
    ]);
  });

  it('is no leader from the renew deadline on, whatever the loop does', async () => {
    const elector = candidate('a');
    void elector.run(stop.signal);
    await settle();
    expect(elector.fencedUntil).toBe(10_000);
    expect([elector.isLeader(9999), elector.isLeader(10_000)]).toEqual([true, false]);
    clock.jump(60_000);
    expect(elector.isLeader()).toBe(false);
  });

  it('does not renew after it was stopped past the deadline: it has lost', async () => {
    const elector = candidate('a');
    const ended = elector.run(stop.signal);
    await settle();
    clock.jump(60_000);
    await clock.advance(0);
    expect(await ended).toBe('lost');
    expect(server.operations).toEqual(['GET', 'POST']);
  });

  it('measures the deadline from the sending of the renewal, not from its answer', async () => {
    server.request = async <T>(request: KubeRequest): Promise<T> => {
      if (request.method === 'POST') await clock.sleep(3000);
      return LeaseServer.prototype.request.call(server, request) as Promise<T>;
    };
    const elector = candidate('a');
    void elector.run(stop.signal);
    await clock.advance(3000);
    expect(elector.fencedUntil).toBe(10_000);
  });

  it('goes on through failures shorter than the deadline', async () => {
    const elector = candidate('a');
    void elector.run(stop.signal);
    await settle();
    server.fail = network;
    await clock.advance(7000);
    server.fail = () => undefined;
    await clock.advance(4000);
    expect([elector.isLeader(), elector.term]).toEqual([true, 0]);
  });

  it('gives up at the deadline when it cannot renew', async () => {
    const elector = candidate('a');
    const ended = elector.run(stop.signal);
    await settle();
    server.fail = network;
    await clock.advance(9999);
    expect(elector.isLeader()).toBe(true);
    await clock.advance(1);
    expect(elector.isLeader()).toBe(false);
    expect(await ended).toBe('lost');
    expect(notes.at(-1)).toEqual({
      what: 'Stopped',
      because: 'the lease was not renewed before the deadline',
    });
  });

  it.each<[string, () => void]>([
    ['deleted', () => (server.lease = undefined)],
    ['given to another', () => server.put({ holderIdentity: 'b', leaseDurationSeconds: 15 })],
    ['emptied', () => server.put({})],
  ])('steps down at its next renewal when the lease was %s', async (_, change) => {
    const elector = candidate('a');
    const ended = elector.run(stop.signal);
    await settle();
    change();
    await clock.advance(2000);
    expect(elector.isLeader()).toBe(false);
    expect(await ended).toBe('lost');
  });

  it('lets only one of two have it, and the other follow at once after a release', async () => {
    const other = new AbortController();
    const [first, second] = [candidate('a'), candidate('b')];
    const ended = first.run(stop.signal);
    void second.run(other.signal);
    await clock.advance(30_000);
    expect([first.isLeader(), second.isLeader()]).toEqual([true, false]);
    stop.abort();
    expect(await ended).toBe('cancelled');
    expect(server.lease?.spec).toMatchObject({
      holderIdentity: '',
      leaseDurationSeconds: 1,
      leaseTransitions: 0,
    });
    await clock.advance(2000);
    expect([first.isLeader(), second.isLeader(), second.term]).toEqual([false, true, 1]);
    other.abort();
  });

  it('on cancel stops acting at once, but releases only when guarded work is idle', async () => {
    const work = Promise.withResolvers<undefined>();
    const elector = candidate('a', { whenIdle: () => work.promise });
    const ended = elector.run(stop.signal);
    await settle();
    stop.abort();
    await clock.advance(3000);
    expect([elector.isLeader(), server.lease?.spec['holderIdentity']]).toEqual([false, 'a']);
    work.resolve(undefined);
    await ended;
    expect(server.lease?.spec['holderIdentity']).toBe('');
    expect(whats()).toEqual(['NewLeader', 'Started', 'Stopped', 'Released']);
  });

  it('leaves the lease to expire when guarded work outlasts it', async () => {
    const elector = candidate('a', { whenIdle: () => new Promise(() => undefined) });
    const ended = elector.run(stop.signal);
    await settle();
    stop.abort();
    await clock.advance(15_000);
    expect(await ended).toBe('cancelled');
    expect(server.lease?.spec['holderIdentity']).toBe('a');
  });

  it('leaves the lease to expire when it cannot know whether guarded work is idle', async () => {
    const elector = candidate('a', { whenIdle: () => Promise.reject(new Error('boom')) });
    const ended = elector.run(stop.signal);
    await settle();
    stop.abort();
    expect(await ended).toBe('cancelled');
    expect(server.lease?.spec['holderIdentity']).toBe('a');
  });

  it('does not touch a lease on release that another has by then', async () => {
    const elector = candidate('a');
    const ended = elector.run(stop.signal);
    await settle();
    server.put({ holderIdentity: 'b', leaseDurationSeconds: 15 });
    stop.abort();
    await ended;
    expect(server.lease?.spec['holderIdentity']).toBe('b');
  });

  it('ends without a trace when cancelled before it led', async () => {
    server.put({ holderIdentity: 'b', leaseDurationSeconds: 15 });
    const ended = candidate('a').run(stop.signal);
    await clock.advance(5000);
    stop.abort();
    expect(await ended).toBe('cancelled');
    expect(server.lease?.spec['holderIdentity']).toBe('b');
  });

  it('spreads candidates over 1 to 2.2 retry periods', async () => {
    server.put({ holderIdentity: 'b', leaseDurationSeconds: 15 });
    void candidate('a', { random: () => 1 }).run(stop.signal);
    await settle();
    expect(clock.sleeping).toEqual([4400]);
  });

  it('refuses an empty identity', () => {
    expect(() => candidate('')).toThrow(/identity/);
  });
});
