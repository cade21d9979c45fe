import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import { startWorld, type World } from '../../hack/world/world.ts';
import { readJournal } from '../../src/adapters/journal/read-journal.ts';
import { readRows } from '../../src/adapters/lancedb/reader.ts';
import type { RowTableName } from '../../src/adapters/lancedb/table-definitions.ts';
import type { JournalRecord } from '../../src/loop/execute/journal-record.ts';
import type { DecisionReward } from '../../src/loop/knowledge/reward/decision-reward.ts';
import type { Situation } from '../../src/loop/knowledge/situation.ts';
import { run } from '../../src/cli/program.ts';
import type { PolicyStatus } from '../../src/api/policy-status.ts';
import { WORLD_CONFIG } from '../../src/simulate/world-config.ts';
import { apply, createNamespace, read, testCluster, waitFor, waitForCondition } from '../support/cluster.ts';
import { policy, prometheusMetric, workload } from '../support/manifests.ts';
import { InstalledOperator, type RunningOperator } from '../support/operator.ts';

/** A pod of one core serves 10 requests per second; so many is each one's share. */
const PER_REPLICA = 7;
/**
 * Requests per second: a stair of one replica each, up, down and up again. Who changes direction more than three times an hour
 * is no load but an oscillation.
 */
const STAIR_MS = 40_000;
const STAIRS = 7;
const startedAt = Date.now();

function demand(): number {
  const stair = Math.floor((Date.now() - startedAt) / STAIR_MS) % (2 * STAIRS);
  return (1.5 + (stair < STAIRS ? stair : 2 * STAIRS - stair)) * PER_REPLICA;
}

/** As short as windows may be: what half an hour does in a cluster is done here in half a minute. */
const WINDOW_SECONDS = 30;
const NAME = 'shop';

/** Some windows have to pass, and the store may have a pause of its own before it tries again. */
const LONG = { timeoutMs: 240_000 };
import.meta.jest.setTimeout(600_000);

let directory = '';
let namespace = '';
let world: World;
let prometheus: PrometheusServer;
let installed: InstalledOperator;
let operator: RunningOperator;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'autonomic-memory-'));
  namespace = await createNamespace('memory');
  await apply(workload({ namespace, name: NAME }, { replicas: 2, cpu: '1' }));
  world = await startWorld({
    kubeconfig: testCluster().kubeconfig,
    workloads: [
      {
        kind: 'Deployment',
        namespace,
        name: NAME,
        demand,
      },
    ],
  });
  const scrape = [{ job: 'world', port: world.port }];
  prometheus = await startPrometheus({ dir: directory, scrape, scrapeIntervalSeconds: 1 });
  installed = await InstalledOperator.install({
    prefix: 'memory',
    prometheusUrl: prometheus.url,
    config: { knowledge: { windowSeconds: WINDOW_SECONDS }, prometheus: { rateWindowSeconds: 10 } },
  });
  operator = await installed.start();
  await apply(
    policy(
      { namespace, name: NAME },
      {
        targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: NAME },
        metrics: [prometheusMetric(rate('http_requests_total'), PER_REPLICA)],
        horizontal: {
          minReplicas: 1,
          maxReplicas: 12,
          behavior: { scaleDown: { stabilizationWindowSeconds: 5 } },
        },
        scaleUpCooldownSeconds: 1,
        scaleDownCooldownSeconds: 1,
        limits: { actionsPerHour: 240 },
        objective: {
          targetPercent: 20,
          indicators: [
            {
              name: 'slow',
              query: slowShare(),
              comparison: 'AtMost',
              threshold: `${WORLD_CONFIG.slowShareTarget}`,
            },
          ],
        },
      },
    ),
  );
});

afterAll(async () => {
  await testCluster().kubectl(['delete', 'autonomicpolicies', '--all', `--namespace=${namespace}`]);
  await installed.uninstall();
  await world.stop();
  await prometheus.stop();
  await testCluster().kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await rm(directory, { recursive: true, force: true });
});

function rate(name: string, labels = ''): string {
  return `sum(rate(${name}{pod=~"${NAME}-.*"${labels}}[10s]))`;
}

function slowShare(): string {
  const quick = rate('http_request_duration_seconds_bucket', `,le="${WORLD_CONFIG.waitThresholdSeconds}"`);
  return `1 - ${quick} / ${rate('http_request_duration_seconds_count')}`;
}

const reference = () => ({ resource: 'autonomicpolicy', namespace, name: NAME });

async function statusOf(): Promise<PolicyStatus> {
  return (await read<{ status?: PolicyStatus }>(reference())).status ?? {};
}

const storeFolder = (): string => join(operator.stateDirectory, 'knowledge');

interface Journaled {
  readonly situations: ReadonlySet<string>;
  readonly decisions: ReadonlySet<string>;
  readonly rewards: readonly DecisionReward[];
}

/** What the journal has by now, by id. */
async function journaled(): Promise<Journaled> {
  const situations = new Set<string>();
  const decisions = new Set<string>();
  const rewards: DecisionReward[] = [];
  await readJournal(join(operator.stateDirectory, 'journal'), (entry) => {
    const record = entry.record as unknown as JournalRecord;
    if (record.kind === 'Situation') situations.add((record.situation as Situation).id);
    else if (record.kind === 'Intent') decisions.add(record.decisionId);
    else if (record.kind === 'Rewarded') rewards.push(record.reward as DecisionReward);
  });
  return { situations, decisions, rewards };
}

/** Ids in the store, sorted; of a row that is there twice, twice. */
async function stored(table: RowTableName, key: string): Promise<string[]> {
  const { rows } = await readRows({ uri: storeFolder() }, table, { limit: 10_000 });
  return rows.map((row) => (row as unknown as Record<string, string>)[key] ?? '').sort();
}

const hasAll = (ids: readonly string[], wanted: ReadonlySet<string>): boolean => {
  const found = new Set(ids);
  return [...wanted].every((id) => found.has(id));
};

/** Everything that the journal has by now is in the store, each once. */
async function storeIsComplete(): Promise<void> {
  const wanted = await journaled();
  await waitFor(
    'the store to be complete',
    async () => {
      const [situations = [], decisions = []] = await Promise.all([
        stored('situations', 'situation_id'),
        stored('decisions', 'decision_id'),
      ]).catch((): string[][] => []);
      return hasAll(situations, wanted.situations) && hasAll(decisions, wanted.decisions);
    },
    LONG,
  );
  const ids = await stored('situations', 'situation_id');
  expect(new Set(ids).size).toBe(ids.length);
}

test('decisions carry what came of similar situations, and the status shows it', async () => {
  const memory = await waitFor(
    'three similar situations',
    async () => {
      const found = (await statusOf()).workloads?.[0]?.memory;
      return found !== undefined && found.similar >= 3 && found;
    },
    LONG,
  );
  expect(memory.message).toMatch(/^Of \d+ similar situations \d+ succeeded/);
  expect(memory.neighbours.length).toBeGreaterThanOrEqual(3);
  for (const { policy: of, workload: on, similarityPercent, message } of memory.neighbours) {
    expect([of, on]).toEqual([`${namespace}/${NAME}`, `Deployment/${NAME}`]);
    expect(similarityPercent).toBeGreaterThan(0);
    expect(message).toMatch(/replicas/);
  }
  const decision = await waitFor('a decision that carries it', async () =>
    (await statusOf()).decisions?.find((one) => (one.memory?.similar ?? 0) >= 3),
  );
  expect(decision.message).toContain(decision.memory?.message);
  expect(decision.memory?.neighbours.length).toBeLessThanOrEqual(3);
});

test('explain shows the similar situations with what was done and what came of it', async () => {
  let text = '';
  const terminal = { out: (more: string) => void (text += more), err: (more: string) => void (text += more) };
  const flags = ['--namespace', namespace, '--kubeconfig', testCluster().kubeconfig];
  expect({ code: await run(['explain', NAME, ...flags], terminal), text }).toMatchObject({ code: 0 });
  expect(text).toMatch(/Memory +Of \d+ similar situations \d+ succeeded/);
  expect(text).toMatch(/WHEN +POLICY +SIMILAR +REPLICAS +RESULT +WHAT CAME OF IT/);
  const row = new RegExp(`${namespace}/${NAME} +\\d+ % +\\d+→\\d+ +(Succeeded|Failed|Unknown)`, 'g');
  expect(text.match(row)?.length).toBeGreaterThanOrEqual(3);
});

test('each applied decision is given a reward, with the raw numbers that it is made of', async () => {
  const rewards = await waitFor('rewards', async () => {
    const found = (await journaled()).rewards;
    return found.length >= 3 && found;
  });
  expect(new Set(rewards.map(({ decisionId }) => decisionId)).size).toBe(rewards.length);
  for (const { policy: of, outcome, share } of rewards) {
    expect(of).toMatchObject({ namespace, name: NAME });
    expect(outcome.replicaSeconds).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(1);
  }
});

test('the store’s folder, deleted while it runs, comes back complete', async () => {
  await storeIsComplete();
  // The store goes on writing while its folder is taken away.
  await rm(storeFolder(), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  await storeIsComplete();
});

test('a store that cannot be used is told of; decisions go on, and nothing is lost or doubled', async () => {
  const aside = `${storeFolder()}.aside`;
  await waitFor('the folder to be moved', async () => {
    await rename(storeFolder(), aside).catch(() => undefined);
    return writeFile(storeFolder(), 'no folder', { flag: 'wx' }).then(
      () => true,
      () => false,
    );
  });
  // A row may be half a minute away, and then it waits as long for company.
  const told = { type: 'Degraded', status: 'True', reason: 'KnowledgeStoreUnavailable' } as const;
  await waitForCondition(reference(), told, LONG);
  const before = (await journaled()).decisions.size;
  await waitFor('a decision without a store', async () => (await journaled()).decisions.size > before, LONG);
  expect((await statusOf()).workloads?.[0]?.memory?.similar).toBeGreaterThanOrEqual(3);
  await rm(storeFolder());
  await rename(aside, storeFolder());
  await waitForCondition(reference(), { type: 'Degraded', status: 'False' }, LONG);
  await storeIsComplete();
});

test('another process remembers what the first one did', async () => {
  const known = (await journaled()).situations.size;
  expect(known).toBeGreaterThanOrEqual(5);
  await operator.process.stop();
  operator = await installed.start({ stateDirectory: operator.stateDirectory });
  const memory = await waitFor('what is remembered', async () => {
    const { workloads, decisions } = await statusOf();
    const decided = decisions?.[0];
    return decided?.memory !== undefined && workloads?.[0]?.memory;
  });
  expect(memory.similar).toBeGreaterThanOrEqual(3);
});
