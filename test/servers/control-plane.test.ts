import {
  apply,
  createNamespace,
  read,
  readAudit,
  testCluster,
  waitFor,
  waitForCondition,
} from '../support/cluster.ts';

function deployment(namespace: string, name: string, replicas: number): object {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'example.invalid/main:1' }] },
      },
    },
  };
}

test('a deployment becomes available on fake nodes, and the audit log tells who made it', async () => {
  const namespace = await createNamespace();
  await apply(deployment(namespace, 'web', 3));
  const reference = { resource: 'deployment', namespace, name: 'web' };
  await waitForCondition(reference, { type: 'Available', status: 'True' });
  const ready = await waitFor('3 ready replicas', async () => {
    const object = await read<{ status: { readyReplicas?: number } }>(reference);
    return object.status.readyReplicas === 3;
  });
  expect(ready).toBe(true);

  const creation = await waitFor('the audit entry', async () => {
    const events = await readAudit(testCluster().auditLog);
    return events.find(
      ({ verb, objectRef }) =>
        verb === 'create' && objectRef?.namespace === namespace && objectRef.resource === 'deployments',
    );
  });
  expect(creation.user.username).toBe('admin');
  expect(creation.requestObject).toMatchObject({ spec: { replicas: 3 } });
  expect(creation.responseObject).toMatchObject({
    metadata: { name: 'web', uid: expect.any(String) as string },
  });
});

test('a ServiceAccount acts with its own rights and no more', async () => {
  const namespace = await createNamespace();
  const cluster = testCluster();
  await cluster.kubectl(['create', 'serviceaccount', 'reader', `--namespace=${namespace}`]);
  await cluster.kubectl([
    'create',
    'role',
    'reader',
    '--verb=list',
    '--resource=pods',
    `--namespace=${namespace}`,
  ]);
  await cluster.kubectl([
    'create',
    'rolebinding',
    'reader',
    '--role=reader',
    `--serviceaccount=${namespace}:reader`,
    `--namespace=${namespace}`,
  ]);
  const kubeconfig = await cluster.serviceAccountKubeconfig(namespace, 'reader');
  const asReader = (...args: string[]): Promise<string> =>
    cluster.kubectl([...args, `--kubeconfig=${kubeconfig}`]);
  await waitFor('the role to be in force', async () => (await asReader('get', 'pods', '-o', 'name')) === '');
  await expect(asReader('create', 'configmap', 'x')).rejects.toThrow(
    `system:serviceaccount:${namespace}:reader" cannot create`,
  );
});
