import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import { podRecord } from '../../src/adapters/kubernetes/records.ts';
import type { PolicyStatus } from '../../src/api/policy-status.ts';
import { apply, createNamespace, read, testCluster, waitFor, waitForCondition } from '../support/cluster.ts';
import { demandQuery, Dial } from '../support/dial.ts';
import { ExposingPods } from '../support/exposing-pods.ts';
import { policy, workload } from '../support/manifests.ts';
import { InstalledOperator } from '../support/operator.ts';

// Real API server, operator and HTTP: the pods are KWOK's, and this process listens at their addresses.

const REPLICAS = 5;
/** Requests per second of each pod, as its own counters have it. */
const OWN = 30;
/** What Prometheus says of each, so that it can be told who was heard. */
const ELSEWHERE = 4;
const NAME = 'web';

let directory = '';
let namespace = '';
let dial: Dial;
let prometheus: PrometheusServer;
let installed: InstalledOperator;
let exposing: ExposingPods;
let ips: readonly string[] = [];

/** Its pods get addresses of this machine. */
function loopbackNode(): object {
  const size = { cpu: '16', memory: '64Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: namespace, labels: { pool: namespace } },
    spec: {
      podCIDR: '127.101.0.0/16',
      taints: [{ key: 'pool', value: namespace, effect: 'NoSchedule' }],
    },
    status: { allocatable: size, capacity: size },
  };
}

function deployment(): object {
  const plain = workload({ namespace, name: NAME }, { replicas: REPLICAS }) as {
    spec: { template: { spec: { containers: [object] } } };
  };
  const pod = plain.spec.template.spec;
  const ports = [{ name: 'metrics', containerPort: exposing.port }];
  Object.assign(pod, {
    nodeSelector: { pool: namespace },
    tolerations: [{ key: 'pool', operator: 'Exists' }],
  });
  Object.assign(pod.containers[0], { ports });
  return plain;
}

function scrapingPolicy(): object {
  const requests = {
    totalQuery: demandQuery(NAME),
    badQuery: `0 * ${demandQuery(NAME)}`,
    perReplica: '36',
    scrape: {
      port: 'metrics',
      total: 'http_request_duration_seconds_count{handler!="/metrics"}',
      good: 'http_request_duration_seconds_bucket{le="0.4"}',
    },
  };
  return policy({ namespace, name: NAME }, { mode: 'Preview', metrics: [], objective: { requests } });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'autonomic-scrape-'));
  namespace = await createNamespace('scrape');
  exposing = await ExposingPods.create();
  exposing.load.requests = OWN;
  dial = await Dial.start();
  // Ten a replica is what the dial means.
  dial.want(namespace, NAME, (REPLICAS * ELSEWHERE) / 10);
  prometheus = await startPrometheus({
    dir: directory,
    scrape: [{ job: 'dial', port: dial.port }],
    scrapeIntervalSeconds: 1,
  });
  await apply([loopbackNode(), deployment()]);
  ips = await waitFor('pods with addresses', async () => {
    const text = await testCluster().kubectl(['get', 'pods', `--namespace=${namespace}`, '-o', 'json']);
    const pods = (JSON.parse(text) as { items: readonly unknown[] }).items.map(podRecord);
    const found = pods.flatMap(({ ready, ip }) => (ready && ip !== undefined ? [ip] : []));
    return found.length === REPLICAS && found;
  });
  await Promise.all(ips.map((ip) => exposing.start(ip)));
  // Of a rate over two seconds a late answer is a small part.
  const config = { tickSeconds: 2 };
  installed = await InstalledOperator.install({ prefix: 'scrape', prometheusUrl: prometheus.url, config });
  await installed.start();
});

afterAll(async () => {
  await testCluster().kubectl(['delete', 'autonomicpolicies', '--all', `--namespace=${namespace}`]);
  await installed.uninstall();
  await exposing.stopAll();
  await prometheus.stop();
  await dial.stop();
  await testCluster().kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await testCluster().kubectl(['delete', 'node', namespace, '--wait=false']);
  await rm(directory, { recursive: true, force: true });
});

const reference = { resource: 'autonomicpolicy', namespace: '', name: NAME };

async function status(): Promise<PolicyStatus> {
  return (await read<{ status?: PolicyStatus }>({ ...reference, namespace })).status ?? {};
}

/** What is said of the requests: who told them, and how many per second each ready pod has. */
async function requests(): Promise<{ source: string | undefined; each: number; recommended: number }> {
  const [seen] = (await status()).workloads ?? [];
  const [metric] = seen?.metrics ?? [];
  return {
    source: metric?.source,
    each: Number.parseFloat(metric?.current ?? 'NaN'),
    recommended: seen?.recommendedReplicas ?? NaN,
  };
}

/** A busy machine is late now and then; rates are of what was really counted in the time that really passed. */
function about(rate: number, { each }: { each: number }): boolean {
  return each > 0.75 * rate && each < 1.25 * rate;
}

test('the pods are asked for their own counters, and the second answer gives the rate', async () => {
  await apply(scrapingPolicy());
  const seen = await waitFor('the rate of the pods', async () => {
    const now = await requests();
    return now.source === 'Pods' && about(OWN, now) && now;
  });
  // 150 requests/s of 36 each, and not the 20 of Prometheus.
  expect(seen.recommended).toBeGreaterThanOrEqual(4);
  expect(Math.min(...ips.map((ip) => exposing.reads(ip)))).toBeGreaterThanOrEqual(2);
  await waitForCondition({ ...reference, namespace }, { type: 'ObjectiveMeasured', status: 'True' });
});

test('bad requests are counted too', async () => {
  const held = (await status()).conditions?.find(({ type }) => type === 'ScaleDownHeld');
  expect(held?.reason).not.toBe('ObjectiveViolated');
  // By Prometheus no request is bad.
  exposing.load.bad = OWN / 2;
  await waitForCondition(
    { ...reference, namespace },
    { type: 'ScaleDownHeld', status: 'True', reason: 'ObjectiveViolated' },
  );
  exposing.load.bad = 0;
});

test('one of five that refuses connections is taken to serve what the others do', async () => {
  const [first = '', ...others] = ips;
  await exposing.stop(first);
  exposing.load.requests = 2 * OWN;
  // 300 requests/s of 36 each; four pods of five would be 240, for which seven do.
  const seen = await waitFor('replicas for the doubled rate', async () => {
    const now = await requests();
    return now.recommended >= 8 && now;
  });
  expect(seen.source).toBe('Pods');
  const reads = exposing.reads(others[0] ?? '');
  await waitFor('further rounds', () => exposing.reads(others[0] ?? '') > reads + 8);
  expect((await requests()).source).toBe('Pods');
  expect((await status()).conditions?.find(({ type }) => type === 'Degraded')?.status).toBe('False');
});

test('while all are dark Prometheus is heard, and it is said why', async () => {
  await exposing.stopAll();
  const seen = await waitFor('the rate of Prometheus', async () => {
    const now = await requests();
    return now.source === 'Prometheus' && about(ELSEWHERE, now) && now;
  });
  expect(seen.each).toBeCloseTo(ELSEWHERE, 6);
  const { message } = await waitForCondition(
    { ...reference, namespace },
    { type: 'Degraded', status: 'True', reason: 'ScrapeFailing' },
  );
  expect(message).toBe(
    '5 of 5 pods did not answer on :metrics/metrics: connection refused; Prometheus tells instead, later',
  );
});

test('pods that are back are heard again', async () => {
  exposing.load.requests = OWN;
  await Promise.all(ips.map((ip) => exposing.start(ip)));
  await waitFor('the rate of the pods', async () => {
    const now = await requests();
    return now.source === 'Pods' && about(OWN, now);
  });
  await waitForCondition({ ...reference, namespace }, { type: 'Degraded', status: 'False' });
});
