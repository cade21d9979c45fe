import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startControlPlane, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { runHelm } from '../../hack/demo/operator-process.ts';
import { ensureTools } from '../../hack/tools/tools.ts';
import { CHART, renderChart, type Rendered as RenderedObject } from '../support/rendered-chart.ts';

const NAMESPACE = 'autonomic-system';
const POLICY = `
apiVersion: autonomic.dev/v1alpha1
kind: AutonomicPolicy
metadata: { name: web, namespace: default }
spec:
  targetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } }
  horizontal: { minReplicas: 2, maxReplicas: 10 }
`;

interface Rendered extends RenderedObject {
  readonly spec?: { readonly replicas?: number; readonly strategy?: { readonly type: string } };
  readonly rules?: readonly {
    readonly apiGroups?: readonly string[];
    readonly resources?: readonly string[];
  }[];
}

const render = renderChart<Rendered>;

async function refusal(...args: string[]): Promise<string> {
  return render(...args).then(
    () => 'rendered',
    (error: unknown) => (error as { stderr: string }).stderr,
  );
}

describe('the chart as text', () => {
  test('passes helm lint in its strictest form', async () => {
    const { helm } = await ensureTools();
    const { stdout } = await promisify(execFile)(helm, ['lint', '--strict', CHART]);
    expect(stdout).toContain('0 chart(s) failed');
  });

  test('makes what an operator needs, and no budget for a single replica', async () => {
    const kinds = (await render()).map(({ kind }) => kind);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'CustomResourceDefinition',
        'ClusterRole',
        'ConfigMap',
        'Deployment',
        'Role',
        'Service',
      ]),
    );
    expect(kinds).not.toContain('PodDisruptionBudget');
  });

  test('makes a budget for two replicas, and monitors and walls where they are asked for', async () => {
    const set = [
      'replicaCount=2',
      'serviceMonitor.enabled=true',
      'networkPolicy.enabled=true',
      'crds.enabled=false',
    ];
    const kinds = (await render('--set', set.join(','))).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['NetworkPolicy', 'PodDisruptionBudget', 'ServiceMonitor']));
    expect(kinds).not.toContain('CustomResourceDefinition');
  });

  test.each([
    ['by default', [], true],
    ['not where bindings are not looked at', ['--set', 'config.threats.bindings=false'], false],
    ['not where threats are not looked for', ['--set', 'config.threats.enabled=false'], false],
  ])('asks to read roles and bindings: %s', async (_name, args, wanted) => {
    const roles = (await render(...args)).filter(({ kind }) => kind === 'ClusterRole');
    const groups = roles.flatMap(({ rules = [] }) => rules.flatMap(({ apiGroups = [] }) => apiGroups));
    expect(groups.includes('rbac.authorization.k8s.io')).toBe(wanted);
  });

  test.each([
    ['not by default', [], false],
    ['where runbooks are read', ['--set', 'config.knowledge.runbooks.enabled=true'], true],
  ])('asks to read ConfigMaps: %s', async (_name, args, wanted) => {
    const roles = (await render(...args)).filter(({ kind }) => kind === 'ClusterRole');
    const resources = roles.flatMap(({ rules = [] }) => rules.flatMap(({ resources: some = [] }) => some));
    expect(resources.includes('configmaps')).toBe(wanted);
  });

  test('replaces the pod before it starts another when a volume is kept', async () => {
    const deployment = (await render('--set', 'persistence.enabled=true')).find(
      ({ kind }) => kind === 'Deployment',
    );
    expect(deployment?.spec?.strategy?.type).toBe('Recreate');
  });

  test.each([
    ['a misspelt key', 'replicaCout=2', 'replicaCout'],
    ['a number out of range', 'replicaCount=0', 'replicaCount'],
    ['a key that the operator does not know', 'config.tickSecond=5', 'tickSecond'],
    ['a tick of no time', 'config.tickSeconds=0', 'tickSeconds'],
    [
      'two writers for one volume',
      'persistence.enabled=true,replicaCount=2',
      'persistence.enabled needs replicaCount 1',
    ],
  ])('refuses %s and names it', async (_name, set, named) => {
    expect(await refusal('--set', set)).toContain(named);
  });
});

describe('the chart in a cluster', () => {
  let cluster: ControlPlane;
  let helm: string;

  beforeAll(async () => {
    // One of its own: installing and removing the CRD would pull it away from other tests.
    cluster = await startControlPlane({ nodes: 1 });
    helm = cluster.tools.helm;
    await cluster.kubectl(['create', 'namespace', NAMESPACE]);
    await cluster.kubectl([
      'label',
      'namespace',
      NAMESPACE,
      'pod-security.kubernetes.io/enforce=restricted',
      'pod-security.kubernetes.io/enforce-version=latest',
    ]);
    await cluster.kubectl(['create', 'deployment', 'web', '--image=registry.example/web:1', '--replicas=3']);
  });

  afterAll(() => cluster.stop());

  const run = (...args: string[]): Promise<string> =>
    runHelm(cluster, helm, [...args, '--namespace', NAMESPACE]);

  test('installs where pods are restricted, and its pod becomes ready', async () => {
    await run('install', 'autonomic', CHART, '--set', 'config.prometheus.url=http://127.0.0.1:9');
    await cluster.kubectl([
      'rollout',
      'status',
      'deployment/autonomic',
      '--namespace',
      NAMESPACE,
      '--timeout=60s',
    ]);
    await cluster.kubectl([
      'wait',
      '--for=condition=Established',
      'crd/autonomicpolicies.autonomic.dev',
      '--timeout=30s',
    ]);
    await cluster.kubectl(['apply', '--filename', '-'], POLICY);
  });

  test('grants no wildcard, no secret, and nothing that makes or deletes a workload', async () => {
    const who = `--as=system:serviceaccount:${NAMESPACE}:autonomic`;
    const can = async (verb: string, path: string): Promise<string> => {
      const [resource = '', subresource = ''] = path.split('/');
      const asked = [
        'auth',
        'can-i',
        verb,
        resource,
        `--subresource=${subresource}`,
        who,
        '--all-namespaces',
      ];
      return cluster
        .kubectl(asked)
        .then((answer) => answer.trim())
        .catch(() => 'no');
    };
    expect(await can('patch', 'deployments.apps')).toBe('yes');
    expect(await can('patch', 'autonomicpolicies.autonomic.dev/status')).toBe('yes');
    for (const [verb, resource] of [
      ['*', '*'],
      ['get', 'secrets'],
      ['list', 'secrets'],
      ['create', 'pods'],
      ['create', 'deployments.apps'],
      ['delete', 'deployments.apps'],
      ['update', 'autonomicpolicies.autonomic.dev'],
      ['create', 'pods/exec'],
      ['escalate', 'clusterroles.rbac.authorization.k8s.io'],
    ] as const) {
      expect([verb, resource, await can(verb, resource)]).toEqual([verb, resource, 'no']);
    }
  });

  test('lists no right with a wildcard, and none to secrets', async () => {
    const who = `--as=system:serviceaccount:${NAMESPACE}:autonomic`;
    const list = await cluster.kubectl(['auth', 'can-i', '--list', who, '--namespace', NAMESPACE]);
    const rights = list.split('\n').filter((line) => /^[a-z]/.test(line));
    expect(rights.some((line) => /^deployments\.apps\s.*\[get list watch patch\]/.test(line))).toBe(true);
    expect(rights.filter((line) => /^secrets|^\*|\*\.|\[\*\]/.test(line))).toEqual([]);
  });

  test('upgrades in place', async () => {
    await run('upgrade', 'autonomic', CHART, '--reuse-values', '--set', 'config.tickSeconds=30');
    const config = await cluster.kubectl([
      'get',
      'configmap',
      'autonomic',
      '--namespace',
      NAMESPACE,
      '--output',
      'yaml',
    ]);
    expect(config).toContain('tickSeconds: 30');
  });

  test('leaves policies and workloads alone when it is uninstalled', async () => {
    const before = await cluster.kubectl([
      'get',
      'deployment',
      'web',
      '--output',
      'jsonpath={.metadata.generation}/{.spec.replicas}',
    ]);
    await run('uninstall', 'autonomic');
    const after = await cluster.kubectl([
      'get',
      'deployment',
      'web',
      '--output',
      'jsonpath={.metadata.generation}/{.spec.replicas}',
    ]);
    expect(after).toBe(before);
    expect(await cluster.kubectl(['get', 'apol', 'web', '--output', 'name'])).toContain('autonomicpolicy');
    expect(await cluster.kubectl(['get', 'clusterroles', '--output', 'name'])).not.toContain('/autonomic');
  });
});
