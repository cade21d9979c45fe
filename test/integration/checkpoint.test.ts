import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import { CheckpointStore } from '../../src/adapters/checkpoint/checkpoint-store.ts';
import type { StateAt } from '../../src/adapters/checkpoint/write-pass.ts';
import type { PolicyStatus } from '../../src/api/policy-status.ts';
import { STATE_SCHEMA_VERSION } from '../../src/loop/state.ts';
import { stateStructure } from '../../src/operator/state-structure.ts';
import { PrometheusProxy } from '../faults/prometheus-proxy.ts';
import { apply, createNamespace, read, testCluster, waitFor } from '../support/cluster.ts';
import { Dial, PER_REPLICA } from '../support/dial.ts';
import { policy, prometheusMetric, workload } from '../support/manifests.ts';
import { InstalledOperator, type RunningOperator } from '../support/operator.ts';

const MINUTE = 60_000;
const HISTORY_HOURS = 20;
const UNTIL = Math.floor(Date.now() / MINUTE) * MINUTE;

/** Steps of history and of gaps, in seconds; the week ahead is read in longer ones. */
const BACKFILL_STEPS = [15, 60];

let directory = '';
let namespace = '';
let dial: Dial;
let prometheus: PrometheusServer;
let proxy: PrometheusProxy;
let installed: InstalledOperator;
let stateDirectory = '';
let uid = '';
/** The operator of the present test. */
let running: RunningOperator | undefined;

/** Two replicas' worth and, for ten minutes of each hour, four replicas'. */
const demandAt = (at: number): number => ((at / MINUTE) % 60 < 10 ? 4 : 2) * PER_REPLICA;

/** The hours before the test, as the dial would have said. */
function past(): string {
  const lines = ['# TYPE demand gauge'];
  for (let at = UNTIL - HISTORY_HOURS * 60 * MINUTE; at <= UNTIL; at += 15_000)
    lines.push(`demand{namespace="${namespace}",app="web"} ${demandAt(at)} ${at / 1000}`);
  return `${lines.join('\n')}\n# EOF\n`;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'autonomic-checkpoint-'));
  namespace = await createNamespace('checkpoint');
  dial = await Dial.start();
  dial.want(namespace, 'web', 2);
  const history = join(directory, 'past.om');
  await writeFile(history, past());
  prometheus = await startPrometheus({
    dir: join(directory, 'prometheus'),
    scrape: [{ job: 'dial', port: dial.port }],
    scrapeIntervalSeconds: 1,
    history: [history],
  });
  proxy = await PrometheusProxy.start(prometheus.url);
  const config = { historyDays: 1, checkpointSeconds: 2 };
  installed = await InstalledOperator.install({ prefix: 'checkpoint', prometheusUrl: proxy.url, config });
  const name = { namespace, name: 'web' };
  const metrics = [prometheusMetric('sum(demand{app="web"})')];
  await apply([
    workload(name, { replicas: 2 }),
    policy(name, { metrics, forecast: { mode: 'Auto', startupSeconds: 30 } }),
  ]);
  ({ uid } = (await readPolicy()).metadata);
});

afterEach(() => running?.process.stop());

afterAll(async () => {
  await testCluster().kubectl(['delete', 'autonomicpolicies', '--all', `--namespace=${namespace}`]);
  await installed.uninstall();
  await testCluster().kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await proxy.stop();
  await Promise.all([prometheus.stop(), dial.stop()]);
  await rm(directory, { recursive: true, force: true });
});

interface PolicyObject {
  readonly metadata: { readonly uid: string };
  readonly status?: PolicyStatus;
}

const readPolicy = (): Promise<PolicyObject> =>
  read<PolicyObject>({ resource: 'autonomicpolicy', namespace, name: 'web' });

const backfills = (): PrometheusProxy['ranges'] =>
  proxy.ranges.filter(({ step }) => BACKFILL_STEPS.includes(step));

const log = (operator: RunningOperator): Promise<string> => operator.process.tail(200);

/** What an operator that has ended left behind. */
async function stored(): Promise<StateAt | undefined> {
  const store = await openStore(Date.now);
  const state = await store.restore(uid);
  await store.close();
  return state;
}

function openStore(now: () => number): Promise<CheckpointStore> {
  return CheckpointStore.open({
    directory: join(stateDirectory, 'checkpoint'),
    schema: STATE_SCHEMA_VERSION,
    structure: stateStructure(),
    app: 'test',
    now,
    onProblem: (problem) => {
      throw new Error(problem);
    },
    onSlice: () => undefined,
  });
}

/** Starts the operator and waits until it has looked at the policy. */
async function start(): Promise<RunningOperator> {
  proxy.ranges.length = 0;
  await rm(join(stateDirectory, 'operator.log'), { force: true });
  const operator = await installed.start(stateDirectory === '' ? {} : { stateDirectory });
  running = operator;
  ({ stateDirectory } = operator);
  await waitFor('the policy to be opened', async () => (await log(operator)).includes('Opened policy'));
  return operator;
}

/** Replicas that the dial asks for come: the loop is alive. */
async function follows(replicas: number): Promise<void> {
  dial.want(namespace, 'web', replicas);
  await waitFor(`${replicas} replicas`, async () => {
    const { spec } = await read<{ spec: { replicas: number } }>({
      resource: 'deployment',
      namespace,
      name: 'web',
    });
    return spec.replicas >= replicas;
  });
}

async function forecastSamples(): Promise<number> {
  const { status } = await readPolicy();
  return status?.workloads?.[0]?.forecast?.samples ?? 0;
}

const knownBins = (state: StateAt | undefined): number => state?.learned.demands[0]?.forecaster.known ?? 0;

let learned = 0;

test('without a checkpoint history is read; each interval and a clean stop leave one', async () => {
  const operator = await start();
  await waitFor('history to be learned', async () => (learned = await forecastSamples()) > 60);
  const oldest = Math.min(...backfills().map(({ start: from }) => from));
  expect(Date.now() / 3.6e6 - oldest / 3600).toBeCloseTo(24, 0);
  await waitFor('a checkpoint', async () =>
    (await readdir(stateDirectory, { recursive: true })).includes('checkpoint/learned.checkpoint'),
  );
  await operator.process.stop();
  expect(operator.process.status).toEqual({ code: 0, signal: null });
  const state = await stored();
  expect(Date.now() - (state?.at ?? 0)).toBeLessThan(30_000);
});

test('another process goes on from it: no history is read, and nothing that was learned is lost', async () => {
  const before = await stored();
  const operator = await start();
  expect(await log(operator)).toMatch(/"restoredFrom":"20/);
  await operator.process.stop();
  expect(backfills()).toEqual([]);
  const after = await stored();
  expect(knownBins(after)).toBeGreaterThanOrEqual(knownBins(before));
  expect(knownBins(before)).toBeGreaterThan(1000);
  expect(await forecastSamples()).toBeGreaterThanOrEqual(learned);
});

test('killed, it goes on from the checkpoint before, and acts', async () => {
  const operator = await start();
  await follows(5);
  operator.process.signal('SIGKILL');
  await waitFor('its end', () => Promise.resolve(operator.process.status !== null));
  const next = await start();
  await follows(7);
  expect(backfills()).toEqual([]);
  expect(await forecastSamples()).toBeGreaterThanOrEqual(learned);
  await next.process.stop();
});

test('a checkpoint of half an hour ago is used at once, and the time since is read', async () => {
  const state = await stored();
  const then = Date.now() - 30 * MINUTE;
  const store = await openStore(() => then);
  await store.write([{ uid, learned: state!.learned }], () => true);
  await store.close();
  const operator = await start();
  await waitFor('the gap to be read', () => Promise.resolve(backfills().length > 0));
  const [gap] = backfills();
  expect(gap?.step).toBe(15);
  expect(Math.abs((gap?.start ?? 0) - then / 1000)).toBeLessThan(15);
  expect(await forecastSamples()).toBeGreaterThanOrEqual(learned);
  await operator.process.stop();
});

test('a damaged file is kept aside with a warning, and history is read as for a new policy', async () => {
  const file = join(stateDirectory, 'checkpoint', 'learned.checkpoint');
  await writeFile(file, (await readFile(file)).subarray(0, -100));
  const operator = await start();
  expect(await log(operator)).toMatch(/Has trouble with the checkpoint.*it was cut short; it is kept as/);
  await waitFor('history to be read', () => Promise.resolve(backfills().length > 0));
  await waitFor('history to be learned', async () => (await forecastSamples()) > 60);
  await operator.process.stop();
  expect((await readdir(join(stateDirectory, 'checkpoint'))).sort()).toEqual([
    'learned.checkpoint',
    'learned.checkpoint.bad',
  ]);
});

test('a folder that cannot be written is told of, and the loop goes on', async () => {
  const folder = join(stateDirectory, 'checkpoint');
  await rm(folder, { recursive: true });
  await writeFile(folder, 'not a folder');
  const operator = await start();
  await waitFor('the failure', async () =>
    /Has trouble with the checkpoint.*could not be written/.test(await log(operator)),
  );
  await follows(9);
  await operator.process.stop();
  expect(operator.process.status).toEqual({ code: 0, signal: null });
});
