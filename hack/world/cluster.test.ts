import { readCluster } from './cluster.ts';

const pod = {
  metadata: {
    name: 'web-abc-1',
    namespace: 'shop',
    uid: 'u1',
    labels: { 'pod-template-hash': 'abc' },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'my-web-abc', controller: true }],
  },
  spec: {
    nodeName: 'node-1',
    containers: [{ name: 'main', image: 'web:1', resources: { requests: { cpu: '250m' } } }],
  },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
};

const answers: Record<string, unknown[]> = {
  '/api/v1/namespaces/shop/pods': [
    pod,
    {
      metadata: {
        name: 'db-0',
        namespace: 'shop',
        uid: 'u2',
        deletionTimestamp: '2025-01-01T00:00:00Z',
        ownerReferences: [{ kind: 'StatefulSet', name: 'db', controller: true }],
      },
      spec: { containers: [{ name: 'main', resources: { limits: { cpu: '2', memory: '1Gi' } } }] },
      status: { phase: 'Pending' },
    },
  ],
  '/apis/apps/v1/namespaces/shop/deployments': [
    {
      metadata: { name: 'web', namespace: 'shop', uid: 'd1' },
      spec: { replicas: 3 },
      status: { readyReplicas: 2 },
    },
  ],
  '/apis/apps/v1/namespaces/shop/statefulsets': [
    { metadata: { name: 'db', namespace: 'shop', uid: 's1' }, spec: {}, status: {} },
  ],
  '/api/v1/nodes': [
    { metadata: { name: 'node-1', uid: 'n1' }, status: { allocatable: { cpu: '16', memory: '64Gi' } } },
  ],
};

describe('the cluster as the world sees it', () => {
  const read = readCluster(
    (path) => {
      const [resource = '', query] = path.split('?');
      expect(query).toBe('resourceVersion=0');
      return Promise.resolve({ items: answers[resource] ?? [] });
    },
    ['shop'],
  );

  it('knows which Deployment a pod is of, what it may use and whether it serves', async () => {
    expect((await read).pods[0]).toMatchObject({
      workload: 'my-web',
      owner: { kind: 'ReplicaSet', name: 'my-web-abc' },
      node: 'node-1',
      running: true,
      ready: true,
      deleting: false,
      containers: [{ name: 'main', image: 'web:1', requests: { cpu: 0.25 }, limits: {} }],
    });
  });

  it('knows a pod of a stateful set that never ran and is going', async () => {
    expect((await read).pods[1]).toMatchObject({
      workload: 'db',
      node: '',
      running: false,
      ready: false,
      deleting: true,
      containers: [{ requests: {}, limits: { cpu: 2, memory: 2 ** 30 } }],
    });
  });

  it('knows scales and nodes', async () => {
    const { scales, nodes } = await read;
    expect(scales).toEqual([
      { kind: 'Deployment', namespace: 'shop', name: 'web', specReplicas: 3, readyReplicas: 2 },
      { kind: 'StatefulSet', namespace: 'shop', name: 'db', specReplicas: 1, readyReplicas: 0 },
    ]);
    expect(nodes).toEqual([{ name: 'node-1', labels: {}, allocatable: { cpu: 16, memory: 64 * 2 ** 30 } }]);
  });
});
