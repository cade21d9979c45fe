import { KubeClient } from '../../src/adapters/kubernetes/client.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { EventRecorder } from '../../src/runtime/event-recorder.ts';
import { createNamespace, testCluster, waitFor } from '../support/cluster.ts';

interface EventList {
  readonly items: readonly {
    readonly note: string;
    readonly reportingController: string;
    readonly series?: { readonly count: number };
  }[];
}

let client: KubeClient;
let namespace: string;
let recorder: EventRecorder;
const refused: unknown[] = [];

beforeAll(async () => {
  client = new KubeClient({ kubeconfig: testCluster().kubeconfig }, { version: 'test' });
  namespace = await createNamespace('events');
  recorder = new EventRecorder({
    client,
    clock: systemClock,
    reportingInstance: 'autonomic-0',
    onDropped: (_, error) => refused.push(error),
  });
});

afterAll(() => client.close());

function record(note: string): void {
  recorder.record({
    regarding: { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'web', uid: 'u1' },
    type: 'Warning',
    reason: 'Held',
    action: 'Scale',
    note,
  });
}

async function events(): Promise<EventList['items']> {
  const path = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
  return (await client.request<EventList>({ method: 'GET', path })).items;
}

it('a real API server accepts the events, their longest notes and their counts', async () => {
  const stop = new AbortController();
  const running = recorder.run(stop.signal);
  record('metrics are stale');
  record('€'.repeat(2000));
  await waitFor('both events', async () => (await events()).length === 2);
  for (let n = 0; n < 4; n += 1) record('metrics are stale');
  stop.abort();
  await running;
  await recorder.flush(new AbortController().signal);
  const stale = (await events()).find(({ note }) => note === 'metrics are stale');
  expect(stale).toMatchObject({ reportingController: 'autonomic.dev/operator', series: { count: 5 } });
  expect(refused).toEqual([]);
});

it('a series goes on when its event is gone from the server', async () => {
  record('again');
  record('again');
  await recorder.flush(new AbortController().signal);
  await testCluster().kubectl(['delete', 'events', '--all', '-n', namespace]);
  record('again');
  await recorder.flush(new AbortController().signal);
  expect(await events()).toMatchObject([{ note: 'again', series: { count: 3 } }]);
  expect(refused).toEqual([]);
});

it('people see them where they look', async () => {
  record('for describe');
  await recorder.flush(new AbortController().signal);
  const shown = await testCluster().kubectl(['get', 'events', '-n', namespace]);
  expect(shown).toMatch(/Warning\s+Held\s+configmap\/web\s+for describe/i);
});
