import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import { writeHistory } from '../../hack/world/history.ts';
import { run } from '../../src/cli/program.ts';
import { generateDemand } from '../../src/simulate/demand.ts';
import { seededRandom } from '../../src/simulate/random.ts';
import { apply, createNamespace, read, testCluster, waitFor } from '../support/cluster.ts';
import { prometheusMetric, workload } from '../support/manifests.ts';
import { InstalledOperator } from '../support/operator.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The past that the world fills is 14 days long. */
const DAYS = 14;
const UNTIL = Math.floor(Date.now() / HOUR) * HOUR;
const FROM = UNTIL - DAYS * DAY;
const PRICE = 0.05;

const shape = {
  baseRate: 60,
  dailySwing: 0.5,
  peakHour: 14,
  weekendFactor: 0.7,
  noise: 0.1,
  burstsPerDay: 3,
  burstFactor: 0.6,
};
/** Also of the week ahead, which the forecasts can then be compared with. */
const demand = generateDemand(shape, { from: FROM - DAY, to: UNTIL + 8 * DAY }, seededRandom(3));

let directory: string;
let namespace: string;
let prometheus: PrometheusServer;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function predictions(...args: string[]): Promise<Ended> {
  let out = '';
  let err = '';
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const cluster = ['--kubeconfig', testCluster().kubeconfig, '-n', namespace];
  const code = await run(['predictions', ...args, ...cluster, '--prometheus', prometheus.url], terminal);
  return { code, out, err };
}

const policy = (name: string): object => ({
  apiVersion: 'autonomic.dev/v1alpha1',
  kind: 'AutonomicPolicy',
  metadata: { namespace, name },
  spec: {
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    metrics: [prometheusMetric('sum(rate(http_requests_total[2m]))', 7)],
    horizontal: { minReplicas: 3, maxReplicas: 25 },
    objective: {
      indicators: [
        { name: 'errors', query: 'sum(rate(http_requests_total{code="503"}[2m]))', threshold: '1' },
      ],
      replicaHourPrice: String(PRICE),
    },
  },
});

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'predictions-'));
  namespace = await createNamespace('predictions');
  const past = { workloads: [{ namespace, name: 'shop', demand }], from: FROM, until: UNTIL };
  prometheus = await startPrometheus({
    dir: join(directory, 'prometheus'),
    scrape: [],
    scrapeIntervalSeconds: 30,
    history: await writeHistory(join(directory, 'history'), { ...past, job: 'world', instance: 'world' }),
  });
  await apply([
    workload({ namespace, name: 'shop' }, { replicas: 2, cpu: '1' }),
    policy('shop'),
    workload({ namespace, name: 'new' }, { replicas: 2, cpu: '1' }),
    policy('new'),
  ]);
}, 600_000);

afterAll(async () => {
  // The operators of other tests see every namespace.
  await testCluster().kubectl(['delete', 'autonomicpolicies', '--all', `--namespace=${namespace}`]);
  await testCluster().kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await prometheus.stop();
  await rm(directory, { recursive: true, force: true });
});

interface Range {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

interface Document {
  readonly historyDays: number;
  readonly resources: readonly {
    readonly resource: string;
    readonly confidence: string;
    readonly total?: Range;
    readonly pastWeeks: readonly { readonly accuracy: number }[];
    readonly days: readonly { readonly date: string; readonly mean: Range; readonly peak?: Range }[];
    readonly hours: readonly { readonly hour: string; readonly mean: Range; readonly peak?: Range }[];
  }[];
}

/** Mean requests per second of an hour, by the minute. */
function trueMean(hour: number): number {
  const minutes = Array.from({ length: 60 }, (_, minute) => demand(hour + minute * 60_000));
  return minutes.reduce((sum, each) => sum + each, 0) / minutes.length;
}

type ResourceDocument = Document['resources'][number];

async function document(): Promise<Document & { readonly of: (resource: string) => ResourceDocument }> {
  const { code, out, err } = await predictions('shop', '-o', 'json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const parsed = JSON.parse(out) as Document;
  const of = (resource: string): ResourceDocument => {
    const found = parsed.resources.find((each) => each.resource === resource);
    if (found === undefined) throw new Error(`no ${resource} in ${out}`);
    return found;
  };
  return { ...parsed, of };
}

test('a week ahead of all resources comes close to the load that follows', async () => {
  const { historyDays, resources, of } = await document();
  expect(historyDays).toBe(DAYS);
  expect(resources.map(({ resource }) => resource)).toEqual(['cpu', 'memory', 'network', 'replicas', 'cost']);
  expect(resources.map(({ hours, days }) => [hours.length, days.length])).toEqual(
    new Array(5).fill([168, 7]),
  );
  // A request costs a tenth of a core-second, and 22 kB with its answer.
  for (const [resource, perRequest] of [
    ['cpu', 0.1],
    ['network', 22_000],
  ] as const) {
    const pairs = of(resource).hours.map(({ hour, mean }) => [
      mean.median,
      trueMean(Date.parse(hour)) * perRequest,
    ]);
    const error = pairs.reduce((sum, [said = 0, came = 0]) => sum + Math.abs(said - came), 0);
    const load = pairs.reduce((sum, [, came = 0]) => sum + came, 0);
    expect(error / load).toBeLessThan(0.2);
  }
  expect(of('cpu').pastWeeks).toHaveLength(1);
  expect(of('cpu').pastWeeks[0]?.accuracy).toBeGreaterThan(0.7);
});

test('cost is what the replicas of each day cost at the price of the policy', async () => {
  const { of } = await document();
  const { days, total } = of('cost');
  for (const [index, { mean, peak }] of days.entries()) {
    const replicas = of('replicas').days[index]?.mean.median ?? NaN;
    expect(Math.abs(mean.median / (24 * PRICE * replicas) - 1)).toBeLessThan(0.001);
    expect(peak).toBeUndefined();
  }
  const sum = days.reduce((all, { mean }) => all + mean.median, 0);
  expect(Math.abs((total?.median ?? NaN) / sum - 1)).toBeLessThan(0.001);
});

test('people get days with units, and each resource in a sentence', async () => {
  const { code, out, err } = await predictions('shop', '-o', 'wide');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.split('\n')[0]).toMatch(
    new RegExp(`^${namespace}/shop \\(Deployment shop\\): seven days from .* UTC, by 14 days of history$`),
  );
  expect(out).toMatch(/^cpu +\w{3} \d\d \w{3} +[\d.]+ cores +[\d.]+-[\d.]+ +[\d.]+ cores +[\d.]+-[\d.]+$/m);
  expect(out).toMatch(/^memory .* [MG]iB /m);
  expect(out).toMatch(/^network .* MB\/s /m);
  expect(out).toMatch(
    /^cpu: peak on \w{3} \d\d \w{3} \d\d:00 UTC: [\d.]+ cores \([\d.]+-[\d.]+\); confidence \w+: last week's forecast was \d+ % accurate/m,
  );
  expect(out).toMatch(/^cost: [\d.]+ in 7 days \([\d.]+-[\d.]+\); /m);
  expect(out).toContain('PAST WEEK FROM');
});

test('one resource by the hour has 168 rows', async () => {
  const { code, out } = await predictions('shop', '--resource', 'memory', '--hourly');
  expect(code).toBe(0);
  expect(out.split('\n').filter((line) => line.startsWith('memory  '))).toHaveLength(168);
});

test('a workload without a past is refused with what is missing for each resource', async () => {
  const { code, out, err } = await predictions('new');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(
    `no forecast for Deployment new in namespace ${namespace}: cpu: no value is known; it is`,
  );
  expect(err).toContain("kube-state-metrics' kube_deployment_status_replicas_ready");
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});

test('a policy that is not there is a wrong input', async () => {
  const { code, err } = await predictions('nobody');
  expect(code).toBe(2);
  expect(err).toContain('check name and namespace with "kubectl get autonomicpolicies -A"');
});

interface Stored {
  readonly status?: {
    readonly workloads?: readonly {
      readonly predictions?: {
        readonly historyDays: number;
        readonly resources: readonly {
          readonly resource: string;
          readonly days?: readonly { readonly date: string }[];
        }[];
      };
    }[];
  };
}

test('a running operator keeps the same week by days in the status', async () => {
  const operator = await InstalledOperator.install({
    prefix: 'predictions',
    prometheusUrl: prometheus.url,
    config: { historyDays: DAYS },
  });
  await operator.start();
  try {
    const stored = await waitFor('predictions in the status', async () => {
      const { status } = await read<Stored>({ resource: 'autonomicpolicies', namespace, name: 'shop' });
      return status?.workloads?.[0]?.predictions;
    });
    const days = new Map(stored.resources.map((each) => [each.resource, each.days]));
    expect([...days.keys()]).toEqual(['cpu', 'memory', 'network', 'replicas', 'cost']);
    const { of } = await document();
    for (const [resource, found] of days) {
      expect(found?.map(({ date }) => date)).toEqual(of(resource).days.map(({ date }) => date));
    }
  } finally {
    await operator.uninstall();
  }
}, 120_000);
