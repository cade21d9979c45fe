import { parseQuantity } from '../../api/quantity.ts';
import type { MetricSpec } from '../../api/policy-spec.ts';
import type { PodView } from '../monitor/observation.ts';

/**
 * Demand that one replica is meant to carry, in the metric's unit: what the metric's own target says.
 * Utilisation is a share of the pods' mean request (as HPA). Undefined when a request is missing.
 */
export function capacityPerReplica(metric: MetricSpec, pods: readonly PodView[]): number | undefined {
  if (metric.prometheus !== undefined) return positive(parseQuantity(metric.prometheus.target.averageValue));
  const resource = metric.resource;
  if (resource === undefined) return undefined;
  if (resource.target.averageValue !== undefined)
    return positive(parseQuantity(resource.target.averageValue));
  const utilization = resource.target.averageUtilization;
  const request = meanRequest(resource.name, pods);
  if (utilization === undefined || request === undefined) return undefined;
  return positive((utilization / 100) * request);
}

function meanRequest(resource: 'cpu' | 'memory', pods: readonly PodView[]): number | undefined {
  const requests = pods.filter((pod) => !pod.deleting).map((pod) => pod.requests[resource]);
  if (requests.length === 0) return undefined;
  let sum = 0;
  for (const request of requests) {
    if (request === undefined) return undefined;
    sum += request;
  }
  return sum / requests.length;
}

function positive(value: number): number | undefined {
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
