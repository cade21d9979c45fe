import { startControlPlane, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { checkAuditLog } from '../oracle/oracle.ts';
import { apply, createNamespace, read } from '../support/cluster.ts';
import { applyCrds } from '../support/shared-control-plane.ts';

// On a control plane of its own: what is written here must not be held against others.
let controlPlane: ControlPlane;
let namespace: string;
let asOperator: (...args: string[]) => Promise<string>;

beforeAll(async () => {
  controlPlane = await startControlPlane({ without: ['kube-controller-manager', 'kube-scheduler', 'kwok'] });
  await applyCrds(controlPlane);
  namespace = await createNamespace('shop', controlPlane);
  await controlPlane.kubectl(['create', 'serviceaccount', 'autonomic-operator', `--namespace=${namespace}`]);
  const account = `${namespace}:autonomic-operator`;
  await controlPlane.kubectl([
    'create',
    'clusterrolebinding',
    'all',
    '--clusterrole=cluster-admin',
    `--serviceaccount=${account}`,
  ]);
  const kubeconfig = await controlPlane.serviceAccountKubeconfig(namespace, 'autonomic-operator');
  asOperator = (...args) =>
    controlPlane.kubectl([`--kubeconfig=${kubeconfig}`, `--namespace=${namespace}`, ...args]);
  await apply([workload('web'), policy('web')], controlPlane);
});

afterAll(() => controlPlane.stop());

function workload(name: string): object {
  const labels = { app: name };
  const containers = [{ name: 'main', image: 'example.invalid/main:1' }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 4,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

function policy(target: string): object {
  return {
    apiVersion: 'autonomic.dev/v1alpha1',
    kind: 'AutonomicPolicy',
    metadata: { name: target, namespace },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target },
      mode: 'Apply',
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
        },
      ],
      horizontal: { minReplicas: 2, maxReplicas: 10 },
    },
  };
}

const live = () => read({ resource: 'deployment', namespace, name: 'web' }, controlPlane);
const writeStatus = (status: object): Promise<string> =>
  asOperator(
    'patch',
    'apol',
    'web',
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  );

/** As the operator does it: one JSON Patch with its preconditions. */
async function writeReplicas(decisionId: string, from: number, to: number): Promise<void> {
  const { uid, resourceVersion } = (await live()).metadata;
  const patch = [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    { op: 'replace', path: '/spec/replicas', value: to },
    { op: 'add', path: '/metadata/annotations/autonomic.dev~1decision', value: decisionId },
    { op: 'add', path: '/metadata/annotations/autonomic.dev~1previous-replicas', value: String(from) },
  ];
  await asOperator('patch', 'deployment', 'web', '--type=json', '-p', JSON.stringify(patch));
}

test('judges what a real API server logged: first the protocol as it should be, then a change behind its back', async () => {
  const { uid } = (await live()).metadata;
  const startTime = new Date().toISOString();
  const pending = {
    decisionId: 'd1',
    targetUid: uid,
    previousReplicas: 4,
    nextReplicas: 6,
    startTime,
    deadlineTime: startTime,
    epoch: 1,
  };
  await writeStatus({ pending });
  await writeReplicas('d1', 4, 6);
  await writeStatus({ pending: null });
  expect(await checkAuditLog(controlPlane.auditLog)).toEqual({ violations: [], targetWrites: 1 });

  await writeReplicas('d2', 6, 20);
  await asOperator('scale', 'deployment/web', '--replicas=3');
  // The API server writes an entry after it has answered; its exit makes the log complete.
  await controlPlane.halt();
  const { violations, targetWrites } = await checkAuditLog(controlPlane.auditLog);
  expect(targetWrites).toBe(3);
  const broken = [...new Set(violations.map(({ invariant }) => invariant))].sort();
  expect(broken).toEqual(['I1', 'I11', 'I12', 'I5', 'I8']);
});
