import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import { startWorld, type World } from '../../hack/world/world.ts';
import type { PolicyStatus } from '../../src/api/policy-status.ts';
import { GUARDS } from '../../src/loop/guard/guards.ts';
import { WORLD_CONFIG } from '../../src/simulate/world-config.ts';
import { annotationSet, DECISION_ANNOTATION } from '../oracle/json-patch.ts';
import { replicasSent } from '../oracle/questions.ts';
import { AuditTail } from '../support/audit-tail.ts';
import { apply, createNamespace, read, testCluster, waitFor, waitForCondition } from '../support/cluster.ts';
import { changesOf } from '../support/kill-verdict.ts';
import { policy, prometheusMetric, workload } from '../support/manifests.ts';
import { InstalledOperator, type RunningOperator } from '../support/operator.ts';

/** A pod of one core serves 10 requests per second; so many is each one's share. */
const PER_REPLICA = 7;
/** Requests per second for which two, and four, replicas are right: in the middle between two counts. */
const CALM = 1.5 * PER_REPLICA;
const BUSY = 3.5 * PER_REPLICA;
/** Of rates; scraped each second. */
const WINDOW_SAMPLES = 15;
const WINDOW = `${WINDOW_SAMPLES}s`;
const SCALE_UP_COOLDOWN_SECONDS = 3;

type Name = 'shop' | 'preview' | 'search' | 'cpu';
const NAMES: readonly Name[] = ['shop', 'preview', 'search', 'cpu'];

let directory = '';
let namespace = '';
let world: World;
let prometheus: PrometheusServer;
let installed: InstalledOperator;
let operator: RunningOperator;
let tail: AuditTail;
/** Requests per second. */
const load: Record<Name, number> = { shop: CALM, preview: CALM, search: CALM, cpu: BUSY };

const kindOf = (name: Name): 'Deployment' | 'StatefulSet' =>
  name === 'search' ? 'StatefulSet' : 'Deployment';

function objective(): object {
  const { waitThresholdSeconds, slowShareTarget } = WORLD_CONFIG;
  const buckets = 'http_request_duration_seconds';
  const quick = `sum(rate(${buckets}_bucket{pod=~"shop-.*",le="${waitThresholdSeconds}"}[${WINDOW}]))`;
  const query = `1 - ${quick} / sum(rate(${buckets}_count{pod=~"shop-.*"}[${WINDOW}]))`;
  const slow = { name: 'slow-requests', query, comparison: 'AtMost', threshold: String(slowShareTarget) };
  // A budget that the rise cannot exhaust: while it burns nothing is given back for an hour.
  return { targetPercent: 20, indicators: [slow], replicaHourPrice: '0.04' };
}

function requestPolicy(name: Name, spec: Readonly<Record<string, unknown>> = {}): object {
  const rate = `sum(rate(http_requests_total{pod=~"${name}-.*"}[${WINDOW}]))`;
  const behavior = { scaleDown: { stabilizationWindowSeconds: 5 } };
  return policy(
    { namespace, name },
    {
      targetRef: { apiVersion: 'apps/v1', kind: kindOf(name), name },
      metrics: [prometheusMetric(rate, PER_REPLICA)],
      horizontal: { minReplicas: 1, maxReplicas: 8, behavior },
      scaleUpCooldownSeconds: SCALE_UP_COOLDOWN_SECONDS,
      scaleDownCooldownSeconds: 5,
      ...spec,
    },
  );
}

function cpuPolicy(): object {
  const target = {
    type: 'Utilization',
    averageUtilization: 100 * (PER_REPLICA / WORLD_CONFIG.requestsPerCoreSecond),
  };
  // Its load stays: whatever falls for some seconds is chance, and nothing is to be given back for it.
  const behavior = { scaleDown: { stabilizationWindowSeconds: 300 } };
  return requestPolicy('cpu', {
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
    horizontal: { minReplicas: 1, maxReplicas: 8, behavior },
  });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'autonomic-operator-'));
  namespace = await createNamespace('operator');
  tail = new AuditTail(testCluster().auditLog, namespace);
  await apply(
    NAMES.map((name) => workload({ namespace, name }, { kind: kindOf(name), replicas: 2, cpu: '1' })),
  );
  world = await startWorld({
    kubeconfig: testCluster().kubeconfig,
    // cAdvisor's samples carry their own time.
    workloads: NAMES.map((name) => {
      return { kind: kindOf(name), namespace, name, demand: () => load[name], timestamps: name === 'cpu' };
    }),
  });
  const scrape = [{ job: 'world', port: world.port }];
  prometheus = await startPrometheus({ dir: directory, scrape, scrapeIntervalSeconds: 1 });
  await waitFor('rates over a whole window', measuredForAWindow);
  const config = { outcomeWindowSeconds: 4, prometheus: { rateWindowSeconds: WINDOW_SAMPLES } };
  installed = await InstalledOperator.install({ prefix: 'e2e', prometheusUrl: prometheus.url, config });
  operator = await installed.start();
  await apply([
    requestPolicy('shop', { objective: objective() }),
    requestPolicy('preview', { mode: 'Preview' }),
    requestPolicy('search'),
    cpuPolicy(),
  ]);
});

/** A rate over half a window of a counter that has just begun is half of the truth. */
async function measuredForAWindow(): Promise<boolean> {
  const samples = `count(count_over_time(http_requests_total{namespace="${namespace}"}[${WINDOW}]) >= ${WINDOW_SAMPLES})`;
  const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(samples)}`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  // Two pods of each, two codes of answers.
  return data.result[0]?.value[1] === String(NAMES.length * 2 * 2);
}

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

async function replicasOf(name: Name): Promise<number> {
  return (await read<{ spec: { replicas: number } }>({ resource: kindOf(name), namespace, name })).spec
    .replicas;
}

async function changes(name: Name) {
  return changesOf(await tail.history(), { namespace, name });
}

/** Waits until the last change is measured and nothing more is wanted. */
async function settled(name: Name, wanted: (replicas: number) => boolean): Promise<PolicyStatus> {
  return waitFor(`${name} to settle`, async () => {
    const status = await statusOf(name);
    const { currentReplicas, recommendedReplicas } = status.workloads?.[0] ?? {};
    const calm = currentReplicas === recommendedReplicas && status.pending === undefined;
    return calm && currentReplicas !== undefined && wanted(currentReplicas) && status;
  });
}

test('Preview says what it would do, and writes nothing to the workload', async () => {
  await waitForCondition(policyName('preview'), { type: 'Ready', status: 'True', reason: 'Previewing' });
  // On all of them at once: the tests below look at what the others did.
  load.preview = load.shop = load.search = BUSY;
  const decision = await waitFor('a proposal of 4 replicas', async () =>
    (await statusOf('preview')).decisions?.find(({ to }) => to === 4),
  );
  expect(decision).toMatchObject({ state: 'Proposed', mode: 'Preview', action: 'ScaleUp', from: 2 });
  expect(decision.guards.find(({ guard }) => guard === 'Mode')).toMatchObject({
    outcome: 'Veto',
    reason: 'PreviewMode',
  });
  const status = await statusOf('preview');
  expect(status.workloads?.[0]).toMatchObject({ currentReplicas: 2, recommendedReplicas: 4 });
  expect(status.pending).toBeUndefined();
  await waitForCondition(policyName('preview'), {
    type: 'ActionSuspended',
    status: 'True',
    reason: 'PreviewMode',
  });
});

test('Apply scales up on a rise, with proof on the workload, a complete trace and an event with numbers', async () => {
  const { decisions = [] } = await settled('shop', (replicas) => replicas === 4);
  const ups = await changes('shop');
  expect(ups.map((write) => replicasSent(write).at(-1)).at(-1)).toBe(4);
  expect(new Set(ups.map(({ actor }) => actor))).toEqual(new Set([installed.user]));
  for (const write of ups) {
    const id = annotationSet(write.operations ?? [], DECISION_ANNOTATION);
    const decision = decisions.find((one) => one.id === id);
    expect(decision).toMatchObject({
      state: 'Closed',
      mode: 'Apply',
      action: 'ScaleUp',
      to: replicasSent(write)[0],
    });
    expect(decision?.guards.map(({ guard }) => guard)).toEqual(GUARDS.map(({ name }) => name));
    expect(decision?.guards.filter(({ outcome }) => outcome === 'Veto')).toEqual([]);
    expect(decision?.proposals).toContainEqual(
      expect.objectContaining({ source: 'Reactive', metric: 'demand' }),
    );
    expect(decision?.message).toMatch(/^Up from \d to \d: demand asks for ceil\([\d.]+ ÷ 7\) = \d\./);
  }
  const last = decisions[0];
  expect((await live('shop')).metadata.annotations?.[DECISION_ANNOTATION]).toBe(last?.id);
  const note = await waitFor('the event', async () =>
    (await notes('ScaledUp')).find((one) => one === last?.message),
  );
  expect(note).toMatch(/^Up from \d to 4:/);
});

test('each change gets its outcome, measured against the objective', async () => {
  const { decisions = [] } = await statusOf('shop');
  for (const { outcome } of decisions) {
    expect(['Met', 'Violated', 'Superseded']).toContain(outcome?.result);
    expect(outcome?.replicaSeconds).toBeGreaterThan(0);
  }
  const measured = decisions.find(({ outcome }) => outcome?.result !== 'Superseded')?.outcome;
  expect(measured?.observedSeconds).toBe(4);
  expect(measured?.message).toMatch(/^objective violated for \d of \d measured seconds$/);
});

test('kubectl get apol shows target, mode, replicas, recommendation, readiness and age', async () => {
  const table = await testCluster().kubectl(['get', 'apol', 'shop', `--namespace=${namespace}`]);
  const [header = '', row = ''] = table.trim().split('\n');
  expect(header.split(/\s+/)).toEqual(['NAME', 'TARGET', 'MODE', 'REPLICAS', 'RECOMMENDED', 'READY', 'AGE']);
  expect(row.split(/\s+/)).toEqual([
    'shop',
    'shop',
    'Apply',
    '4',
    '4',
    'True',
    expect.stringMatching(/^\d+[sm]/),
  ]);
});

test('a StatefulSet is scaled in the same way', async () => {
  await settled('search', (replicas) => replicas === 4);
  const [last] = (await changes('search')).slice(-1);
  expect(last).toMatchObject({ resource: 'statefulsets', succeeded: true });
  expect(await replicasOf('search')).toBe(4);
});

test('Apply scales down after the rise, not below what the load needs', async () => {
  load.shop = CALM;
  await settled('shop', (replicas) => replicas === 2);
  const sent = (await changes('shop')).map((write) => Number(replicasSent(write)[0]));
  const peak = sent.indexOf(Math.max(...sent));
  expect(sent.slice(peak)).toEqual(sent.slice(peak).toSorted((a, b) => b - a));
  expect(await waitFor('the event', async () => (await notes('ScaledDown')).at(-1))).toMatch(
    /^Down from \d to \d:/,
  );
});

test('CPU use by pod, as cAdvisor tells it, scales as well', async () => {
  // Two saturated pods ask for a third. It would ask for a fourth only when it has been ready for a minute, as with HPA.
  const { workloads = [], decisions = [] } = await settled('cpu', (replicas) => replicas >= 3);
  expect(decisions.map(({ proposals }) => proposals[0]?.metric)).toContain('cpu');
  const metric = workloads[0]?.metrics?.[0];
  expect(metric).toMatchObject({ name: 'cpu', type: 'Resource', quality: 'Fresh', target: '70' });
  expect(Number(metric?.current)).toBeGreaterThan(0);
});

test('decisions and outcomes are read back from LanceDB while the operator runs', async () => {
  const cli = join(import.meta.dirname, '../../src/cli/kubectl-autonomic.ts');
  const store = join(operator.stateDirectory, 'knowledge');
  const decisionsOf = async (name: Name): Promise<Recorded[]> => {
    const flags = ['decisions', '--store', store, '-n', namespace, '--policy', name, '-o', 'json'];
    const { stdout } = await promisify(execFile)(process.execPath, [cli, ...flags]);
    return (JSON.parse(stdout) as { decisions: Recorded[] }).decisions;
  };
  const { decisions = [] } = await statusOf('shop');
  const expected = decisions.map(({ id, outcome }) => ({ id, result: outcome?.result, carriedOut: true }));
  await waitFor('the decisions to be stored', async () => {
    const stored = await decisionsOf('shop');
    return stored.length >= expected.length && stored.every(({ outcome }) => outcome !== undefined);
  });
  const stored = (await decisionsOf('shop')).map(({ id, carriedOut, outcome }) => {
    return { id, result: outcome?.result, carriedOut };
  });
  expect(stored).toEqual(expected);
  expect((await decisionsOf('preview')).map(({ carriedOut }) => carriedOut)).not.toContain(true);
});

test('deleting the policy ends it: the load rises, and only the other workload follows', async () => {
  await testCluster().kubectl(['delete', 'apol', 'shop', `--namespace=${namespace}`]);
  const before = (await changes('shop')).length;
  const others = (await changes('search')).length;
  load.shop = BUSY;
  load.search = CALM;
  await waitFor('the other workload to follow', async () => (await changes('search')).length > others);
  expect((await changes('shop')).length).toBe(before);
  expect(await replicasOf('shop')).toBe(2);
});

test('uninstalling the chart ends everything: the operator loses its rights, workloads keep what they have', async () => {
  await settled('search', (replicas) => replicas === 2);
  const before = (await changes('search')).length;
  await installed.removeChart();
  load.search = BUSY;
  // Without its account it cannot renew its lease.
  expect(await operator.process.exited).toEqual({ code: 1, signal: null });
  expect((await changes('search')).length).toBe(before);
  expect(await replicasOf('search')).toBe(2);
  expect(await testCluster().kubectl(['get', 'apol', `--namespace=${namespace}`, '--output=name'])).toContain(
    '/search',
  );
});

test('Preview has written nothing to its workload all the while', async () => {
  const { targetWrites } = await tail.history();
  expect(targetWrites.length).toBeGreaterThan(0);
  expect(targetWrites.filter(({ name }) => name === 'preview')).toEqual([]);
});

interface Recorded {
  readonly id: string;
  readonly carriedOut: boolean;
  readonly outcome?: { readonly result: string };
}

function live(name: Name) {
  return read({ resource: kindOf(name), namespace, name });
}

/** Notes of the events of that reason about the shop's policy, in the order of time. */
async function notes(reason: string): Promise<string[]> {
  const list = await testCluster().kubectl([
    'get',
    'events.events.k8s.io',
    `--namespace=${namespace}`,
    '-o',
    'json',
  ]);
  const { items } = JSON.parse(list) as {
    items: { reason: string; note: string; eventTime: string; regarding: { kind: string; name: string } }[];
  };
  return items
    .filter(
      (one) =>
        one.reason === reason && one.regarding.kind === 'AutonomicPolicy' && one.regarding.name === 'shop',
    )
    .sort((a, b) => a.eventTime.localeCompare(b.eventTime))
    .map(({ note }) => note);
}
