import { parsePolicy } from '../../api/parse-policy.ts';
import { featureQuestions, type FeatureQuestions } from './feature-questions.ts';

function questionsOf(spec: object, kind = 'Deployment'): FeatureQuestions {
  const parsed = parsePolicy({
    apiVersion: 'autonomic.dev/v1alpha1',
    kind: 'AutonomicPolicy',
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'u1',
      generation: 1,
      resourceVersion: '1',
      creationTimestamp: '2026-05-04T00:00:00Z',
    },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind, name: 'web' },
      horizontal: { minReplicas: 1, maxReplicas: 9 },
      ...spec,
    },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return featureQuestions({ namespace: 'shop', spec: parsed.policy.spec }, 120);
}

const CPU = {
  metrics: [
    {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
    },
  ],
};

const REQUESTS = {
  objective: {
    replicaHourPrice: '0.5',
    requests: {
      totalQuery: 'sum(rate(http_requests_total[2m]))',
      badQuery: 'sum(rate(http_requests_failed_total[2m]))',
      latencyThreshold: '500m',
      perReplica: '10',
    },
    indicators: [
      { name: 'latency', query: 'histogram_quantile(0.9, sum by (le) (rate(x_bucket[2m])))', threshold: '1' },
      { name: 'queue', query: 'sum(queue_length)', threshold: '10' },
    ],
  },
};

const featuresOf = ({ questions }: FeatureQuestions): string[] => questions.map(({ feature }) => feature);

test('of a policy about requests all features are asked for that Prometheus can have', () => {
  const found = questionsOf(REQUESTS);
  expect(featuresOf(found)).toEqual([
    'cpuUtilization',
    'cpuThrottledShare',
    'memoryUtilization',
    'networkReceive',
    'networkTransmit',
    'restarts',
    'requestRate',
    'tailLatency',
    'errorShare',
    'queueLag',
    'readyShare',
    'revisionAge',
    'costRate',
  ]);
  expect(Object.keys(found.absent)).toEqual(['forecastRatio', 'forecastResidual']);
  expect(found.demand).toBeUndefined();
  expect(found.questions.find(({ feature }) => feature === 'costRate')?.factor).toBe(0.5);
});

test('every selector of every query is confined to the namespace', () => {
  for (const { text, dividedBy = '', resets = '' } of questionsOf(REQUESTS).questions) {
    const query = `${text} ${dividedBy} ${resets}`;
    const selectors = query.match(/[a-z_]{3,}\{/g) ?? [];
    expect(selectors.length).toBeGreaterThan(0);
    expect(query.match(/namespace="shop"/g)).toHaveLength(selectors.length);
  }
});

test('what a policy does not measure is absent with the reason, and volatility is that of its demand', () => {
  const found = questionsOf(CPU);
  expect(found.absent).toMatchObject({
    requestRate: 'the policy measures no such thing',
    costRate: 'the policy has no spec.objective.replicaHourPrice',
  });
  expect(found.demand?.text).toContain('container_cpu_usage_seconds_total{namespace="shop"');
});

test("a StatefulSet's replicas are asked for by its own series, and its revisions have none", () => {
  const found = questionsOf(CPU, 'StatefulSet');
  const ready = found.questions.find(({ feature }) => feature === 'readyShare');
  expect(ready?.text).toMatch(/^max\(kube_statefulset_status_replicas_ready\{/);
  expect(ready?.dividedBy).toMatch(/^max\(kube_statefulset_replicas\{/);
  expect(found.absent.revisionAge).toContain('no series tells when the revision of a StatefulSet began');
});
