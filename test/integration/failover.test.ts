import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import type { PolicyStatus } from '../../src/api/policy-status.ts';
import { textField } from '../oracle/body.ts';
import { readJournal, type Journal } from '../oracle/journal.ts';
import { decisionOf } from '../oracle/questions.ts';
import { Administrator } from '../support/administrator.ts';
import { AuditTail } from '../support/audit-tail.ts';
import { apply, createNamespace, read, testCluster, waitFor } from '../support/cluster.ts';
import { Dial } from '../support/dial.ts';
import { changesOf } from '../support/kill-verdict.ts';
import { policy, workload } from '../support/manifests.ts';
import { InstalledOperator, type RunningOperator } from '../support/operator.ts';

/** Of the lease: 15 s, and two retries of 2 s with their jitter; what is over is a slow machine. */
const TAKEOVER_MS = 60_000;
/** Still open when the leader is killed a moment after its action. */
const OUTCOME_WINDOW_SECONDS = 6;

let directory = '';
let namespace = '';
let dial: Dial;
let prometheus: PrometheusServer;
let installed: InstalledOperator;
let admin: Administrator;
let tail: AuditTail;
let first: RunningOperator;
let second: RunningOperator;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'autonomic-failover-'));
  namespace = await createNamespace('failover');
  tail = new AuditTail(testCluster().auditLog, namespace);
  admin = new Administrator(testCluster().kubeconfig);
  dial = await Dial.start();
  const scrape = [{ job: 'dial', port: dial.port }];
  prometheus = await startPrometheus({ dir: directory, scrape, scrapeIntervalSeconds: 1 });
  const config = { outcomeWindowSeconds: OUTCOME_WINDOW_SECONDS };
  installed = await InstalledOperator.install({ prefix: 'failover', prometheusUrl: prometheus.url, config });
  dial.want(namespace, 'web', 2);
  await apply([workload({ namespace, name: 'web' }, { replicas: 2 }), policy({ namespace, name: 'web' })]);
  first = await installed.start();
  await waitFor('the first to lead', async () => (await holder()) !== '');
  second = await installed.start();
  await waitFor('the second to stand by', async () =>
    (await second.process.tail()).includes('Filled the caches'),
  );
});

afterAll(async () => {
  await testCluster().kubectl(['delete', 'autonomicpolicies', '--all', `--namespace=${namespace}`]);
  await installed.uninstall();
  await testCluster().kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await Promise.all([prometheus.stop(), dial.stop(), admin.close()]);
  await rm(directory, { recursive: true, force: true });
});

async function holder(): Promise<string> {
  const { name, namespace: home } = installed.release;
  const path = `/apis/coordination.k8s.io/v1/namespaces/${home}/leases/${name}`;
  const lease = (await admin.send({ method: 'GET', path })) as { spec: { holderIdentity: string } };
  return lease.spec.holderIdentity;
}

/** Waits until the operator has changed the workload to so many replicas; returns the decision. */
async function scaledTo(replicas: number): Promise<string> {
  dial.want(namespace, 'web', replicas);
  return waitFor(
    `${replicas} replicas`,
    async () => {
      const { spec } = await read<{ spec: { replicas: number } }>({
        resource: 'deployment',
        namespace,
        name: 'web',
      });
      const last = changesOf(await tail.history(), { namespace, name: 'web' }).at(-1);
      return spec.replicas === replicas && last !== undefined && decisionOf(last);
    },
    { timeoutMs: TAKEOVER_MS },
  );
}

function journalOf({ stateDirectory }: RunningOperator): Promise<Journal> {
  return readJournal(join(stateDirectory, 'journal'));
}

/** What the journal of an operator says of a decision, in order. */
async function recordsOf(decisionId: string, operator: RunningOperator): Promise<string[]> {
  return (await journalOf(operator))
    .filter((entry) => entry.decisionId === decisionId)
    .map(({ kind }) => kind);
}

/** Endings of the decision that any version of the status showed. */
async function endingsOf(decisionId: string): Promise<string[]> {
  const { policies } = await tail.history();
  const all = policies.flatMap(({ ended }) => ended.filter(({ id }) => id === decisionId));
  return [...new Set(all.map(({ result, endTime }) => `${result} at ${endTime}`))];
}

let decision = '';

test('of two operators one acts; the other watches and decides nothing', async () => {
  decision = await scaledTo(4);
  expect(await recordsOf(decision, first)).toEqual(['Intent', 'Applied']);
  expect(await journalOf(second)).toEqual([]);
});

test('when the leader is killed the other takes over, and goes on where it stopped', async () => {
  const leader = await holder();
  first.process.signal('SIGKILL');
  await waitFor('the other to lead', async () => (await holder()) !== leader, { timeoutMs: TAKEOVER_MS });
  await waitFor('the decision to be ended', async () => (await endingsOf(decision)).length > 0, {
    timeoutMs: TAKEOVER_MS,
  });
  expect(await recordsOf(decision, second)).toEqual(['Intent', 'Applied', 'Closed']);
  const next = await scaledTo(6);
  expect(await recordsOf(next, second)).toEqual(['Intent', 'Applied']);
  expect(await recordsOf(next, first)).toEqual([]);
});

test('an operator that comes back with an old journal ends nothing twice', async () => {
  first = await installed.start({ stateDirectory: first.stateDirectory });
  // Told to stop, it gives the lease away.
  await second.process.stop();
  const third = await scaledTo(8);
  expect(await recordsOf(third, first)).toEqual(['Intent', 'Applied']);
  expect(await recordsOf(decision, first)).toEqual(['Intent', 'Applied', 'Closed']);
  expect(await endingsOf(decision)).toHaveLength(1);
});

test("another leader's pending decision is not overwritten: it gets its ending first", async () => {
  const foreign = 'foreign-decision';
  // The operator's next write is that of its own next intent.
  await waitFor('nothing to be written', async () => {
    const { status } = await read<{ status?: PolicyStatus }>({
      resource: 'autonomicpolicy',
      namespace,
      name: 'web',
    });
    return status?.pending === undefined && status?.workloads?.[0]?.readyReplicas === 8;
  });
  const { metadata } = await read({ resource: 'deployment', namespace, name: 'web' });
  // Begun and left behind so long ago that nothing of it can arrive any more.
  const startTime = new Date(Date.now() - 60_000).toISOString();
  const pending = {
    decisionId: foreign,
    targetUid: metadata.uid,
    previousReplicas: 8,
    nextReplicas: 9,
    startTime,
    deadlineTime: startTime,
    epoch: 1,
  };
  await admin.send({
    method: 'PATCH',
    path: `/apis/autonomic.dev/v1alpha1/namespaces/${namespace}/autonomicpolicies/web/status`,
    contentType: 'application/merge-patch+json',
    body: { status: { pending } },
  });
  await scaledTo(10);
  expect(await endingsOf(foreign)).toEqual([expect.stringMatching(/^Aborted at /)]);
  expect(await recordsOf(foreign, first)).toEqual(['Intent', 'Aborted']);
});

/** How often a holder has given the lease away of itself. */
async function releases(): Promise<number> {
  const events = await new AuditTail(testCluster().auditLog, installed.release.namespace).events();
  return events.filter(
    ({ verb, objectRef, requestObject }) =>
      verb === 'update' &&
      objectRef?.resource === 'leases' &&
      textField(requestObject, 'spec', 'holderIdentity') === '',
  ).length;
}

test('an operator that is told to stop gives the lease away, and another leads', async () => {
  const before = await releases();
  second = await installed.start({ stateDirectory: second.stateDirectory });
  await first.process.stop();
  expect(first.process.status).toEqual({ code: 0, signal: null });
  expect(await releases()).toBe(before + 1);
  expect(await recordsOf(await scaledTo(12), second)).toEqual(['Intent', 'Applied']);
});
