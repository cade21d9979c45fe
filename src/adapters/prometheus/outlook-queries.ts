import { podNamePattern } from './pod-names.ts';
import { scopeToNamespace, type ScopedQuery } from './promql.ts';
import type { PromqlProblem } from './promql-problem.ts';
import { quotePromql } from './promql-strings.ts';
import type { Result } from './result.ts';
import { totalUsageQuery } from './usage-queries.ts';
import { trafficQuery } from './traffic-query.ts';

/** What a week ahead is forecast of, besides the cost, which follows from the replicas. */
export const OUTLOOK_RESOURCES = ['cpu', 'memory', 'network', 'replicas'] as const;

export type OutlookResource = (typeof OUTLOOK_RESOURCES)[number];

export interface OutlookWorkload {
  readonly namespace: string;
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly name: string;
}

/** What Prometheus has to scrape so that there is a resource at all, for messages. */
export const OUTLOOK_SERIES: Readonly<Record<OutlookResource, string>> = {
  cpu: "cAdvisor's container_cpu_usage_seconds_total",
  memory: "cAdvisor's container_memory_working_set_bytes",
  network: "cAdvisor's container_network_receive_bytes_total and container_network_transmit_bytes_total",
  replicas:
    "kube-state-metrics' kube_deployment_status_replicas_ready or kube_statefulset_status_replicas_ready",
};

/** What all pods of the workload used together: cores, bytes, bytes per second in both directions, ready replicas. */
export function outlookQuery(
  resource: OutlookResource,
  workload: OutlookWorkload,
  windowSeconds: number,
): Result<ScopedQuery, PromqlProblem> {
  return scopeToNamespace(unscoped(resource, workload, windowSeconds), workload.namespace);
}

function unscoped(resource: OutlookResource, { kind, name }: OutlookWorkload, windowSeconds: number): string {
  const pods = podNamePattern(kind, name);
  switch (resource) {
    case 'cpu':
    case 'memory':
      return totalUsageQuery(resource, pods, windowSeconds);
    case 'network':
      return `${trafficQuery('receive', pods, windowSeconds)} + ${trafficQuery('transmit', pods, windowSeconds)}`;
    case 'replicas':
      // Several kube-state-metrics tell the same of the same workload: not to be added up.
      return kind === 'Deployment'
        ? `max(kube_deployment_status_replicas_ready{deployment=${quotePromql(name)}})`
        : `max(kube_statefulset_status_replicas_ready{statefulset=${quotePromql(name)}})`;
  }
}
