import { deployment } from '../hack/demo/manifests.ts';

export const NAMESPACE = 'bench';
export const SHOP = { namespace: NAMESPACE, name: 'shop' } as const;

/** How the names of the crowd begin. */
export const CROWD = 'quiet-';

/** Too few for the load: the first decision is due at once. */
export const TOO_FEW_REPLICAS = 2;

/** More than live samples could make within the benchmark, and half of what the history has. */
export const HISTORY_SAMPLES = 10_000;

const QUERY = 'sum(rate(http_requests_total[1m]))';

interface PolicyOptions {
  readonly namespace: string;
  readonly name: string;
  readonly mode: 'Preview' | 'Apply';
  readonly query: string;
  readonly perReplica: number;
}

function policy({ namespace, name, mode, query, perReplica }: PolicyOptions): object {
  const target = { type: 'AverageValue', averageValue: String(perReplica) };
  return {
    apiVersion: 'autonomic.dev/v1alpha1',
    kind: 'AutonomicPolicy',
    metadata: { namespace, name },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      mode,
      metrics: [{ type: 'Prometheus', prometheus: { name: 'requests-per-second', query, target } }],
      horizontal: { minReplicas: TOO_FEW_REPLICAS, maxReplicas: 40 },
      observationSeconds: 0,
    },
  };
}

export function shopPolicy(perReplica: number): object {
  return policy({ ...SHOP, mode: 'Apply', query: QUERY, perReplica });
}

/** Policies on Deployments without pods, beside the one that has some. Every query differs a little, or Prometheus would be asked only once. */
export function crowd(policies: number): readonly object[] {
  const names = Array.from({ length: policies }, (_, index) => `${CROWD}${index}`);
  return [
    ...names.map((name) => deployment({ namespace: NAMESPACE, name }, 0)),
    ...names.map((name, index) =>
      policy({
        namespace: NAMESPACE,
        name,
        mode: 'Preview',
        query: `sum(rate(http_requests_total[1m])) + ${index}`,
        perReplica: 100,
      }),
    ),
  ];
}

export function namespaceOf(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
