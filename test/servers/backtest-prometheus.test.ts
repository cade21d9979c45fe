import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import { writeHistory } from '../../hack/world/history.ts';
import { run } from '../../src/cli/program.ts';
import type { BacktestResult, TraceResult } from '../../src/simulate/backtest-result.ts';
import { generateDemand } from '../../src/simulate/demand.ts';
import { seededRandom } from '../../src/simulate/random.ts';
import { apply, createNamespace, testCluster } from '../support/cluster.ts';
import { prometheusMetric, workload } from '../support/manifests.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const DAYS = 14;
/** Where the imported past ends: on the minute, and well before now. */
const UNTIL = Math.floor(Date.now() / MINUTE) * MINUTE - 30 * MINUTE;
const FROM = UNTIL - DAYS * DAY;

const shape = {
  baseRate: 60,
  dailySwing: 0.5,
  peakHour: 14,
  weekendFactor: 0.7,
  noise: 0.1,
  burstsPerDay: 3,
  burstFactor: 0.6,
};
const demand = generateDemand(shape, { from: FROM - DAY, to: UNTIL }, seededRandom(3));

let directory: string;
let namespace: string;
let prometheus: PrometheusServer;

/** One series of 14 days by the minute, as OpenMetrics. */
function openMetrics(): string {
  const lines = ['# TYPE orders gauge'];
  for (let at = FROM; at <= UNTIL; at += MINUTE)
    lines.push(`orders{namespace="${namespace}"} ${load(at)} ${at / 1000}`);
  // The CPU counter of a Deployment's pod, by the half minute; a request costs a tenth of a core-second.
  lines.push('# TYPE container_cpu_usage_seconds counter');
  const pod = `namespace="${namespace}",pod="web-6f6f6f6f6f-b2b2b",container="web"`;
  let used = 0;
  for (let at = FROM - 10 * MINUTE; at <= UNTIL; at += MINUTE / 2) {
    used += (demand(at - MINUTE / 4) / 10) * 30;
    lines.push(`container_cpu_usage_seconds_total{${pod}} ${used.toFixed(6)} ${at / 1000}`);
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

const load = (at: number): string => demand(at).toFixed(4);

async function csv(name: string, value: (at: number) => string): Promise<string> {
  const rows = Array.from({ length: DAYS * 1440 + 1 }, (_, minute) => {
    const at = FROM + minute * MINUTE;
    return `${at / 1000},${value(at)}`;
  });
  const file = join(directory, name);
  await writeFile(file, `timestamp,value\n${rows.join('\n')}\n`);
  return file;
}

interface Ended {
  readonly code: number;
  readonly err: string;
  readonly result: BacktestResult | undefined;
}

async function backtest(...args: string[]): Promise<Ended> {
  const file = join(directory, 'result.json');
  await rm(file, { force: true });
  let err = '';
  const terminal = { out: () => undefined, err: (text: string) => void (err += text) };
  const flags = ['--rivals', 'hpa', '--jobs', '2', '-o', 'json', '--output-file', file];
  const code = await run(['backtest', ...args, ...flags], terminal);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return { code, err, result: text === undefined ? undefined : (JSON.parse(text) as BacktestResult) };
}

const fromServer = (): string[] => [
  ...['--prometheus', prometheus.url, '--since', '14d', '--until', String(UNTIL / 1000)],
];

/** Everything but how the trace is called. */
function unnamed(trace: TraceResult | undefined): unknown {
  return { ...trace, name: undefined, group: undefined };
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'backtest-prometheus-'));
  namespace = await createNamespace('backtest');
  const own = join(directory, 'own.om');
  await writeFile(own, openMetrics());
  const past = {
    workloads: [{ namespace, name: 'shop', demand }],
    from: FROM - 10 * MINUTE,
    until: UNTIL + MINUTE,
    job: 'world',
    instance: 'world',
  };
  prometheus = await startPrometheus({
    dir: join(directory, 'prometheus'),
    scrape: [],
    scrapeIntervalSeconds: 30,
    history: [own, ...(await writeHistory(join(directory, 'history'), past))],
  });
}, 600_000);

afterAll(async () => {
  // The operators of other tests see every namespace.
  await testCluster().kubectl(['delete', 'autonomicpolicies', '--all', `--namespace=${namespace}`]);
  await testCluster().kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await prometheus.stop();
  await rm(directory, { recursive: true, force: true });
});

test('14 days from Prometheus give what the same series gives from CSV', async () => {
  const file = await csv('orders.csv', load);
  const server = await backtest(...fromServer(), '--workload', `${namespace}/web`, '--query', 'sum(orders)');
  expect(server).toMatchObject({ code: 0, err: '' });
  const files = await backtest('--input', file);
  expect(files).toMatchObject({ code: 0, err: '' });
  expect(server.result?.traces[0]?.name).toBe(`${namespace}/web`);
  expect(server.result?.config.hash).toBe(files.result?.config.hash);
  expect(unnamed(server.result?.traces[0])).toEqual(unnamed(files.result?.traces[0]));
});

test('without a query, the load is the CPU cores that the pods of the workload used', async () => {
  const server = await backtest(...fromServer(), '--workload', `${namespace}/web`);
  expect(server).toMatchObject({ code: 0, err: '' });
  // rate() over 120 s has the mean of the two minutes before.
  const file = await csv('cores.csv', (at) => (demand(at - MINUTE) / 10).toFixed(6));
  const files = await backtest('--input', file);
  expect(files).toMatchObject({ code: 0, err: '' });
  const costs = (ended: Ended): [string, number][] =>
    (ended.result?.summary ?? []).map(({ name, medianCostOverOracle }) => [name, medianCostOverOracle]);
  expect(costs(server).map(([name]) => name)).toEqual(['autonomic', 'hpa', 'oracle']);
  const wanted = new Map(costs(files));
  for (const [name, cost] of costs(server)) {
    expect(Math.abs(cost / (wanted.get(name) ?? Number.NaN) - 1)).toBeLessThan(0.05);
  }
  const [trace] = server.result?.traces ?? [];
  expect(trace).toMatchObject({ gapSeconds: 0, skippedRows: 0 });
});

test('a policy of the cluster is replayed on the past of its own metric', async () => {
  const name = 'shop';
  await apply([
    workload({ namespace, name }, { replicas: 2, cpu: '500m' }),
    {
      apiVersion: 'autonomic.dev/v1alpha1',
      kind: 'AutonomicPolicy',
      metadata: { namespace, name },
      spec: {
        targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        metrics: [prometheusMetric('sum(rate(http_requests_total[2m]))', 7)],
        horizontal: { minReplicas: 3, maxReplicas: 25 },
      },
    },
  ]);
  const { kubeconfig } = testCluster();
  const args = ['policy', name, '-n', namespace, '--kubeconfig', kubeconfig, ...fromServer()];
  const unclear = await backtest(...args);
  expect(unclear.code).toBe(2);
  expect(unclear.err).toContain("say with --replica-capacity how many units of 'demand' one replica serves");
  const { code, err, result } = await backtest(...args, '--replica-capacity', '10');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(result?.config).toMatchObject({
    bounds: { minReplicas: 3, maxReplicas: 25 },
    demand: { replicaCapacity: 10 },
    policy: { targetRef: { name } },
  });
  const [trace] = result?.traces ?? [];
  expect(trace).toMatchObject({ name: `${namespace}/${name}`, scale: 1 });
  const ours = trace?.contenders.find((contender) => contender.name === 'autonomic');
  expect(ours).not.toHaveProperty('knob');
  // Seven of ten requests per second and replica: less would be too few, far more too many.
  expect(ours?.costOverOracle).toBeGreaterThan(1);
  expect(ours?.costOverOracle).toBeLessThan(2);
});

test('a policy about requests is replayed on the past of its own requests, in its own units', async () => {
  const name = 'shop-requests';
  const requests = {
    totalQuery: 'sum(rate(http_requests_total[2m]))',
    badQuery: 'sum(rate(http_requests_failed_total[2m]))',
    latencyThreshold: '500m',
    perReplica: '10',
    concurrency: 2,
  };
  await apply([
    {
      apiVersion: 'autonomic.dev/v1alpha1',
      kind: 'AutonomicPolicy',
      metadata: { namespace, name },
      spec: {
        targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
        horizontal: { minReplicas: 3, maxReplicas: 25 },
        objective: { requests },
      },
    },
  ]);
  const { kubeconfig } = testCluster();
  const args = ['policy', name, '-n', namespace, '--kubeconfig', kubeconfig, ...fromServer()];
  const { code, err, result } = await backtest(...args);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(result?.config).toMatchObject({
    service: { requestsPerSecond: 10 },
    objective: { waitSeconds: 0.3, slowShare: 0.01 },
    simplifications: [expect.stringContaining('works on 2 requests at the same time')],
  });
  const [trace] = result?.traces ?? [];
  expect(trace).toMatchObject({ name: `${namespace}/shop`, scale: 1 });
  const ours = trace?.contenders.find((contender) => contender.name === 'autonomic');
  expect(ours).toMatchObject({ meetsTarget: true });
  expect(ours?.costOverOracle).toBeLessThan(2);
});

test.each([
  [
    ['--workload', 'NS/web', '--since', '30d'],
    /no data before .*, asked for from .* to .*; ask for less with --since/,
  ],
  [['--workload', 'NS/nobody'], /no data from .*; check that there is a Deployment nobody in namespace/],
  [['--query', 'container_cpu_usage_seconds_total'], /the query answers 2 series, wanted is one: aggregate/],
  [['--query', 'sum('], /\b(parse error|400|unclosed)/],
  [['--workload', 'NS/web', '--query', 'sum(orders{namespace="kube-system"})'], /--query: line 1, column/],
])('%j is refused in one line with exit code 2', async (args, message) => {
  const flags = args.map((arg) => arg.replace('NS', namespace));
  const { code, err, result } = await backtest(...fromServer(), ...flags);
  expect({ code, result }).toEqual({ code: 2, result: undefined });
  expect(err).toMatch(message);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});

test('a policy or a cluster that is not there is a wrong input', async () => {
  const { kubeconfig } = testCluster();
  const there = ['-n', namespace, ...fromServer()];
  const absent = await backtest('policy', 'nobody', '--kubeconfig', kubeconfig, ...there);
  expect(absent.code).toBe(2);
  expect(absent.err).toContain('check name and namespace with "kubectl get autonomicpolicies -A"');
  const nowhere = await backtest('policy', 'web', '--kubeconfig', '/nowhere', ...there);
  expect(nowhere.code).toBe(2);
  expect(nowhere.err).toContain('/nowhere');
});
