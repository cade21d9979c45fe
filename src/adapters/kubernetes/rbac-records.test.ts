import { nodeAccess } from './node-access.ts';
import { bindingFact, namespaceRecord, roleFact } from './rbac-records.ts';

test('a role is kept by what is dangerous in it', () => {
  const rules = [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ];
  expect(roleFact({ rules })).toEqual({ powers: ['ClusterAdmin'] });
  expect(roleFact({ rules: null })).toEqual({ powers: [] });
});

test('a binding is kept with its subjects, and a missing list of them is empty', () => {
  const metadata = {
    name: 'b',
    uid: 'u',
    creationTimestamp: '2026-01-01T00:00:00Z',
    annotations: { 'autonomic.dev/acknowledged': 'true' },
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
  };
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
  const subjects = [{ kind: 'ServiceAccount', namespace: 'shop', name: 'robot' }];
  expect(bindingFact('ClusterRoleBinding', { metadata, roleRef, subjects })).toEqual({
    kind: 'ClusterRoleBinding',
    namespace: '',
    name: 'b',
    uid: 'u',
    createdAt: Date.UTC(2026, 0, 1),
    role: { kind: 'ClusterRole', name: 'view' },
    subjects,
    acknowledged: true,
    bootstrapping: true,
  });
  expect(bindingFact('RoleBinding', { metadata: { name: 'b' }, roleRef })).toMatchObject({
    subjects: [],
    acknowledged: false,
  });
});

test.each([
  ['nothing', {}, 'medium'],
  ['a label', { labels: { 'autonomic.dev/criticality': 'high' } }, 'high'],
  [
    'an annotation before a label',
    { labels: { 'autonomic.dev/criticality': 'high' }, annotations: { 'autonomic.dev/criticality': 'low' } },
    'low',
  ],
  ['a strange word', { labels: { 'autonomic.dev/criticality': 'very' } }, 'medium'],
])('criticality by %s', (_name, metadata, criticality) => {
  expect(namespaceRecord({ metadata })).toEqual({ criticality });
});

describe('access of pods to their nodes', () => {
  const plain = { containers: [{ name: 'a' }] };

  test('most pods have none', () => {
    expect(nodeAccess({ metadata: { name: 'web-1' }, spec: plain })).toBeUndefined();
  });

  test.each([
    ['a privileged container', { containers: [{ securityContext: { privileged: true } }] }, 'Privileged'],
    [
      'a privileged sidecar',
      { ...plain, initContainers: [{ securityContext: { privileged: true } }] },
      'Privileged',
    ],
    [
      'a privileged debugger',
      { ...plain, ephemeralContainers: [{ securityContext: { privileged: true } }] },
      'Privileged',
    ],
    ['a folder of the node', { ...plain, volumes: [{ name: 'v', hostPath: { path: '/' } }] }, 'HostPath'],
    ['the processes of the node', { ...plain, hostPID: true }, 'HostPID'],
    ['the network of the node', { ...plain, hostNetwork: true }, 'HostNetwork'],
    ['the memory of the node', { ...plain, hostIPC: true }, 'HostIPC'],
  ])('%s', (_name, spec, power) => {
    expect(nodeAccess({ metadata: { name: 'x' }, spec })?.powers).toEqual([power]);
  });

  test.each([
    [
      'of a Deployment, without the hash',
      { generateName: 'web-6d4cf56db6-', labels: { 'pod-template-hash': '6d4cf56db6' } },
      'web',
    ],
    ['of a DaemonSet', { generateName: 'agent-' }, 'agent'],
    ['of a CronJob, without the number of the run', { generateName: 'backup-28391820-' }, 'backup'],
    ['alone', { name: 'breakout' }, 'breakout'],
  ])('the lineage of a pod %s', (_name, metadata, lineage) => {
    expect(nodeAccess({ metadata, spec: { ...plain, hostPID: true } })?.lineage).toBe(lineage);
  });
});
