import { CPU_WINDOW_SECONDS } from '../../src/simulate/rivals/pod-cpu.ts';
import type { HpaCase, HpaMetric } from './hpa-cases.ts';

/** Cores that each pod requests: one, where the simulator's rival takes it for granted. */
export function requestOf({ through }: HpaCase): number {
  return through === 'contender' ? 1 : 0.1;
}

/** What a CPU sample averages over, in seconds; short where the rival does not take it for granted. */
export function windowOf({ through }: HpaCase): number {
  return through === 'contender' ? CPU_WINDOW_SECONDS : 4;
}

/** A Deployment of fake pods, by the case's name. */
export function deploymentOf(one: HpaCase, namespace: string): object {
  const labels = { app: one.name };
  const resources = { requests: { cpu: String(requestOf(one)) } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: one.name, namespace },
    spec: {
      replicas: one.bounds.minReplicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: 'main', image: 'registry.example/main:1', resources }],
          ...(one.onePerNode === true && { affinity: apart(labels) }),
          ...(one.podQuota !== undefined && { priorityClassName: one.name }),
          // Fake pods have nothing to finish.
          terminationGracePeriodSeconds: 1,
        },
      },
    },
  };
}

/** What keeps the case's pods below their quota: a class of their own, as a quota otherwise counts a whole namespace. */
export function quotaOf({ name, podQuota }: HpaCase, namespace: string): object[] {
  if (podQuota === undefined) return [];
  const ofClass = { operator: 'In', scopeName: 'PriorityClass', values: [name] };
  return [
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value: 1 },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name, namespace },
      spec: { hard: { pods: String(podQuota) }, scopeSelector: { matchExpressions: [ofClass] } },
    },
  ];
}

function apart(matchLabels: object): object {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels } };
  return { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
}

export function autoscalerOf({ name, bounds, behavior, metrics }: HpaCase, namespace: string): object {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      ...bounds,
      metrics: metrics.map((metric) => metricOf(name, metric)),
      ...(behavior !== undefined && { behavior }),
    },
  };
}

function metricOf(name: string, metric: HpaMetric): object {
  switch (metric.type) {
    case 'Utilization':
      return cpu({ type: 'Utilization', averageUtilization: metric.percent });
    case 'AverageValue':
      return cpu({ type: 'AverageValue', averageValue: String(metric.cores) });
    case 'External': {
      const target = { type: 'AverageValue', averageValue: String(metric.perReplica) };
      return { type: 'External', external: { metric: { name }, target } };
    }
  }
}

function cpu(target: object): object {
  return { type: 'Resource', resource: { name: 'cpu', target } };
}
