import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../../src/adapters/journal/journal.ts';
import { KubeClient } from '../../src/adapters/kubernetes/client.ts';
import { KnowledgeStore } from '../../src/adapters/lancedb/knowledge-store.ts';
import { PassageLedger } from '../../src/controllers/knowledge/runbooks/passage-ledger.ts';
import { RunbookFinder } from '../../src/controllers/knowledge/runbooks/runbook-finder.ts';
import { RunbookLibrary } from '../../src/controllers/knowledge/runbooks/runbook-library.ts';
import { RunbookMirror } from '../../src/controllers/knowledge/runbooks/runbook-mirror.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { Administrator } from '../support/administrator.ts';
import { createNamespace, testCluster, waitFor } from '../support/cluster.ts';

const FLOOD = {
  kind: 'Spike',
  signal: 'load',
  message: 'the load is 9000 where 400 is usual',
  actual: 9000,
  expected: 400,
} as const;

let directory: string;
let admin: Administrator;
let client: KubeClient;
let journal: Journal;
let store: KnowledgeStore;
let shop: string;
let bank: string;
let system: string;
let problems: string[];
let readings: Reading[];

beforeEach(async () => {
  const { kubeconfig } = testCluster();
  directory = await mkdtemp(join(tmpdir(), 'autonomic-runbooks-'));
  admin = new Administrator(kubeconfig);
  client = new KubeClient({ kubeconfig }, { version: 'test' });
  journal = await Journal.open({ directory: join(directory, 'journal') });
  store = new KnowledgeStore({
    location: { uri: join(directory, 'knowledge') },
    journal,
    flushRows: 1,
    flushMs: 50,
  });
  store.start();
  // A store that is brand-new has no tables to read until then.
  await store.drain(30_000);
  shop = await createNamespace('shop');
  bank = await createNamespace('bank');
  system = await createNamespace('system');
  problems = [];
  readings = [];
});

afterEach(async () => {
  await Promise.all(readings.map((reading) => reading.stop()));
  await store.close();
  await Promise.all([journal.close(), client.close(), admin.close()]);
  await rm(directory, { recursive: true, force: true });
  // Other tests count the runbooks of the whole cluster, and a namespace takes its time to go.
  const runbooks = ['delete', 'configmaps', '--selector=autonomic.dev/runbook'];
  for (const namespace of [shop, bank, system]) {
    await testCluster().kubectl([...runbooks, `--namespace=${namespace}`]);
  }
  await testCluster().kubectl(['delete', 'namespace', shop, bank, system, '--wait=false']);
});

interface Reading {
  /** What is shown for a flood of requests in a namespace. */
  readonly shown: (namespace: string) => string | undefined;
  readonly library: RunbookLibrary;
  readonly stop: () => Promise<void>;
}

async function startReading(): Promise<Reading> {
  const onProblem = (problem: string): void => void problems.push(problem);
  const ledger = new PassageLedger({ store, journal, now: () => Date.now(), onProblem });
  await ledger.load();
  const log = { warn: (message: string) => onProblem(message) };
  const library = new RunbookLibrary({ ledger, log, onDocument: () => undefined, onSize: () => undefined });
  const mirror = new RunbookMirror({
    client,
    clock: systemClock,
    random: () => 0.5,
    log,
    library,
    operatorNamespace: system,
    observe: (_kind, note) => {
      if (note.what === 'Failed') onProblem(String(note.error));
    },
  });
  const finder = new RunbookFinder({ library, vectorOf: () => undefined });
  const stop = new AbortController();
  const running = mirror.run(stop.signal);
  const reading: Reading = {
    library,
    shown: (namespace) => finder.find(namespace, FLOOD)?.text,
    stop: async () => {
      stop.abort();
      await running;
    },
  };
  readings.push(reading);
  return reading;
}

const pathOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/configmaps/runbooks`;

async function put(namespace: string, text: string, labelled = true): Promise<void> {
  const labels = labelled ? { 'autonomic.dev/runbook': 'true' } : {};
  await admin.send({
    method: 'PATCH',
    path: `${pathOf(namespace)}?fieldManager=test&force=true`,
    contentType: 'application/apply-patch+yaml',
    body: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'runbooks', labels },
      data: { 'flood.md': `# Spike of load\n${text}` },
    },
  });
}

const remove = (namespace: string): Promise<unknown> =>
  admin.send({ method: 'DELETE', path: pathOf(namespace) });

async function stored(): Promise<string[]> {
  await store.drain(30_000);
  return (await store.documents()).map(({ text }) => text).sort();
}

async function writtenPassages(): Promise<number> {
  let count = 0;
  for await (const { record } of journal.records()) if (record.kind === 'Document') count += 1;
  return count;
}

describe('runbooks in ConfigMaps', () => {
  test('are found and stored as they are now, by their own namespace, and by all in that of the operator', async () => {
    await put(shop, 'Limit the load at the ingress.');
    await put(bank, 'Nobody asked for the load of this.', false);
    const reading = await startReading();
    await waitFor('the first text', () => reading.shown(shop) === 'Limit the load at the ingress.');
    expect(reading.shown(bank)).toBeUndefined();
    await waitFor(
      'it to be stored',
      async () => (await stored()).join() === 'Limit the load at the ingress.',
    );

    await put(shop, 'Ask the partners for the load.');
    await waitFor('the changed text', () => reading.shown(shop) === 'Ask the partners for the load.');
    await put(system, 'Load is a matter of the platform team.');
    await waitFor('the text for all', () => reading.shown(bank)?.startsWith('Load is') === true);
    await waitFor('both to be stored', async () => {
      const texts = ['Ask the partners for the load.', 'Load is a matter of the platform team.'];
      return (await stored()).join() === texts.join();
    });

    await put(shop, 'Ask the partners for the load.', false);
    await waitFor(
      'the text without the label to go',
      () => reading.shown(shop)?.startsWith('Load is') === true,
    );
    await remove(system);
    await waitFor('the text for all to go', () => reading.library.index.passages === 0);
    await waitFor('nothing to be stored', async () => (await stored()).length === 0);
    expect(problems).toEqual([]);
  });

  test('are stored once over a restart, and what went meanwhile is let go', async () => {
    await put(shop, 'Limit the load at the ingress.');
    await put(bank, 'Ask the partners for the load.');
    const before = await startReading();
    await waitFor('both texts', () => before.library.index.passages === 2);
    await before.stop();
    expect(await stored()).toHaveLength(2);
    await remove(bank);
    const after = await startReading();
    await waitFor('the text to be found again', () => after.shown(shop) !== undefined);
    await waitFor('the other one to be let go', async () => (await stored()).length === 1);
    expect(await writtenPassages()).toBe(3);
    expect(problems).toEqual([]);
  });
});
