import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import { run } from '../../src/cli/program.ts';
import { apply, createNamespace, testCluster } from '../support/cluster.ts';
import type { FeatureReport, WorkloadReport } from '../../src/loop/knowledge/dataset/data-report.ts';

const MINUTE = 60_000;
const MINUTES = 2 * 1440;
/** Where the imported past ends: on the minute, and well before now. */
const UNTIL = Math.floor(Date.now() / MINUTE) * MINUTE - 30 * MINUTE;
const FROM = UNTIL - MINUTES * MINUTE;
/** Nothing was scraped in these minutes. */
const OUTAGE = { first: 1000, last: 1059 };
/** The pod's counters begin again here. */
const RESET = 500;

let namespace: string;

const load = (minute: number): number => 2 + Math.sin((2 * Math.PI * minute) / 1440);

/** Two days of a Deployment with one pod, as cAdvisor, kube-state-metrics and the workload itself expose it. */
function openMetrics(): string {
  const inside = `namespace="${namespace}"`;
  const pod = `${inside},pod="web-6f6f6f6f6f-b2b2b"`;
  const container = `${pod},container="web"`;
  const families: readonly [string, string, (minute: number) => number][] = [
    ['counter', `container_cpu_usage_seconds_total{${container}}`, (minute) => sinceReset(minute) * 30],
    ['counter', `container_cpu_cfs_periods_total{${container}}`, (minute) => sinceReset(minute) * 600],
    [
      'counter',
      `container_cpu_cfs_throttled_periods_total{${container}}`,
      (minute) => sinceReset(minute) * 60,
    ],
    ['counter', `container_network_receive_bytes_total{${pod},interface="eth0"}`, (minute) => minute * 6000],
    ['gauge', `container_memory_working_set_bytes{${container}}`, () => 2 ** 28],
    ['gauge', `kube_pod_container_resource_requests{${container},resource="cpu"}`, () => 2],
    ['gauge', `kube_pod_container_resource_limits{${container},resource="memory"}`, () => 2 ** 30],
    ['gauge', `kube_deployment_status_replicas{${inside},deployment="web"}`, () => 4],
    ['gauge', `kube_deployment_status_replicas_ready{${inside},deployment="web"}`, () => 3],
    ['gauge', `kube_deployment_spec_replicas{${inside},deployment="web"}`, () => 4],
    ['gauge', `kube_replicaset_created{${inside},replicaset="web-6f6f6f6f6f"}`, () => FROM / 1000 - 3600],
    [
      'gauge',
      `kube_replicaset_owner{${inside},replicaset="web-6f6f6f6f6f",owner_kind="Deployment",owner_name="web"}`,
      () => 1,
    ],
    ['counter', `orders_total{${pod}}`, orders],
  ];
  const lines = families.flatMap(([type, series, value]) => {
    const family = series.replace(/\{.*/, '').replace(/_total$/, '');
    const samples: string[] = [`# TYPE ${family} ${type}`];
    for (let minute = -10; minute <= MINUTES; minute += 0.5) {
      if (minute > OUTAGE.first && minute < OUTAGE.last + 1) continue;
      samples.push(`${series} ${value(minute)} ${(FROM + minute * MINUTE) / 1000}`);
    }
    return samples;
  });
  return `${lines.join('\n')}\n# EOF\n`;
}

const sinceReset = (minute: number): number => (minute < RESET ? minute + 10 : minute - RESET);

/** The sum of `load` per second over the minutes before, in closed form. */
function orders(minute: number): number {
  const day = 2 * Math.PI;
  return (
    60 * (2 * (minute + 10) - (1440 / day) * (Math.cos((day * minute) / 1440) - Math.cos((-10 * day) / 1440)))
  );
}

/** About requests; a bad one in four. */
function policy(): object {
  return {
    apiVersion: 'autonomic.dev/v1alpha1',
    kind: 'AutonomicPolicy',
    metadata: { name: 'web', namespace },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      horizontal: { minReplicas: 1, maxReplicas: 9 },
      objective: {
        replicaHourPrice: '500m',
        requests: {
          totalQuery: 'sum(rate(orders_total[2m]))',
          badQuery: 'sum(rate(orders_total[2m])) * 0.25',
          latencyThreshold: '500m',
          perReplica: '10',
        },
      },
    },
  };
}

let directory: string;
let prometheus: PrometheusServer;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'data-validate-'));
  namespace = await createNamespace('data');
  const own = join(directory, 'own.om');
  await writeFile(own, openMetrics());
  await writeFile(join(directory, 'policy.yaml'), JSON.stringify(policy()));
  prometheus = await startPrometheus({
    dir: join(directory, 'prometheus'),
    scrape: [],
    scrapeIntervalSeconds: 30,
    history: [own],
  });
}, 120_000);

afterAll(async () => {
  // The operators of other tests see every namespace.
  await testCluster().kubectl(['delete', 'autonomicpolicies', '--all', `--namespace=${namespace}`]);
  await testCluster().kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await prometheus.stop();
  await rm(directory, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function validate(...args: string[]): Promise<Ended> {
  return validatePolicy(['--policy', join(directory, 'policy.yaml')], ...args);
}

async function validatePolicy(of: readonly string[], ...args: string[]): Promise<Ended> {
  let [out, err] = ['', ''];
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const server = ['--prometheus', prometheus.url, '--since', '2d', '--until', String(UNTIL / 1000)];
  const code = await run(['data', 'validate', ...of, ...server, ...args], terminal);
  return { code, out, err };
}

test('two days of a policy are read from Prometheus, with what each feature is worth', async () => {
  const emit = join(directory, 'rows.arrow');
  const { code, out, err } = await validate('-o', 'json', '--emit', emit);
  expect({ code, err }).toEqual({ code: 0, err: `${MINUTES + 1} rows in ${emit}\n` });
  const [workload] = (JSON.parse(out) as { workloads: WorkloadReport[] }).workloads;
  const states = Object.fromEntries(
    (workload?.features ?? []).map((report: FeatureReport) => [report.feature, report.state]),
  );
  expect(states).toEqual({
    cpuUtilization: 'Measured',
    cpuThrottledShare: 'Measured',
    memoryUtilization: 'Measured',
    requestRate: 'Measured',
    tailLatency: 'Absent',
    errorShare: 'Measured',
    queueLag: 'Absent',
    readyShare: 'Measured',
    restarts: 'Absent',
    networkReceive: 'Measured',
    networkTransmit: 'Absent',
    forecastRatio: 'Absent',
    forecastResidual: 'Absent',
    volatilityRatio: 'Derived',
    hourSine: 'Derived',
    hourCosine: 'Derived',
    revisionAge: 'Measured',
    costRate: 'Measured',
  });
  const cpu = workload?.features[0];
  expect(cpu).toMatchObject({ counts: { resets: 1, duplicates: 0, late: 0 }, cadence: { seconds: 60 } });
  // An hour is missing, less the minutes that the newest sample stands for.
  expect(workload?.gaps).toHaveLength(1);
  expect(workload?.coverage).toBeGreaterThan(0.97);
  expect(workload?.coverage).toBeLessThan(0.985);

  const table = tableFromIPC(await readFile(emit));
  const at = (feature: string, minute: number): number => Number(table.getChild(feature)?.get(minute));
  expect(at('cpuUtilization', 300)).toBeCloseTo(0.25, 3);
  expect(at('cpuThrottledShare', 300)).toBeCloseTo(0.1, 3);
  expect(at('memoryUtilization', 300)).toBe(0.25);
  expect(at('requestRate', 300)).toBeCloseTo(load(299), 2);
  expect(at('errorShare', 300)).toBeCloseTo(0.25, 6);
  expect(at('readyShare', 300)).toBe(0.75);
  expect(at('networkReceive', 300)).toBeCloseTo(100, 3);
  expect(at('revisionAge', 300)).toBe(3600 + 300 * 60);
  expect(at('costRate', 300)).toBe(2);
  expect(table.getChild('requestRate')?.get(1030)).toBeNull();
});

test('a policy of the cluster gives the same, under its own uid', async () => {
  await apply([policy()]);
  const cluster = testCluster();
  const uid = await cluster.kubectl([
    ...['get', 'autonomicpolicy', 'web', '-n', namespace, '-o', 'jsonpath={.metadata.uid}'],
  ]);
  const read = async (of: readonly string[]): Promise<WorkloadReport | undefined> => {
    const { code, out } = await validatePolicy(of, '-o', 'json');
    expect(code).toBe(0);
    return (JSON.parse(out) as { workloads: WorkloadReport[] }).workloads[0];
  };
  const fromCluster = await read(['web', '-n', namespace, '--kubeconfig', cluster.kubeconfig]);
  const fromFile = await read(['--policy', join(directory, 'policy.yaml')]);
  expect(fromCluster).toEqual({ ...fromFile, policyUid: uid });
  expect(fromFile?.policyUid).toBe('file/web');
});

test('the table fits on a screen and says what is unknown and why', async () => {
  const { code, out } = await validate();
  expect(code).toBe(0);
  expect(out.split('\n').length).toBeLessThan(40);
  expect(out).toContain(
    'unknown: networkTransmit: no data; it is read from container_network_transmit_bytes_total',
  );
  expect(out).toContain('unknown: tailLatency, queueLag: the policy measures no such thing');
});

test('a range that Prometheus has nothing of is not usable', async () => {
  const { code, out } = await validate('--since', '1d', '--until', String(FROM / 1000 - 86_400));
  expect(code).toBe(2);
  expect(out).toContain('no load: none of requestRate, cpuUtilization, queueLag is measured');
});
