import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import { ensureTools } from '../../hack/tools/tools.ts';
import { writeHistory } from '../../hack/world/history.ts';
import type { WorkloadSpec } from '../../hack/world/workload.ts';
import { startWorld, type World } from '../../hack/world/world.ts';
import { apply, createNamespace, testCluster, waitFor } from '../support/cluster.ts';

const hour = 3_600_000;
/** The HPA doubles once for each 15 s reading of the metrics API, and the first needs two. */
const timeout = 180_000;

let directory = '';
let namespace = '';
let world: World;
let prometheus: PrometheusServer;

function deployment(name: string, replicas: number): object {
  const labels = { app: name };
  const resources = { requests: { cpu: '1', memory: '256Mi' }, limits: { cpu: '1' } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'example.invalid/main:1', resources }] },
      },
    },
  };
}

function autoscaler(name: string): object {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: 1,
      maxReplicas: 20,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
        },
      ],
    },
  };
}

interface Answer {
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

/** The values of an instant query. */
async function query(promql: string): Promise<number[]> {
  const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(promql)}`);
  const { data } = (await answer.json()) as Answer;
  return data.result.map(({ value }) => Number(value[1]));
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'autonomic-world-'));
  namespace = await createNamespace('world');
  await apply([deployment('steady', 4), deployment('scaled', 1)]);
  const workloads: WorkloadSpec[] = [
    { namespace, name: 'steady', demand: () => 20, timestamps: true },
    { namespace, name: 'scaled', demand: () => 18 },
  ];
  const pki = join(testCluster().dir, 'pki');
  world = await startWorld({
    kubeconfig: testCluster().kubeconfig,
    workloads,
    metricsApi: { cert: join(pki, 'serving.crt'), key: join(pki, 'serving.key') },
  });
  await apply([...world.registration, autoscaler('scaled')]);
  const until = Date.now();
  const job = { job: 'world', instance: `127.0.0.1:${world.port}` };
  const past = { workloads, from: until - 24 * hour, until, ...job };
  prometheus = await startPrometheus({
    dir: join(directory, 'prometheus'),
    scrape: [{ job: 'world', port: world.port }],
    scrapeIntervalSeconds: 1,
    history: await writeHistory(join(directory, 'history'), past),
  });
}, timeout);

afterAll(async () => {
  await prometheus.stop();
  await world.stop();
  await testCluster().kubectl(['delete', 'apiservice', 'v1beta1.metrics.k8s.io']);
  await rm(directory, { recursive: true, force: true });
});

test('what the exporter shows is in Prometheus’ format and by its naming rules', async () => {
  const { promtool } = await ensureTools();
  const text = await (await fetch(`http://127.0.0.1:${world.port}/metrics`)).text();
  const complaints = await new Promise<string>((resolve) => {
    const child = execFile(promtool, ['check', 'metrics'], (_, stdout, stderr) => resolve(stdout + stderr));
    child.stdin?.end(text);
  });
  // Node exporter's own name for it, and the only one that is not snake case.
  expect(complaints.trim()).toBe(
    "node_memory_MemAvailable_bytes metric names should be written in 'snake_case' not 'camelCase'",
  );
});

test(
  'the load arrives at the pods that are ready, and uses a tenth of a core-second for each request',
  async () => {
    const ready = `sum(kube_pod_status_ready{namespace="${namespace}",pod=~"steady-.*",condition="true"})`;
    await waitFor('4 ready pods in Prometheus', async () => (await query(ready))[0] === 4);
    const live = `{namespace="${namespace}",pod=~"steady-.*",pod!~".*-history-.*"}`;
    const cores = await waitFor('half a minute of use', async () => {
      const [samples] = await query(`min(count_over_time(container_cpu_usage_seconds_total${live}[40s]))`);
      return (
        (samples ?? 0) >= 30 && (await query(`sum(rate(container_cpu_usage_seconds_total${live}[30s]))`))[0]
      );
    });
    expect(Math.abs(cores - 2)).toBeLessThan(0.2);
    const [rate = 0] = await query(`sum(rate(http_requests_total${live}[30s]))`);
    // 600 arrivals have a standard deviation of 4 %.
    expect(Math.abs(rate - 20)).toBeLessThan(4);
  },
  timeout,
);

test('the past is there: the same load under the same names', async () => {
  const requests = `sum(rate(http_requests_total{namespace="${namespace}",pod=~"steady-.*"}[10m] offset 12h))`;
  expect(Math.abs(((await query(requests))[0] ?? 0) - 20)).toBeLessThan(1);
  const replicas = `kube_deployment_spec_replicas{namespace="${namespace}",deployment="steady"}`;
  expect(await query(`${replicas} offset 12h`)).toEqual([3]);
  expect(await query(replicas)).toEqual([4]);
});

test(
  'the real HPA scales on the metrics API until the load is served, and the accounts say so',
  async () => {
    const replicas = `kube_deployment_status_replicas_ready{namespace="${namespace}",deployment="scaled"}`;
    await waitFor('4 ready replicas', async () => (await query(replicas)).some((count) => count >= 4), {
      timeoutMs: 150_000,
    });
    const before = world.accounts().get(`${namespace}/scaled`);
    expect(before?.actions).toBeGreaterThanOrEqual(2);
    expect(before?.violatedSeconds).toBeGreaterThan(5);
    expect(before?.slowRequests).toBeLessThanOrEqual(before?.requests ?? 0);
    const after = await waitFor('more replica-seconds', () => {
      const now = world.accounts().get(`${namespace}/scaled`);
      return (now?.replicaSeconds ?? 0) > (before?.replicaSeconds ?? 0) + 20 && now;
    });
    expect(after.requests).toBeGreaterThan(before?.requests ?? 0);
    const top = await testCluster().kubectl(['top', 'pods', '-l', 'app=scaled', '-n', namespace]);
    expect(top.trim().split('\n').length).toBeGreaterThan(1);
  },
  timeout,
);

test(
  'faults show in Prometheus as they would in life, and end',
  async () => {
    const series = `kube_deployment_spec_replicas{namespace="${namespace}",deployment="steady"}`;
    const becomes = (expected: string, promql = series): Promise<unknown> =>
      waitFor(
        `${promql} to be ${expected}`,
        async () => JSON.stringify((await query(promql)).map(String)) === expected,
      );
    const key = `${namespace}/steady`;

    world.inject(key, 'Frozen');
    await becomes('["4"]', `${series} and time() - timestamp(${series}) > 5`);
    world.clear(key);
    await becomes('["4"]', `${series} and time() - timestamp(${series}) < 3`);
    world.inject(key, 'NotANumber');
    await becomes('["NaN"]');
    world.inject(key, 'Duplicated');
    await becomes(
      '["4","4"]',
      `kube_deployment_spec_replicas{namespace="${namespace}",deployment="steady",exporter_replica!=""}`,
    );
    world.clear(key);
    await becomes('["4"]', `${series} and time() - timestamp(${series}) < 3`);
    world.inject(key, 'NoTraffic');
    await becomes('["0"]', `sum(rate(http_requests_total{namespace="${namespace}",pod=~"steady-.*"}[10s]))`);
    world.clear(key);
    expect(() => world.inject('nobody/nothing', 'Silent')).toThrow(/no workload 'nobody\/nothing'/);
  },
  timeout,
);
