import { KubeClient } from '../../src/adapters/kubernetes/client.ts';
import { isNotFound, type ApiError } from '../../src/adapters/kubernetes/errors.ts';
import type { Fault } from '../faults/fault.ts';
import { describeRequest } from '../faults/kube-request.ts';
import { FaultProxy } from '../faults/proxy.ts';
import { Administrator } from '../support/administrator.ts';
import { createNamespace, testCluster } from '../support/cluster.ts';

// Other tests trust what this proxy says it does.
let proxy: FaultProxy;
let client: KubeClient;
let admin: Administrator;
let namespace: string;

beforeAll(async () => {
  const { kubeconfig } = testCluster();
  proxy = await FaultProxy.start(kubeconfig);
  client = new KubeClient({ kubeconfig: await proxy.kubeconfig() }, { version: 'test' });
  admin = new Administrator(kubeconfig);
  namespace = await createNamespace('proxy');
});

afterAll(async () => {
  await Promise.all([client.close(), admin.close()]);
  await proxy.stop();
});

afterEach(() => proxy.clearRules());

const leases = (name = ''): string => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases${name}`;

function create(name: string): Promise<unknown> {
  const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name } };
  return client.request({ method: 'POST', path: leases(), body });
}

function exists(name: string): Promise<boolean> {
  return admin.send({ method: 'GET', path: leases(`/${name}`) }).then(
    () => true,
    () => false,
  );
}

type Moment = Extract<Fault, { kind: 'call' }>['when'];

it.each<[Moment, boolean, boolean]>([
  ['beforeForward', false, false],
  ['afterForward', true, false],
  ['afterReply', true, true],
])('at %s the server has done it: %s, and the client knows: %s', async (when, done, known) => {
  const name = when.toLowerCase();
  let answered = false;
  const seen = Promise.withResolvers<unknown>();
  const run = async (): Promise<void> => {
    // After the reply the client needs a moment to read it.
    const [there] = await Promise.all([exists(name), when === 'afterReply' ? request : undefined]);
    seen.resolve([there, answered]);
  };
  proxy.add({ verb: 'create', resource: 'leases', fault: { kind: 'call', when, run } });
  const request = create(name).then(() => (answered = true));
  expect(await seen.promise).toEqual([done, known]);
  await request;
});

it('hits the requests that a rule names, from the nth on, so many times', async () => {
  const fault: Fault = { kind: 'status', status: 503 };
  const rule = proxy.add({ verb: 'get', resource: 'leases', name: 'nth', nth: 2, times: 2, fault });
  const statuses: number[] = [];
  for (let n = 0; n < 4; n += 1) {
    await client.request({ method: 'GET', path: leases('/nth') }).catch((error: unknown) => {
      statuses.push((error as ApiError).status);
    });
  }
  expect([statuses, rule.hits]).toEqual([[404, 503, 503, 404], 2]);
  const other = await client
    .request({ method: 'GET', path: leases('/other') })
    .catch((error: unknown) => error);
  expect(isNotFound(other)).toBe(true);
});

it.each<[Fault, string]>([
  [{ kind: 'reset' }, 'Network'],
  [{ kind: 'cut', bytes: 20 }, 'Network'],
  [{ kind: 'blackhole' }, 'Timeout'],
  [{ kind: 'delay', ms: 60_000 }, 'Timeout'],
])('%j looks to the client as %s', async (fault, reason) => {
  proxy.add({ resource: 'leases', fault });
  const attempt = client.request({ method: 'GET', path: leases(), deadlineMs: 500 });
  await expect(attempt).rejects.toMatchObject({ reason });
});

it('shows the requests in order, with their answers', async () => {
  const before = proxy.requests.length;
  await create('seen');
  await client.request({ method: 'GET', path: leases('/seen') });
  const names = proxy.requests.slice(before).map(({ verb, name, status }) => [verb, name, status]);
  expect(names).toEqual([
    ['create', '', 201],
    ['get', 'seen', 200],
  ]);
});

it.each([
  ['GET', '/api/v1/pods', 'list pods'],
  ['GET', '/api/v1/pods?watch=true', 'watch pods'],
  ['GET', '/api/v1/namespaces/shop/pods/web-0', 'get pods web-0 in shop'],
  ['PATCH', '/apis/apps/v1/namespaces/shop/deployments/web/scale', 'patch deployments/scale web in shop'],
  ['POST', '/apis/apps/v1/namespaces/shop/deployments', 'create deployments in shop'],
  ['PUT', '/api/v1/namespaces/shop/status', 'update namespaces/status shop'],
  ['GET', '/api/v1/namespaces/shop', 'get namespaces shop'],
  ['DELETE', '/api/v1/nodes/one', 'delete nodes one'],
  ['DELETE', '/api/v1/namespaces/shop/pods', 'deletecollection pods in shop'],
  ['GET', '/healthz', 'other'],
])('reads %s %s as RBAC does: %s', (method, url, expected) => {
  const { verb, resource, subresource, namespace: where, name } = describeRequest(method, url);
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const words = [verb, what, name, where === '' ? '' : `in ${where}`];
  expect(words.filter((word) => word !== '').join(' ')).toBe(expected);
});
