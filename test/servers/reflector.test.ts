import { copyFile } from 'node:fs/promises';
import { KubeClient } from '../../src/adapters/kubernetes/client.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { Reflector, type ReflectorNote, type ReflectorOptions } from '../../src/runtime/reflector.ts';
import type { Fault } from '../faults/fault.ts';
import { FaultProxy } from '../faults/proxy.ts';
import { Administrator } from '../support/administrator.ts';
import { createNamespace, testCluster, waitFor } from '../support/cluster.ts';

// Real API server, real sockets and TLS; the proxy between breaks what a test asks for. Waits are short here so
// that failures can be many; that the ordinary ones are right is tested on a clock that stands still.
const TIMINGS = { silenceMs: 3000, forbiddenRetryMs: 200, absentRetryMs: 200 };

let proxy: FaultProxy;
let admin: Administrator;
let through: KubeClient;
let namespace: string;
let stop: AbortController;
let running: Promise<void>[];
let notes: ReflectorNote[];

beforeAll(async () => {
  const { kubeconfig } = testCluster();
  admin = new Administrator(kubeconfig);
  proxy = await FaultProxy.start(kubeconfig);
  through = new KubeClient({ kubeconfig: await proxy.kubeconfig() }, { version: 'test' });
});

afterAll(async () => {
  await Promise.all([through.close(), admin.close()]);
  await proxy.stop();
});

beforeEach(async () => {
  namespace = await createNamespace('reflector');
  stop = new AbortController();
  running = [];
  notes = [];
});

afterEach(async () => {
  stop.abort();
  await Promise.all(running);
  proxy.clearRules();
});

const maps = (): string => `/api/v1/namespaces/${namespace}/configmaps`;

function put(name: string, value: string): Promise<void> {
  return admin.putConfigMap(namespace, name, value);
}

async function remove(name: string): Promise<void> {
  await admin.send({ method: 'DELETE', path: `${maps()}/${name}` });
}

function mirror(options: Partial<ReflectorOptions<string>> = {}): Reflector<string> {
  const reflector = new Reflector<string>({
    client: through,
    // Every namespace gets this one by itself.
    collection: { kind: 'ConfigMap', path: maps(), fieldSelector: 'metadata.name!=kube-root-ca.crt' },
    transform: (object) => (object['data'] as Record<string, string>)['value'] ?? '',
    onEvent: () => undefined,
    clock: systemClock,
    // Short waits after a failure, yet not none.
    random: () => 0.05,
    timings: TIMINGS,
    observe: (note) => notes.push(note),
    ...options,
  });
  running.push(reflector.run(stop.signal));
  return reflector;
}

/** Waits until the mirror holds exactly this. */
async function holds(reflector: Reflector<string>, expected: Record<string, string>): Promise<void> {
  const wanted = Object.entries(expected).map(([name, value]) => [`${namespace}/${name}`, value]);
  await waitFor(`the mirror to hold ${JSON.stringify(wanted)}`, () => {
    const held = [...reflector.objects].sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify(held) === JSON.stringify(wanted);
  });
}

const watch = { verb: 'watch', resource: 'configmaps' } as const;
const list = { verb: 'list', resource: 'configmaps' } as const;
const watching = (count = 1): Promise<boolean> =>
  waitFor('an open watch', () => proxy.openStreams({ ...watch, namespace }) >= count);
const listed = (): number => notes.filter(({ what }) => what === 'Listed').length;
const failed = (): number => notes.filter(({ what }) => what === 'Failed').length;

describe('a reflector on a real API server', () => {
  it('mirrors what is there, what comes, what changes and what goes', async () => {
    await put('a', '1');
    const reflector = mirror();
    await holds(reflector, { a: '1' });
    await watching();
    await put('b', 'größe 🚀');
    await put('a', '2');
    await holds(reflector, { a: '2', b: 'größe 🚀' });
    await remove('a');
    await holds(reflector, { b: 'größe 🚀' });
    expect([listed(), failed()]).toEqual([1, 0]);
  });

  it('mirrors names without what the objects hold, where no more is wanted', async () => {
    const collection = { kind: 'ConfigMap', path: maps(), labelSelector: 'shown=yes', metadataOnly: true };
    const label = async (name: string, shown: string): Promise<void> => {
      const body = { metadata: { labels: { shown } } };
      const contentType = 'application/merge-patch+json';
      await admin.send({ method: 'PATCH', path: `${maps()}/${name}`, contentType, body });
    };
    await put('a', '1');
    await label('a', 'yes');
    const reflector = mirror({ collection, transform: (object) => String(object['data']) });
    await holds(reflector, { a: 'undefined' });
    await watching();
    await put('b', '2');
    await label('b', 'yes');
    await holds(reflector, { a: 'undefined', b: 'undefined' });
    await label('a', 'no');
    await holds(reflector, { b: 'undefined' });
    expect([listed(), failed()]).toEqual([1, 0]);
  });

  it('reads a collection of several pages', async () => {
    const names = Array.from({ length: 501 }, (_, n) => `map-${n}`);
    await Promise.all(names.map((name) => put(name, name)));
    const reflector = mirror();
    await reflector.whenSynced();
    expect(reflector.objects.size).toBe(501);
    expect(
      proxy.requests.filter(({ url, verb }) => verb === 'list' && url.includes('continue=')).length,
    ).toBeGreaterThan(0);
  });

  it('goes by the RBAC of its own token, and by a role given later', async () => {
    const cluster = testCluster();
    await cluster.kubectl(['create', 'serviceaccount', 'reader', '-n', namespace]);
    const token = await cluster.kubectl(['create', 'token', 'reader', '-n', namespace]);
    const client = new KubeClient({ kubeconfig: await proxy.kubeconfig(token.trim()) }, { version: 'test' });
    await put('a', '1');
    const reflector = mirror({ client });
    await waitFor('the refusal', () => reflector.problem?.status === 403);
    expect(reflector.synced).toBe(false);
    await cluster.kubectl([
      'create',
      'role',
      'reader',
      '-n',
      namespace,
      '--verb=list,watch',
      '--resource=configmaps',
    ]);
    await cluster.kubectl([
      'create',
      'rolebinding',
      'reader',
      '-n',
      namespace,
      '--role=reader',
      `--serviceaccount=${namespace}:reader`,
    ]);
    await holds(reflector, { a: '1' });
    await client.close();
  });

  it('takes up a token that was replaced on disk', async () => {
    const cluster = testCluster();
    await cluster.kubectl(['create', 'serviceaccount', 'rotated', '-n', namespace]);
    await cluster.kubectl([
      'create',
      'rolebinding',
      'rotated',
      '-n',
      namespace,
      '--clusterrole=view',
      `--serviceaccount=${namespace}:rotated`,
    ]);
    const token = await cluster.kubectl(['create', 'token', 'rotated', '-n', namespace]);
    const path = await proxy.kubeconfig('not-a-token');
    const client = new KubeClient({ kubeconfig: path }, { version: 'test' });
    await put('a', '1');
    const reflector = mirror({ client });
    await waitFor('the refusal', () => reflector.problem?.status === 401);
    await copyFile(await proxy.kubeconfig(token.trim()), path);
    await holds(reflector, { a: '1' });
    await client.close();
  });

  it('waits for a kind that is not installed, follows it when it is, and empties when it goes', async () => {
    const group = `${namespace}.example.com`;
    const collection = { kind: 'Thing', path: `/apis/${group}/v1/things` };
    const reflector = mirror({ collection, transform: ({ metadata }) => metadata.name });
    await reflector.whenSynced();
    expect([reflector.absent, reflector.objects.size]).toEqual([true, 0]);
    await installThings(group);
    await waitFor('the kind', () => !reflector.absent);
    await waitFor('a thing', async () => {
      await admin.send({
        method: 'POST',
        path: `/apis/${group}/v1/namespaces/${namespace}/things`,
        body: { apiVersion: `${group}/v1`, kind: 'Thing', metadata: { name: 'one' } },
      });
      return true;
    });
    await waitFor('the thing in the mirror', () => reflector.objects.size === 1);
    await testCluster().kubectl(['delete', 'crd', `things.${group}`]);
    await waitFor('the end of the kind', () => reflector.absent && reflector.objects.size === 0);
  });
});

describe('a reflector behind a faulty network', () => {
  it.each(['reset', 'end', 'silence'] as const)('resumes without another list after a %s', async (how) => {
    await put('a', '1');
    const reflector = mirror();
    await watching();
    proxy.breakStreams(how, { ...watch, namespace });
    await put('a', '2');
    await remove('a');
    await put('b', '1');
    await holds(reflector, { b: '1' });
    expect(listed()).toBe(1);
  });

  const broken = (body: string): Fault => ({ kind: 'lines', rewrite: () => [body] });

  it.each<[string, { verb: 'watch' | 'list'; resource: string }, Fault]>([
    [
      'a watch answered with 410',
      watch,
      { kind: 'status', status: 410, body: { kind: 'Status', code: 410, reason: 'Expired' } },
    ],
    ['a watch answered with 429', watch, { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
    ['a watch answered with 500', watch, { kind: 'status', status: 500 }],
    [
      'a watch answered with 503 in HTML',
      watch,
      { kind: 'status', status: 503, body: '<html>no backend</html>' },
    ],
    ['a watch reset at once', watch, { kind: 'reset' }],
    ['a watch cut in the middle of a line', watch, { kind: 'cut', bytes: 50 }],
    ['a watch with corrupt lines', watch, broken('{"type":"ADDED","obj')],
    [
      'a watch with an expiry in the stream',
      watch,
      broken('{"type":"ERROR","object":{"kind":"Status","code":410}}'),
    ],
    ['a watch with lines of another language', watch, broken('data: hello')],
    ['a list answered with 429', list, { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
    ['a list answered with 500', list, { kind: 'status', status: 500 }],
    ['a list reset', list, { kind: 'reset' }],
    ['a list cut in the middle', list, { kind: 'cut', bytes: 100 }],
    ['a list that is no list', list, { kind: 'status', status: 200, body: { kind: 'Pod' } }],
  ])('outlives %s, twice', async (_, request, fault) => {
    await put('a', '1');
    const rule = proxy.add({ ...request, namespace, times: 2, fault });
    const reflector = mirror();
    // A watch carries no line until something changes.
    for (let n = 2; rule.hits < 2 || failed() < 2; n += 1) {
      await put('a', String(n));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await put('a', 'last');
    await holds(reflector, { a: 'last' });
    expect(reflector.problem).toBeUndefined();
  });

  it('puts together lines and characters that come in pieces of one byte', async () => {
    proxy.add({ ...watch, namespace, fault: { kind: 'chop', bytes: 1 } });
    const reflector = mirror();
    await watching();
    await put('a', 'größe 🚀');
    await holds(reflector, { a: 'größe 🚀' });
    expect(failed()).toBe(0);
  });

  it('takes an event that comes twice for one', async () => {
    proxy.add({ ...watch, namespace, fault: { kind: 'lines', rewrite: (line) => [line, line] } });
    const told: string[] = [];
    const reflector = mirror({ onEvent: ({ type }) => told.push(type) });
    await watching();
    await put('a', '1');
    await put('a', '2');
    await holds(reflector, { a: '2' });
    expect(told).toEqual(['added', 'updated']);
  });

  it('finds what the watch lost unseen when it lists again', async () => {
    proxy.add({ ...watch, namespace, fault: { kind: 'lines', rewrite: () => [] } });
    await put('gone', '1');
    const reflector = mirror({ timings: { ...TIMINGS, relistMs: [2000, 3000] } });
    await reflector.whenSynced();
    await remove('gone');
    await put('new', '1');
    await holds(reflector, { new: '1' });
    expect(listed()).toBeGreaterThan(1);
  });

  it('ends at once when stopped in the middle of a request that nobody answers', async () => {
    const rule = proxy.add({ ...list, namespace, fault: { kind: 'blackhole' } });
    mirror();
    await waitFor('the request', () => rule.hits === 1);
    stop.abort();
    await Promise.all(running);
    expect(listed()).toBe(0);
  });
});

async function installThings(group: string): Promise<void> {
  const schema = { openAPIV3Schema: { type: 'object' } };
  await admin.send({
    method: 'POST',
    path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    body: {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `things.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    },
  });
}
