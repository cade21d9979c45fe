import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import { readJournal } from '../oracle/journal.ts';
import { apply, createNamespace, testCluster, waitFor } from '../support/cluster.ts';
import { Dial } from '../support/dial.ts';
import { KillBench } from '../support/kill-bench.ts';
import {
  ACTION_POINTS,
  AFTERMATH_POINTS,
  CALL_OFF_POINTS,
  COOLDOWN_POINTS,
  RECOVERY_POINTS,
  type KillPoint,
} from '../support/kill-points.ts';
import { changesOf, isQuiet, judge, verdictTable, type Wanted } from '../support/kill-verdict.ts';
import { policy, workload } from '../support/manifests.ts';
import { InstalledOperator } from '../support/operator.ts';
import { processesWith } from '../support/processes.ts';

/** One action, and where the process that carries it out is killed: at the first point, its successor at the next. */
interface Run {
  readonly wanted: Wanted;
  readonly points: readonly KillPoint[];
}

/** Some seventy processes are started and killed, each within seconds. */
const SWEEP_MS = 600_000;
const COOLDOWN_SECONDS = 5;

let directory = '';
let namespace = '';
let dial: Dial;
let prometheus: PrometheusServer;
let installed: InstalledOperator;
let bench: KillBench;
let runs: readonly Run[] = [];
let calledOff: readonly Run[] = [];
let cooling: readonly Run[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'autonomic-kill-'));
  namespace = await createNamespace('kill');
  dial = await Dial.start();
  const scrape = [{ job: 'dial', port: dial.port }];
  prometheus = await startPrometheus({ dir: directory, scrape, scrapeIntervalSeconds: 1 });
  installed = await InstalledOperator.install({ prefix: 'kill', prometheusUrl: prometheus.url });
  bench = await KillBench.open(installed, namespace);

  const series = (
    prefix: string,
    points: readonly (readonly KillPoint[])[],
    from: number,
    to: number,
  ): Run[] =>
    points.map((each, index) => ({
      wanted: { namespace, name: `${prefix}-${index + 1}`, from, to },
      points: each,
    }));
  const once = (points: readonly KillPoint[]): KillPoint[][] => points.map((point) => [point]);
  runs = [
    ...series('up', once([...ACTION_POINTS, ...AFTERMATH_POINTS]), 2, 4),
    // One replica fewer each: of larger steps the fleet's guard lets only so many through at once.
    ...series('down', once(ACTION_POINTS), 3, 2),
    ...series('twice', RECOVERY_POINTS, 2, 4),
  ];
  calledOff = series('called-off', CALL_OFF_POINTS, 2, 4);
  cooling = series('cooling', once(COOLDOWN_POINTS), 2, 4);
  const all = [...runs, ...calledOff, ...cooling];
  for (const { wanted } of all) dial.want(namespace, wanted.name, wanted.to);
  await apply(all.map(({ wanted }) => workload(wanted, { replicas: wanted.from })));
  await bench.start();
});

afterAll(async () => {
  await bench.close();
  await testCluster().kubectl(['delete', 'autonomicpolicies', '--all', `--namespace=${namespace}`]);
  await testCluster().kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await installed.uninstall();
  await prometheus.stop();
  await dial.stop();
  await rm(directory, { recursive: true, force: true });
});

function pathOf({ name }: { readonly name: string } = { name: '' }): string {
  return `/apis/autonomic.dev/v1alpha1/namespaces/${namespace}/autonomicpolicies/${name}`;
}

/** The policy appears, and the operator acts within a tick: up to the first kill. */
async function beginAndDie(
  { wanted, points }: Run,
  spec: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const [first] = points;
  if (first !== undefined) await bench.arm(first, wanted.name);
  await bench.admin.send({ method: 'POST', path: pathOf(), body: policy(wanted, spec) });
  await bench.killed();
}

/** Waits until the process that runs now has seen what it took over. */
async function takenOver({ wanted }: Run): Promise<void> {
  await waitFor(
    `${wanted.name} to be taken over`,
    async () => bench.hasLooked(wanted.name) || isQuiet(await bench.tail.history(), wanted),
  );
}

/** Takes away policies that have nothing left to do, so that each new process has little to look at. */
async function retire(some: Run[]): Promise<Run[]> {
  const history = await bench.tail.history();
  const over = some.filter(({ wanted }) => isQuiet(history, wanted));
  await Promise.all(over.map(({ wanted }) => bench.admin.send({ method: 'DELETE', path: pathOf(wanted) })));
  return some.filter((run) => !over.includes(run));
}

async function allQuiet(some: readonly Run[]): Promise<void> {
  await waitFor('every action to be over', async () => {
    const history = await bench.tail.history();
    return some.every(({ wanted }) => isQuiet(history, wanted));
  });
}

test(
  'kill -9 at every step of an action and of its recovery; the next process goes on',
  async () => {
    let open: Run[] = [];
    for (const run of runs) {
      await beginAndDie(run);
      for (const point of run.points.slice(1)) {
        await bench.arm(point, run.wanted.name);
        await bench.start();
        await bench.killed();
      }
      await bench.start();
      await takenOver(run);
      open = await retire([...open, run]);
    }
    await allQuiet(runs);
  },
  SWEEP_MS,
);

test('kill -9 while an intent that did not reach the workload is called off', async () => {
  for (const run of calledOff) {
    await beginAndDie(run);
    for (const point of run.points.slice(1)) await bench.arm(point, run.wanted.name);
    await bench.start();
    await takenOver(run);
  }
  // What was sent may still arrive for a while: until then nobody calls it off, and nobody is killed at it.
  const before = bench.kills;
  while (bench.kills < before + calledOff.length) {
    await bench.killed();
    await bench.start();
  }
  await allQuiet(calledOff);
});

test('after a kill the cooldown holds: the next change waits, as if the process had lived', async () => {
  for (const run of cooling) {
    await beginAndDie(run, { scaleUpCooldownSeconds: COOLDOWN_SECONDS });
    dial.want(namespace, run.wanted.name, 6);
    await bench.start();
    await takenOver(run);
  }
  await allQuiet(cooling.map((run) => ({ ...run, wanted: { ...run.wanted, to: 6 } })));
  const history = await bench.tail.history();
  for (const { wanted } of cooling) {
    const [first, second, ...others] = changesOf(history, wanted).map(({ at }) => at);
    expect(others).toEqual([]);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(COOLDOWN_SECONDS * 1000);
  }
});

test('by audit log and journal: one change of each workload, one ending of each intent, proof and replicas agree', async () => {
  await bench.stop();
  const [history, journal] = [await bench.tail.history(), await readJournal(bench.journal)];
  const judged = [...runs, ...calledOff].map(({ wanted, points }) => ({
    wanted,
    points,
    verdict: judge(history, journal, wanted),
  }));
  process.stderr.write(`\n${verdictTable(judged)}\n${bench.kills} processes were killed\n`);
  expect(
    judged.filter(({ verdict }) => verdict.problems.length > 0).map(({ verdict }) => verdict.problems),
  ).toEqual([]);
  expect(bench.kills).toBeGreaterThanOrEqual(50);

  const list = await testCluster().kubectl(['get', 'deployments', `--namespace=${namespace}`, '-o', 'json']);
  const { items } = JSON.parse(list) as {
    items: { metadata: { name: string }; spec: { replicas: number } }[];
  };
  const replicas = new Map(items.map(({ metadata, spec }) => [metadata.name, spec.replicas]));
  for (const { wanted } of judged)
    expect([wanted.name, replicas.get(wanted.name)]).toEqual([wanted.name, wanted.to]);
});

test('the knowledge store has every intent once, with its ending, and no process is left', async () => {
  const journal = await readJournal(bench.journal);
  const cli = join(import.meta.dirname, '../../src/cli/kubectl-autonomic.ts');
  const store = join(bench.stateDirectory, 'knowledge');
  const flags = ['decisions', '--store', store, '-n', namespace, '--limit', '10000', '-o', 'json'];
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...flags], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const { decisions } = JSON.parse(stdout) as { decisions: { id: string; outcome?: { ending: string } }[] };
  const endings = new Map(journal.map(({ decisionId, kind }) => [decisionId, kind]));
  const stored = decisions.map(({ id, outcome }) => [id, outcome?.ending]).sort();
  expect(stored).toEqual([...endings].sort());
  await waitFor('the processes to end', async () => (await processesWith(bench.stateDirectory)).length === 0);
});
