import { demandQuery, PER_REPLICA } from './dial.ts';

// Objects that tests apply: a workload of fake pods, and a policy that acts at once.

export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

interface WorkloadOptions {
  readonly kind?: 'Deployment' | 'StatefulSet';
  readonly replicas: number;
  /** Request and limit of each pod. */
  readonly cpu?: string;
}

export function workload(
  { namespace, name }: ObjectName,
  { kind = 'Deployment', replicas, cpu = '100m' }: WorkloadOptions,
): object {
  const labels = { app: name };
  const resources = { requests: { cpu, memory: '64Mi' }, limits: { cpu } };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { namespace, name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      ...(kind === 'StatefulSet' ? { serviceName: name, podManagementPolicy: 'Parallel' } : {}),
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'registry.example/main:1', resources }] },
      },
    },
  };
}

/** Follows the dial (see dial.ts) at once, in both directions; `spec` replaces members of the ordinary one. */
export function policy(
  { namespace, name }: ObjectName,
  spec: Readonly<Record<string, unknown>> = {},
): object {
  return {
    apiVersion: 'autonomic.dev/v1alpha1',
    kind: 'AutonomicPolicy',
    metadata: { namespace, name },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      mode: 'Apply',
      metrics: [prometheusMetric(demandQuery(name))],
      horizontal: { minReplicas: 1, maxReplicas: 20, behavior: AT_ONCE },
      forecast: { mode: 'Disabled' },
      observationSeconds: 0,
      scaleUpCooldownSeconds: 0,
      scaleDownCooldownSeconds: 0,
      ...spec,
    },
  };
}

export function prometheusMetric(query: string, perReplica: number = PER_REPLICA): object {
  const target = { type: 'AverageValue', averageValue: String(perReplica) };
  return { type: 'Prometheus', prometheus: { name: 'demand', query, target } };
}

/** No stabilisation downwards: the HPA's default of five minutes would be the length of the test. */
const AT_ONCE = { scaleDown: { stabilizationWindowSeconds: 0 } };
