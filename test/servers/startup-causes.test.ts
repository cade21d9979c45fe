import { podRecord } from '../../src/adapters/kubernetes/records.ts';
import type { PodView } from '../../src/loop/monitor/observation.ts';
import { createStartupEstimate, observeStartups, startupSummary } from '../../src/loop/monitor/startup.ts';
import { apply, createNamespace, testCluster, waitFor } from '../support/cluster.ts';

// Real API server, scheduler and controllers say when a pod found its node; only the kubelets are KWOK's.

let namespace = '';

beforeAll(async () => {
  namespace = await createNamespace('startup');
});

afterAll(async () => {
  await testCluster().kubectl(['delete', 'namespace', namespace, '--wait=false']);
  await testCluster().kubectl(['delete', 'nodes', `--selector=pool=${namespace}`, '--wait=false']);
});

/** A node for the pods of this test alone. */
function poolNode(name: string): object {
  const size = { cpu: '16', memory: '64Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: `${namespace}-${name}`, labels: { pool: namespace } },
    spec: { taints: [{ key: 'pool', value: namespace, effect: 'NoSchedule' }] },
    status: { allocatable: size, capacity: size },
  };
}

function deployment(replicas: number): object {
  const labels = { app: 'web' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: { pool: namespace },
          tolerations: [{ key: 'pool', operator: 'Exists' }],
          containers: [{ name: 'main', image: 'example.invalid/main:1' }],
        },
      },
    },
  };
}

async function pods(): Promise<readonly PodView[]> {
  const text = await testCluster().kubectl(['get', 'pods', `--namespace=${namespace}`, '-o', 'json']);
  return (JSON.parse(text) as { items: readonly unknown[] }).items.map(podRecord);
}

function readyPods(count: number): Promise<readonly PodView[]> {
  return waitFor(`${count} ready pods`, async () => {
    const seen = await pods();
    return seen.filter(({ ready }) => ready).length === count && seen;
  });
}

test('the cause of a start is read off real pods: a node that came late, an image that is there, and one that is not', async () => {
  const estimate = createStartupEstimate();
  observeStartups(estimate, []);
  await apply(deployment(1));
  await waitFor('a pod that has been without a node for 17 s', async () => {
    const [pod] = await pods();
    return pod !== undefined && pod.node === undefined && Date.now() - pod.createdAt > 17_000;
  });
  await apply(poolNode('first'));
  observeStartups(estimate, await readyPods(1));
  const causes = (): object[] =>
    startupSummary(estimate, undefined).causes.map(({ cause, starts }) => ({ cause, starts }));
  expect(causes()).toEqual([{ cause: 'NewNode', starts: 1 }]);

  await apply(deployment(2));
  observeStartups(estimate, await readyPods(2));
  expect(causes()).toEqual([
    { cause: 'WarmImage', starts: 1 },
    { cause: 'NewNode', starts: 1 },
  ]);

  await testCluster().kubectl(['cordon', `${namespace}-first`]);
  await apply(poolNode('second'));
  await waitFor('the second node to take pods', async () => {
    const text = await testCluster().kubectl(['get', 'node', `${namespace}-second`, '-o', 'json']);
    const { spec, status } = JSON.parse(text) as {
      spec: { taints?: readonly { key: string }[] };
      status: { conditions?: readonly { type: string; status: string }[] };
    };
    const isReady = status.conditions?.some(({ type, status: met }) => type === 'Ready' && met === 'True');
    return isReady === true && spec.taints?.length === 1;
  });
  await apply(deployment(3));
  observeStartups(estimate, await readyPods(3));
  expect(causes()).toEqual([
    { cause: 'WarmImage', starts: 1 },
    { cause: 'ColdImage', starts: 1 },
    { cause: 'NewNode', starts: 1 },
  ]);
  const { source, seconds } = startupSummary(estimate, undefined);
  expect(source).toBe('Measured');
  expect(seconds).toBeGreaterThan(15);
});
