import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import type { Fault } from '../../hack/world/faults.ts';
import { writeHistory } from '../../hack/world/history.ts';
import { startWorld, type World } from '../../hack/world/world.ts';
import type { PolicyStatus } from '../../src/api/policy-status.ts';
import { generateDemand } from '../../src/simulate/demand.ts';
import { seededRandom } from '../../src/simulate/random.ts';
import { apply, createNamespace, read, testCluster, waitFor, waitForCondition } from '../support/cluster.ts';
import { policy, prometheusMetric, workload } from '../support/manifests.ts';
import { InstalledOperator } from '../support/operator.ts';

const DAYS = 3;
const DAY = 86_400_000;
const MINUTE = 60_000;
/** Detectors look at whole minutes: one of these may have begun before the fault, and one is the fault's. */
const TWO_INTERVALS = 2 * MINUTE;
/** The minute in which the fault came is no whole one; scrapes, rates and the operator's status follow half a minute later. */
const LATE = 90_000;
/** Two quiet minutes end an anomaly; rates of a minute and a half have to forget the fault first. */
const OVER_WITHIN = 10 * MINUTE;
/** What follows upon new pods is no anomaly for two minutes. */
const SETTLED_MS = 130_000;
const SCRAPE_SECONDS = 5;
/** The shortest that holds two samples of the written past, which has one each 30 s: what it saw is forgotten so soon. */
const WINDOW_SECONDS = 60;

/** Each workload has its own trouble, and one has none. */
const FAULTS = { surge: 'Surge', slow: 'Slow', silent: 'Silent' } as const satisfies Record<string, Fault>;
const NAMES = ['surge', 'slow', 'silent', 'calm'] as const;
type Name = (typeof NAMES)[number];

let directory = '';
let namespace = '';
let world: World;
let prometheus: PrometheusServer;
let installed: InstalledOperator;
let deployedAt = 0;

const until = Date.now() - 30_000;
const from = until - DAYS * DAY;
const shape = {
  baseRate: 20,
  dailySwing: 0.2,
  peakHour: 14,
  weekendFactor: 1,
  noise: 0.05,
  burstsPerDay: 0,
  burstFactor: 0,
};
const demandOf = (seed: number) => generateDemand(shape, { from, to: until + DAY }, seededRandom(seed));
/** The past had pods that were busy by 70 %. With others, the first latencies would be no more usual than the faults. */
const REQUESTS_PER_POD = 7;

function watched(name: Name): object {
  const of = `{pod=~"${name}-.*"}`;
  const buckets = `sum by (le) (rate(http_request_duration_seconds_bucket${of}[${WINDOW_SECONDS}s]))`;
  return policy(
    { namespace, name },
    {
      metrics: [
        prometheusMetric(`sum(rate(http_requests_total${of}[${WINDOW_SECONDS}s]))`, REQUESTS_PER_POD),
      ],
      horizontal: { minReplicas: 2, maxReplicas: 20 },
      forecast: { mode: 'Disabled', startupSeconds: 5 },
      objective: {
        indicators: [
          { name: 'latency-p90', query: `histogram_quantile(0.9, ${buckets})`, threshold: '300m' },
        ],
      },
    },
  );
}

/** What somebody wrote down for such a day. */
const runbooks = (): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace, name: 'runbooks', labels: { 'autonomic.dev/runbook': 'true' } },
  data: {
    'load.md': '# A spike of the load\nAsk marketing whether a campaign has begun.\n',
    'backup.md': '# Backup\nThe backup of the ledger is taken at two.\n',
  },
});

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'autonomic-anomalies-'));
  namespace = await createNamespace('anomalies');
  await apply(runbooks());
  const workloads = NAMES.map((name, seed) => ({ namespace, name, demand: demandOf(seed) }));
  deployedAt = Date.now();
  await apply(
    workloads.map(({ name, demand }) => {
      const replicas = Math.ceil(demand(until) / REQUESTS_PER_POD);
      return workload({ namespace, name }, { replicas, cpu: '1' });
    }),
  );
  // Without pods the world's requests would pile up, and its latencies begin with that.
  await Promise.all(
    NAMES.map((name) =>
      testCluster().kubectl(['rollout', 'status', `deployment/${name}`, '-n', namespace, '--timeout=60s']),
    ),
  );
  world = await startWorld({ kubeconfig: testCluster().kubeconfig, workloads });
  const past = { workloads, from, until, job: 'world', instance: `127.0.0.1:${world.port}` };
  prometheus = await startPrometheus({
    dir: join(directory, 'prometheus'),
    scrape: [{ job: 'world', port: world.port }],
    scrapeIntervalSeconds: SCRAPE_SECONDS,
    history: await writeHistory(join(directory, 'history'), past),
  });
  installed = await InstalledOperator.install({
    prefix: 'anomalies',
    prometheusUrl: prometheus.url,
    config: {
      tickSeconds: 5,
      historyDays: DAYS,
      knowledge: { runbooks: { enabled: true } },
      prometheus: { scrapeIntervalSeconds: SCRAPE_SECONDS, rateWindowSeconds: WINDOW_SECONDS },
    },
  });
  await installed.start();
  await apply(NAMES.map(watched));
  const known = { type: 'BaselineKnown', status: 'True' } as const;
  await Promise.all(NAMES.map((name) => waitForCondition(policyName(name), known, { timeoutMs: 180_000 })));
  await waitFor('the new pods to be no news any more', () => Date.now() - deployedAt > SETTLED_MS, {
    timeoutMs: 2 * SETTLED_MS,
  });
}, 600_000);

afterAll(async () => {
  await testCluster().kubectl(['delete', 'autonomicpolicies', '--all', `--namespace=${namespace}`]);
  await installed.uninstall();
  await world.stop();
  await prometheus.stop();
  await testCluster().kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await rm(directory, { recursive: true, force: true });
});

const policyName = (name: Name) => ({ resource: 'autonomicpolicy', namespace, name });

async function statusOf(name: Name): Promise<PolicyStatus> {
  return (await read<{ status?: PolicyStatus }>(policyName(name))).status ?? {};
}

async function anomaliesOf(name: Name) {
  return (await statusOf(name)).workloads?.[0]?.anomalies ?? [];
}

type AnomalyStatus = Awaited<ReturnType<typeof anomaliesOf>>[number];

async function appeared(name: Name, wanted: (anomaly: AnomalyStatus) => boolean): Promise<AnomalyStatus> {
  let seen: PolicyStatus = {};
  const probe = async (): Promise<AnomalyStatus | undefined> => {
    seen = await statusOf(name);
    return seen.workloads?.[0]?.anomalies?.find(wanted);
  };
  return waitFor(`the anomaly of ${name}`, probe, { timeoutMs: TWO_INTERVALS + LATE }).catch(
    (error: unknown) => {
      const { conditions, workloads } = seen;
      throw new Error(`${String(error)}\n${JSON.stringify({ conditions, workloads })}`, { cause: error });
    },
  );
}

interface KubernetesEvent {
  readonly reason: string;
  readonly note: string;
  readonly regarding: { readonly name: string };
}

async function eventOf(name: Name, reason: string): Promise<void> {
  const found = async (): Promise<boolean> => (await eventsOf(name)).some((event) => event.reason === reason);
  await waitFor(`the event ${reason} of ${name}`, found);
}

async function eventsOf(name: Name): Promise<readonly KubernetesEvent[]> {
  const stdout = await testCluster().kubectl(['get', 'events.events.k8s.io', '-n', namespace, '-o', 'json']);
  const { items } = JSON.parse(stdout) as { items: KubernetesEvent[] };
  return items.filter(({ regarding }) => regarding.name === name);
}

/** From its begin to its end: what is told of it, held because of it, and when it is over. */
async function followed(
  name: keyof typeof FAULTS,
  wanted: (anomaly: AnomalyStatus) => boolean,
): Promise<AnomalyStatus> {
  world.inject(`${namespace}/${name}`, FAULTS[name]);
  const anomaly = await appeared(name, wanted);
  if (name !== 'silent') await waitForCondition(policyName(name), { type: 'ScaleDownHeld', status: 'True' });
  await eventOf(name, 'AnomalyDetected');
  world.clear(`${namespace}/${name}`);
  await waitFor(`${name} to be over`, async () => (await anomaliesOf(name)).length === 0, {
    timeoutMs: OVER_WITHIN,
  });
  await eventOf(name, 'AnomalyOver');
  return anomaly;
}

test('faults are told of within two intervals, hold what they should, and end when they are over', async () => {
  const [surge, slow, silent] = await Promise.all([
    followed('surge', ({ signal, kind }) => signal === 'load' && kind === 'Spike'),
    followed('slow', ({ kind }) => kind === 'Degradation'),
    followed('silent', ({ kind }) => kind === 'Missing'),
  ]);
  expect(surge).toMatchObject({
    holds: true,
    message: expect.stringMatching(/^the load is .* is usual$/) as string,
    runbook: {
      source: `ConfigMap ${namespace}/runbooks`,
      title: 'A spike of the load',
      text: 'Ask marketing whether a campaign has begun.',
    },
  });
  expect(slow).toMatchObject({ signal: 'latency', holds: true });
  expect(silent).toMatchObject({ signal: 'metrics', holds: true });
  await waitForCondition(policyName('silent'), { type: 'MetricsAvailable', status: 'True' });
  expect(await anomaliesOf('calm')).toEqual([]);
  expect((await eventsOf('calm')).filter(({ reason }) => reason === 'AnomalyDetected')).toEqual([]);
}, 1_200_000);
