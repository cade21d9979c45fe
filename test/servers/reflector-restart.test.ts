import { startControlPlane, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { KubeClient } from '../../src/adapters/kubernetes/client.ts';
import { isGone } from '../../src/adapters/kubernetes/errors.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { Reflector, type ReflectorNote } from '../../src/runtime/reflector.ts';
import { FaultProxy } from '../faults/proxy.ts';
import { Administrator } from '../support/administrator.ts';
import { waitFor } from '../support/wait-for.ts';

// A control plane of its own, because its API server is killed.
let controlPlane: ControlPlane;
let admin: Administrator;
let proxy: FaultProxy;
let client: KubeClient;
let stop: AbortController;
let running: Promise<void>;
let reflector: Reflector<string>;
let notes: ReflectorNote[];

beforeAll(async () => {
  controlPlane = await startControlPlane({ without: ['kube-controller-manager', 'kube-scheduler', 'kwok'] });
  admin = new Administrator(controlPlane.kubeconfig);
  proxy = await FaultProxy.start(controlPlane.kubeconfig);
  client = new KubeClient({ kubeconfig: await proxy.kubeconfig() }, { version: 'test' });
});

afterAll(async () => {
  await Promise.all([client.close(), admin.close(), proxy.stop()]);
  await controlPlane.stop();
});

beforeEach(() => {
  stop = new AbortController();
  notes = [];
  reflector = new Reflector<string>({
    client,
    collection: { kind: 'ConfigMap', path: '/api/v1/namespaces/default/configmaps' },
    transform: (object) => (object['data'] as Record<string, string>)['value'] ?? '',
    onEvent: () => undefined,
    clock: systemClock,
    random: () => 0.05,
    observe: (note) => notes.push(note),
  });
  running = reflector.run(stop.signal);
});

afterEach(async () => {
  stop.abort();
  await running;
  proxy.clearRules();
});

const held = (name: string): string | undefined => reflector.objects.get(`default/${name}`);
const put = (name: string, value: string): Promise<void> => admin.putConfigMap('default', name, value);

it('goes on by itself when the API server was killed and came back, and keeps what it had meanwhile', async () => {
  await put('a', '1');
  await waitFor('the object', () => held('a') === '1');
  controlPlane.signal('kube-apiserver', 'SIGKILL');
  await waitFor('the loss of contact', () => reflector.problem !== undefined);
  expect(held('a')).toBe('1');
  await controlPlane.restart('kube-apiserver');
  await put('a', '2');
  await waitFor('the change', () => held('a') === '2');
});

it('lists again when the server has forgotten its version, and finds what was deleted meanwhile', async () => {
  await put('gone', '1');
  await waitFor('the object', () => held('gone') === '1');
  proxy.add({ verb: 'watch', resource: 'configmaps', fault: { kind: 'status', status: 503 } });
  proxy.breakStreams('reset');
  await admin.send({ method: 'DELETE', path: '/api/v1/namespaces/default/configmaps/gone' });
  await put('new', '1');
  // A server that starts remembers nothing from before: to a watch from there it answers 410.
  await controlPlane.restart('kube-apiserver');
  proxy.clearRules();
  await waitFor('the truth', () => held('gone') === undefined && held('new') === '1');
  expect(notes.some((note) => note.what === 'Failed' && isGone(note.error))).toBe(true);
});
