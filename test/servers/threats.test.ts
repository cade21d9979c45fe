import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { writeKubeconfig } from '../../hack/controlplane/cluster.ts';
import { startControlPlane, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { freePort } from '../../hack/controlplane/ports.ts';
import type { LeashedProcess } from '../../hack/controlplane/process.ts';
import { installChart, startOperatorProcess } from '../../hack/demo/operator-process.ts';
import { Credentials } from '../../src/adapters/kubernetes/credentials.ts';
import { makeCertificate } from '../support/certificates.ts';
import { apply, readAudit, waitFor, waitForCondition } from '../support/cluster.ts';
import { policy, workload } from '../support/manifests.ts';
import { applyCrds } from '../support/shared-control-plane.ts';

const DOCUMENT = join(import.meta.dirname, '../../docs/threats.md');
const RELEASE = { name: 'autonomic-threats', namespace: 'autonomic-threats' };
const TICK_SECONDS = 2;

let directory = '';
let cluster: ControlPlane;
let operator: LeashedProcess;
let httpPort = 0;

/** The audit policy that the documentation recommends. */
function documentedPolicy(): string {
  const block = /```yaml\n(# audit-policy\.yaml\n[\s\S]*?)```/.exec(readFileSync(DOCUMENT, 'utf8'))?.[1];
  if (block === undefined) throw new Error(`${DOCUMENT} has no audit policy`);
  return block;
}

async function startOperator(): Promise<void> {
  operator = await startOperatorProcess(cluster, {
    keeper: cluster.coordinates.tools.keeper,
    release: RELEASE,
    stateDirectory: join(directory, 'state'),
    httpPort,
  });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'autonomic-threats-'));
  const file = async (name: string, content: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const authority = makeCertificate('events-authority');
  const certificate = makeCertificate('events', authority);
  const port = await freePort();
  httpPort = await freePort();
  const token = 'a-token-for-the-test';
  const caFile = await file('ca.crt', authority.cert);
  const webhook = join(directory, 'webhook.kubeconfig');
  await writeKubeconfig(webhook, { url: `https://127.0.0.1:${port}/audit`, caFile }, { token });
  cluster = await startControlPlane({
    nodes: 1,
    auditPolicy: await file('audit-policy.yaml', documentedPolicy()),
    apiServerArguments: [
      `--audit-webhook-config-file=${webhook}`,
      '--audit-webhook-batch-max-wait=1s',
      // The operator comes later than its API server: events of the meantime are sent again soon.
      '--audit-webhook-initial-backoff=1s',
    ],
  });
  await applyCrds(cluster);
  for (const namespace of ['shop', 'other']) {
    await cluster.kubectl(['create', 'namespace', namespace]);
    const web = { namespace, name: 'web' };
    await apply([workload(web, { replicas: 1 }), policy(web, { mode: 'Preview' })], cluster);
  }
  await cluster.kubectl(['create', 'serviceaccount', 'intruder', '--namespace=shop']);
  const receiver = {
    host: '127.0.0.1',
    port,
    tokenFile: await file('token', `${token}\n`),
    tls: {
      certFile: await file('tls.crt', certificate.cert),
      keyFile: await file('tls.key', certificate.key),
    },
  };
  await installChart(cluster, {
    helm: cluster.tools.helm,
    // Nobody is there: threats do not depend on Prometheus.
    prometheusUrl: 'http://127.0.0.1:9',
    release: RELEASE,
    config: { tickSeconds: TICK_SECONDS, historyDays: 0, threats: { quietSeconds: 5, receiver } },
    values: { crds: { enabled: false } },
  });
  await startOperator();
  await waitFor(
    'audit events to be learnt from and bindings to be known',
    async () => {
      const now = await look();
      return now.sources.get('Audit') === 'Active' && now.sources.get('Bindings') === 'Active';
    },
    { timeoutMs: 180_000 },
  );
});

afterAll(async () => {
  await operator.stop();
  await cluster.stop();
  await rm(directory, { recursive: true, force: true });
});

interface Look {
  readonly surveys: number;
  /** Open findings of each kind. */
  readonly open: ReadonlyMap<string, number>;
  readonly risk: ReadonlyMap<string, number>;
  readonly frozen: ReadonlyMap<string, number>;
  readonly sources: ReadonlyMap<string, string>;
}

/** One reading of the operator's own metrics. */
async function look(): Promise<Look> {
  const { body } = await request(`http://127.0.0.1:${httpPort}/metrics`);
  const lines = (await body.text()).split('\n');
  const series = (name: string): { labels: string; value: number }[] =>
    lines.flatMap((line) => {
      const [, labels = '', value = ''] = new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`).exec(line) ?? [];
      return value === '' ? [] : [{ labels, value: Number.parseFloat(value) }];
    });
  const by = (name: string, label: string): Map<string, number> => {
    const values = new Map<string, number>();
    for (const { labels, value } of series(name)) {
      const key = new RegExp(`${label}="([^"]*)"`).exec(labels)?.[1] ?? '';
      values.set(key, (values.get(key) ?? 0) + value);
    }
    return values;
  };
  const states = series('autonomic_threat_source').map(({ labels }): [string, string] => {
    const [, source = '', state = ''] = /source="(.*?)",state="(.*?)"/.exec(labels) ?? [];
    return [source, state];
  });
  return {
    surveys: series('autonomic_threat_surveys_total')[0]?.value ?? 0,
    open: by('autonomic_threats_open', 'kind'),
    risk: by('autonomic_threat_risk', 'namespace'),
    frozen: by('autonomic_threat_frozen', 'namespace'),
    sources: new Map(states),
  };
}

function found(kind: string): Promise<Look> {
  return waitFor(`a finding of ${kind}`, async () => {
    const now = await look();
    return (now.open.get(kind) ?? 0) > 0 && now;
  });
}

function allOver(): Promise<Look> {
  return waitFor('all findings to be over', async () => {
    const now = await look();
    return now.open.size === 0 && now;
  });
}

/** Reasons and notes of the Events about the policy of a namespace. */
async function eventsIn(namespace: string): Promise<string[]> {
  const list = JSON.parse(
    await cluster.kubectl(['get', 'events.events.k8s.io', `--namespace=${namespace}`, '--output=json']),
  ) as { items: { reason: string; note: string; regarding: { kind: string } }[] };
  return list.items
    .filter(({ regarding }) => regarding.kind === 'AutonomicPolicy')
    .map(({ reason, note }) => `${reason} ${note}`);
}

function told(namespace: string, start: string): Promise<unknown> {
  return waitFor(`an Event ${start}`, async () =>
    (await eventsIn(namespace)).some((event) => event.startsWith(start)),
  );
}

async function policySays(namespace: string, wanted: Parameters<typeof waitForCondition>[1]): Promise<void> {
  await waitForCondition({ resource: 'autonomicpolicy', namespace, name: 'web' }, wanted, { on: cluster });
}

async function bind(name: string, role = 'cluster-admin'): Promise<void> {
  const subject = '--serviceaccount=shop:intruder';
  await cluster.kubectl(['create', 'clusterrolebinding', name, `--clusterrole=${role}`, subject]);
}

async function unbind(name: string): Promise<void> {
  await cluster.kubectl(['delete', 'clusterrolebinding', name]);
}

/** So many requests of the service account that has no rights, with its real token. */
async function knock(times: number): Promise<number[]> {
  const kubeconfig = await cluster.serviceAccountKubeconfig('shop', 'intruder');
  const credentials = new Credentials({ kubeconfig });
  const { server, dispatcher, headers } = await credentials.endpoint();
  const codes: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const path = '/api/v1/namespaces/other/secrets';
    const answer = await request(server + path, {
      dispatcher,
      headers: { ...headers, 'user-agent': 'knocker/1' },
    });
    await answer.body.dump();
    codes.push(answer.statusCode);
  }
  await credentials.close();
  return codes;
}

test('a quiet cluster opens nothing, and what no one sends is said', async () => {
  const before = await look();
  const after = await waitFor('ten more rounds', async () => {
    const now = await look();
    return now.surveys >= before.surveys + 10 && now;
  });
  expect([...after.open]).toEqual([]);
  expect(after.frozen).toEqual(
    new Map([
      ['shop', 0],
      ['other', 0],
    ]),
  );
  expect(after.sources.get('Falco')).toBe('Off');
  expect(after.sources.get('ApiServerMetrics')).toBe('Unknown');
  expect(after.sources.get('Traffic')).toBe('Unknown');
});

test('a new cluster-admin freezes where it lives within two rounds, and its removal ends that', async () => {
  await bind('surprise');
  const before = await look();
  const { surveys, risk, frozen } = await found('PrivilegeEscalation');
  // The round under way when it was made may have looked already.
  expect(surveys - before.surveys).toBeLessThanOrEqual(3);
  expect(frozen.get('shop')).toBe(1);
  expect(risk.get('shop')).toBeCloseTo(0.75 * 0.8, 9);
  expect(frozen.get('other')).toBe(0);
  expect(risk.get('other')).toBeCloseTo(0.75 * 0.5 * 0.8, 9);
  await told('shop', 'ThreatSuspected PrivilegeEscalation (High): ClusterRoleBinding surprise gives');
  await policySays('shop', { type: 'ThreatSuspected', status: 'True', reason: 'Frozen' });
  await policySays('shop', { type: 'ScaleDownHeld', status: 'True', reason: 'ThreatFreeze' });
  await policySays('other', { type: 'ThreatSuspected', status: 'True', reason: 'Noticed' });

  await unbind('surprise');
  const after = await allOver();
  expect(after.frozen.get('shop')).toBe(0);
  await policySays('shop', { type: 'ThreatSuspected', status: 'False' });
  await told('shop', 'ThreatOver PrivilegeEscalation is over: ClusterRoleBinding surprise gives');
  expect(await eventsIn('other')).toEqual(expect.not.arrayContaining([expect.stringContaining('surprise')]));
});

test('an acknowledged binding is over', async () => {
  await bind('announced');
  await found('PrivilegeEscalation');
  await cluster.kubectl(['annotate', 'clusterrolebinding', 'announced', 'autonomic.dev/acknowledged=true']);
  await allOver();
  await unbind('announced');
});

test('a harmless role that becomes a dangerous one is found', async () => {
  await cluster.kubectl(['create', 'clusterrole', 'harmless', '--verb=get', '--resource=configmaps']);
  await bind('of-harmless', 'harmless');
  const before = await look();
  await waitFor('two rounds', async () => (await look()).surveys >= before.surveys + 2);
  expect([...(await look()).open]).toEqual([]);
  await cluster.kubectl([
    'patch',
    'clusterrole',
    'harmless',
    '--type=json',
    '--patch=[{"op":"add","path":"/rules/0/verbs/-","value":"impersonate"}]',
  ]);
  await found('PrivilegeEscalation');
  await unbind('of-harmless');
  await allOver();
});

test('privileged pods that were never there are found, and are over when they go', async () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'shop', name: 'breakout' },
    spec: {
      containers: [{ name: 'a', image: 'registry.example/a:1', securityContext: { privileged: true } }],
    },
  };
  await apply(pod, cluster);
  expect((await found('PrivilegeEscalation')).frozen.get('shop')).toBe(1);
  await cluster.kubectl(['delete', 'pod', 'breakout', '--namespace=shop', '--now']);
  await allOver();
});

test('a burst of refused requests is found, freezes where the user lives, and is over when quiet', async () => {
  const before = await look();
  expect(new Set(await knock(100))).toEqual(new Set([403]));
  const { surveys, frozen, risk } = await found('BruteForce');
  // One round for the time of the burst itself, one for the API server's batch, two to find it.
  expect(surveys - before.surveys).toBeLessThanOrEqual(4);
  expect(frozen.get('shop')).toBe(1);
  // The namespace that was knocked at is told, and goes on.
  expect(frozen.get('other')).toBe(0);
  expect(risk.get('other')).toBeGreaterThan(0.1);
  await told('shop', 'ThreatSuspected BruteForce (High):');
  const after = await allOver();
  expect(after.frozen.get('shop')).toBe(0);
});

test('what was bound while the operator was away is news when it is back, and nothing else is', async () => {
  await bind('known');
  await found('PrivilegeEscalation');
  await cluster.kubectl(['annotate', 'clusterrolebinding', 'known', 'autonomic.dev/acknowledged=true']);
  await allOver();
  await operator.stop();
  await bind('meanwhile');
  await startOperator();
  await found('PrivilegeEscalation');
  await told('shop', 'ThreatSuspected PrivilegeEscalation (High): ClusterRoleBinding meanwhile gives');
  expect((await look()).open.get('PrivilegeEscalation')).toBe(1);
  // What was learnt is known again too.
  await waitFor('audit events', async () => (await look()).sources.get('Audit') === 'Active');
  await unbind('meanwhile');
  await unbind('known');
  await allOver();
});

test('in all this the operator wrote leases, events and statuses, and nothing else', async () => {
  const user = `system:serviceaccount:${RELEASE.namespace}:${RELEASE.name}`;
  const written = (await readAudit(cluster.auditLog))
    .filter((event) => event.user.username === user)
    .filter(({ verb }) => !['get', 'list', 'watch'].includes(verb))
    .map(({ objectRef }) => [objectRef?.resource, objectRef?.subresource].filter(Boolean).join('/'));
  expect(new Set(written)).toEqual(new Set(['leases', 'events', 'autonomicpolicies/status']));
});
