import { policySpecSchema, type PolicySpec } from '../../src/api/policy-spec.ts';
import type { Environment } from '../../src/loop/event.ts';
import type { GuardContext } from '../../src/loop/guard/guard.ts';
import { createRollbacks } from '../../src/loop/guard/rollback.ts';
import type { SafetyFacts } from '../../src/loop/guard/safety.ts';
import { createScalingHistory } from '../../src/loop/guard/history.ts';
import type {
  MetricObservation,
  Observation,
  PodView,
  TargetView,
} from '../../src/loop/monitor/observation.ts';
import { missing, type Reading } from '../../src/loop/monitor/reading.ts';
import type { PolicyView } from '../../src/loop/policy-view.ts';

/** A Monday morning. */
export const NOW = Date.UTC(2026, 4, 4, 9, 0);
export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

/** 50 requests per second for each replica. */
export const REQUESTS = {
  type: 'Prometheus',
  prometheus: {
    name: 'requests',
    query: 'sum(rate(http_requests_total[1m]))',
    target: { type: 'AverageValue', averageValue: '50' },
  },
} as const;

export const CPU = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
} as const;

/**
 * What a test does not care about is out of the way: no observation, no cooldown, no stabilisation, no rates, no
 * forecast; 2 to 20 replicas.
 */
export function specFixture(change: Readonly<Record<string, unknown>> = {}): PolicySpec {
  return policySpecSchema.parse({
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    mode: 'Apply',
    metrics: [REQUESTS],
    horizontal: { minReplicas: 2, maxReplicas: 20, behavior: UNLIMITED },
    forecast: { mode: 'Disabled' },
    observationSeconds: 0,
    scaleUpCooldownSeconds: 0,
    scaleDownCooldownSeconds: 0,
    ...change,
  });
}

const anyStep = [{ type: 'Percent', value: 100_000, periodSeconds: 1 }];

/** Behaviour rules that never limit anything. */
export const UNLIMITED = {
  scaleUp: { stabilizationWindowSeconds: 0, policies: anyStep },
  scaleDown: { stabilizationWindowSeconds: 0, policies: anyStep },
};

export function policyFixture(
  spec: Readonly<Record<string, unknown>> = {},
  change: Partial<PolicyView> = {},
): PolicyView {
  return {
    uid: 'policy-uid',
    namespace: 'shop',
    name: 'web',
    generation: 3,
    createdAt: NOW - HOUR,
    suspendedByAnnotation: false,
    expectedUntil: 0,
    deleting: false,
    spec: specFixture(spec),
    ...change,
  };
}

export function podsFixture(count: number, change: Partial<PodView> = {}): PodView[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `web-${index}`,
    phase: 'Running',
    ready: true,
    createdAt: NOW - HOUR,
    startedAt: NOW - HOUR + 5 * SECOND,
    readyChangedAt: NOW - HOUR + 20 * SECOND,
    deleting: false,
    requests: { cpu: 1 },
    ...change,
  }));
}

/** A Deployment with so many replicas, all of them ready. */
export function targetFixture(replicas: number, change: Partial<TargetView> = {}): TargetView {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    uid: 'target-uid',
    resourceVersion: '4711',
    generation: 1,
    specReplicas: replicas,
    readyReplicas: replicas,
    rolloutInProgress: false,
    paused: false,
    deleting: false,
    pods: podsFixture(Math.min(replicas, 50)),
    ownership: { rivals: [] },
    ...change,
  };
}

export const fresh = (value: number, at = NOW): Reading => ({ quality: 'Fresh', value, at });
export const stale = (value: number, at = NOW - 5 * MINUTE): Reading => ({ quality: 'Stale', value, at });
export const silent = (message = 'the query answers no series'): Reading => missing('NoData', message);

export const total = (reading: Reading): MetricObservation => ({ type: 'Prometheus', total: reading });

/** The same use of a resource by every pod. */
export function usage(pods: readonly PodView[], reading: Reading): MetricObservation {
  return { type: 'Resource', usage: pods.map(({ name }) => ({ pod: name, reading })) };
}

export function observationFixture(
  target: Observation['target'],
  metrics: readonly MetricObservation[],
  change: Partial<Observation> = {},
): Observation {
  return { now: NOW, target, metrics, indicators: [], ...change };
}

export function environmentFixture(change: Partial<Environment> = {}): Environment {
  return {
    now: NOW,
    policy: policyFixture(),
    decisionId: 'd1',
    epoch: 1,
    acting: true,
    tickSeconds: 15,
    outcomeWindowSeconds: 300,
    situationWindowSeconds: 1800,
    ...change,
  };
}

/** Nothing that speaks against a decrease. */
export function safetyFixture(change: Partial<SafetyFacts> = {}): SafetyFacts {
  return {
    settling: 0,
    knownSince: NOW - HOUR,
    fall: undefined,
    budget: { badNow: undefined, burning: undefined, badShare: undefined },
    shortage: undefined,
    rollbacks: createRollbacks(),
    ...change,
  };
}

/** 5 replicas, nothing in the way of any change. */
export function contextFixture(change: Partial<GuardContext> = {}): GuardContext {
  const current = change.current ?? 5;
  return {
    now: NOW,
    policy: policyFixture(),
    target: targetFixture(current),
    current,
    reactive: undefined,
    wanted: current,
    mayLower: true,
    doubt: '',
    history: createScalingHistory(),
    scaleDownWindowSeconds: 300,
    observedSince: NOW - HOUR,
    foreignChange: undefined,
    lastActionAt: undefined,
    actionsInLastHour: 0,
    actionInFlight: false,
    refusals: undefined,
    acting: true,
    safety: safetyFixture(),
    fleet: undefined,
    anomalies: [],
    threat: undefined,
    ...change,
  };
}
