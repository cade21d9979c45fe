import type { PolicyStatus } from '../../src/api/policy-status.ts';
import { CONDITIONS, statusOf, type ConditionReason, type ConditionType } from '../../src/api/conditions.ts';

type Workload = NonNullable<PolicyStatus['workloads']>[number];
type Decision = NonNullable<PolicyStatus['decisions']>[number];

/** A moment after everything in the fixture. */
export const EXPLAINED_AT = Date.UTC(2026, 10, 27, 18, 13);

const WELL = {
  Ready: 'Operating',
  TargetResolved: 'Resolved',
  MetricsAvailable: 'Fresh',
  ObservationComplete: 'Observed',
  ForecastReliable: 'Reliable',
  ObjectiveMeasured: 'Measured',
  ObjectiveAttainable: 'Attainable',
  ReplayTrusted: 'NotSelecting',
  ActionSuspended: 'Acting',
  ScaleDownHeld: 'Free',
  ThreatSuspected: 'NothingSuspected',
  BaselineKnown: 'Known',
  Degraded: 'AsExpected',
} as const satisfies Readonly<Record<ConditionType, ConditionReason>>;

type Reasons = Partial<Record<ConditionType, readonly [reason: ConditionReason, message: string]>>;

/** Every condition as it should be, but for these. */
export function conditionsFixture(otherwise: Reasons = {}): NonNullable<PolicyStatus['conditions']> {
  return (Object.keys(CONDITIONS) as ConditionType[]).map((type) => {
    const [reason, message] = otherwise[type] ?? [WELL[type], 'as it should be'];
    return {
      type,
      status: statusOf(type, reason),
      reason,
      message,
      observedGeneration: 3,
      lastTransitionTime: '2026-11-27T18:02:00Z',
    };
  });
}

const neighbours: NonNullable<Workload['memory']>['neighbours'] = [
  {
    time: '2026-11-26T18:00:00Z',
    policy: 'shop/web',
    workload: 'Deployment/web',
    similarityPercent: 93,
    from: 5,
    to: 19,
    result: 'Succeeded',
    message:
      '5 → 19 replicas by way of 20 (Balanced), succeeded: objective violated 0 % of the time, cost 1.26 × what was needed.',
  },
  {
    time: '2026-11-20T18:00:00Z',
    policy: 'shop/web',
    workload: 'Deployment/web',
    similarityPercent: 88,
    from: 6,
    to: 18,
    result: 'Failed',
    message:
      '6 → 18 replicas (Calm), failed: objective violated 4.2 % of the time, cost 1.08 × what was needed, 1 undone.',
  },
  {
    time: '2026-11-25T12:30:00Z',
    policy: 'shop/checkout',
    workload: 'Deployment/checkout',
    similarityPercent: 71,
    from: 4,
    to: 4,
    result: 'Unknown',
    message: '4 replicas kept (Balanced), not judged: Rollout.',
  },
];

export const decisionStatusFixture: Decision = {
  id: '0f3c9a1e-77',
  time: '2026-11-27T18:01:00Z',
  mode: 'Apply',
  action: 'ScaleUp',
  from: 5,
  to: 10,
  state: 'Closed',
  message:
    'Up from 5 to 10: objective.requests is forecast to peak at 172 or less within 60 s (95 % bound, median 147; now 29.3, ' +
    '+118 by season, −1.5 by recent, +1.01 by spread), which asks for 20: cost and expected bad requests balance at a price of ' +
    '22.3. Demand as measured asks for 5. Expected to be bad are with 19 1.36 %, with 20 0.369 %, with 21 0.148 % of the requests; ' +
    'at twice the price of a bad one it would be 21. Then Rate made 20 into 10 (at most 10 replicas now: the larger of 4 pods in 15 s and 100 % in 15 s). Of 7 similar ' +
    'situations 6 succeeded; confidence Medium.',
  proposals: [
    {
      source: 'Reactive',
      metric: 'objective.requests',
      replicas: 5,
      detail: '5: the fewest that serve 29.3 requests/s with at most 1 % bad',
    },
    {
      source: 'Forecast',
      metric: 'objective.requests',
      replicas: 20,
      detail: '20: cost and expected bad requests balance at a price of 22.3',
    },
  ],
  guards: [
    { guard: 'DataQuality', outcome: 'Pass', before: 20, after: 20 },
    { guard: 'Bounds', outcome: 'Pass', before: 20, after: 20 },
    {
      guard: 'Rate',
      outcome: 'Clamp',
      before: 20,
      after: 10,
      reason: 'ScaleUpLimit',
      message: 'at most 10 replicas now: the larger of 4 pods in 15 s and 100 % in 15 s',
    },
    { guard: 'Mode', outcome: 'Pass', before: 10, after: 10 },
  ],
  forecast: {
    metric: 'objective.requests',
    peak: '147',
    upper: '172',
    confidencePercent: 95,
    confidence: 'High',
    horizonSeconds: 60,
    parts: { newest: '29.3', recent: '-1.5', spread: '1.01', season: '118', trend: '1e-9' },
  },
  stock: {
    price: '22.3',
    window: 'Up',
    outcomes: [
      { replicas: 19, badPercent: '1.36', cost: '22.9' },
      { replicas: 20, badPercent: '0.369', cost: '21.4' },
      { replicas: 21, badPercent: '0.148', cost: '21.6' },
    ],
    cheaper: { price: '11.2', replicas: 19 },
    dearer: { price: '44.6', replicas: 21 },
  },
  memory: {
    similar: 7,
    succeeded: 6,
    confidence: 'Medium',
    bestArm: 'Quantile95',
    message: 'Of 7 similar situations 6 succeeded; confidence Medium.',
    neighbours: neighbours.slice(0, 2),
  },
  outcome: {
    result: 'Met',
    endTime: '2026-11-27T18:06:00Z',
    observedSeconds: 300,
    violatedSeconds: 0,
    replicaSeconds: 3000,
    cost: '20m',
    message: 'objective violated for 0 of 300 measured seconds',
  },
};

export const workloadStatusFixture: Workload = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  name: 'web',
  uid: '6f1c2a5e-0000-4000-8000-000000000001',
  currentReplicas: 10,
  readyReplicas: 8,
  recommendedReplicas: 10,
  anomalies: [
    {
      kind: 'Degradation',
      signal: 'latency',
      severity: 'High',
      since: '2026-11-27T18:01:00Z',
      holds: true,
      probability: '9e-11',
      expected: '0.0708',
      actual: '0.324',
      message: 'the latency is 0.324 where 0.0708 is usual',
      firstMoved: { signal: 'queue', time: '2026-11-27T17:58:00Z' },
      suspects: [
        {
          workload: 'db',
          signal: 'latency',
          time: '2026-11-27T17:57:00Z',
          message: 'the latency became unusual 4 min before, along the calls web → cart → db',
        },
      ],
      similar: {
        time: '2026-11-12T14:03:00Z',
        durationSeconds: 720,
        message: 'like that of 2026-11-12 14:03 UTC, which was over after 12 min',
      },
      runbook: {
        source: 'ConfigMap shop/runbook',
        title: 'The shop answers slowly',
        text: 'Look at the connections of the database first:\n  kubectl exec deploy/pgbouncer -- psql -c "show pools"\nIf clients wait, the pool is too small for the replicas of the shop.',
      },
    },
  ],
  memory: {
    similar: 7,
    succeeded: 6,
    confidence: 'Medium',
    bestArm: 'Quantile95',
    message: 'Of 7 similar situations 6 succeeded; confidence Medium.',
    neighbours,
  },
  predictions: {
    time: '2026-11-27T18:00:00Z',
    historyDays: 14,
    resources: [
      {
        resource: 'cpu',
        confidence: 'High',
        days: [
          { date: '2026-11-27', mean: '5.1', lower: '4.4', upper: '5.9', peak: '12.3', peakUpper: '15' },
          { date: '2026-11-28', mean: '5.5', lower: '4.4', upper: '6.9', peak: '13.1', peakUpper: '17' },
        ],
      },
      { resource: 'network', message: 'no value is known' },
      {
        resource: 'replicas',
        confidence: 'Medium',
        days: [
          { date: '2026-11-27', mean: '9.2', lower: '8', upper: '11', peak: '20', peakUpper: '22' },
          { date: '2026-11-28', mean: '9.4', lower: '8', upper: '12', peak: '19', peakUpper: '23' },
        ],
      },
      {
        resource: 'cost',
        confidence: 'Medium',
        days: [
          { date: '2026-11-27', mean: '11.04', lower: '9.6', upper: '13.2' },
          { date: '2026-11-28', mean: '11.28', lower: '9.6', upper: '14.4' },
        ],
      },
    ],
  },
};

/** A shop whose sale has begun while its database is slow. */
export const statusFixture: PolicyStatus = {
  observedGeneration: 3,
  conditions: conditionsFixture({
    ScaleDownHeld: ['AnomalyHold', 'no decrease now: the latency is 0.324 where 0.0708 is usual'],
    Degraded: [
      'NoHeadroom',
      'more replicas would not come: 2 of 10 pods are not created: look for a quota or a refusing webhook',
    ],
  }),
  workloads: [workloadStatusFixture],
  decisions: [decisionStatusFixture],
};

/** A change that is carried out and not measured to its end. */
export const pendingFixture: NonNullable<PolicyStatus['pending']> = {
  decisionId: '0f3c9a1e-78',
  targetUid: '6f1c2a5e-0000-4000-8000-000000000001',
  previousReplicas: 10,
  nextReplicas: 19,
  startTime: '2026-11-27T18:11:00Z',
  deadlineTime: '2026-11-27T18:16:00Z',
  epoch: 3,
};

/** As the API server has it. */
export function explainedObject(
  status: unknown = statusFixture,
  change: { readonly name?: string; readonly mode?: string; readonly generation?: number } = {},
): Record<string, unknown> {
  const { name = 'web', mode = 'Apply', generation = 3 } = change;
  return {
    apiVersion: 'autonomic.dev/v1alpha1',
    kind: 'AutonomicPolicy',
    metadata: {
      name,
      namespace: 'shop',
      uid: `uid-of-${name}`,
      generation,
      resourceVersion: '4711',
      creationTimestamp: '2026-11-01T09:00:00Z',
    },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      mode,
      horizontal: { minReplicas: 2, maxReplicas: 30 },
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
    },
    ...(status === undefined ? {} : { status }),
  };
}
