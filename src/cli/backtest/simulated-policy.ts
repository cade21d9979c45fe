import type { MetricSpec, PolicySpec } from '../../api/policy-spec.ts';
import { formatQuantity, parseQuantity } from '../../api/quantity.ts';
import { InputError } from '../verb.ts';

/** A policy that is to be tried, and where it came from. */
export interface TriedPolicy {
  /** What messages call it. */
  readonly source: string;
  readonly namespace: string;
  readonly spec: PolicySpec;
  /** CPU cores that one of the target's replicas asks for; undefined when the cluster was not asked. */
  readonly replicaCores?: number;
}

/**
 * Units of the load that one replica serves at its limit. A policy's bounds are numbers of replicas, so for a policy
 * the load cannot be scaled as one likes.
 * @throws InputError when it is not known
 */
export function capacityFor(policy: TriedPolicy, given: number | 'auto' | undefined): number {
  if (typeof given === 'number') return given;
  const { metric, unit } = loadMetric(policy);
  if (given === undefined && metric.type === 'Resource' && policy.replicaCores !== undefined)
    return policy.replicaCores;
  throw new InputError(
    `${policy.source}: its bounds are numbers of replicas, so say with --replica-capacity how many ${unit} one replica serves at its limit`,
  );
}

/**
 * The policy as it meets the simulated world, where a replica has one core and serves `serviceRate` requests per
 * second: its first metric, the only one that is replayed, in those units.
 * @throws InputError when that metric cannot be simulated
 */
export function simulatedSpec(policy: TriedPolicy, capacity: number, serviceRate: number): PolicySpec {
  const { metric } = loadMetric(policy);
  return { ...policy.spec, metrics: [inSimulatedUnits(metric, capacity, serviceRate)] };
}

/** @throws InputError */
function loadMetric({ spec, source }: TriedPolicy): { readonly metric: MetricSpec; readonly unit: string } {
  const [metric] = spec.metrics;
  if (metric === undefined) throw new InputError(`${source}: spec.metrics is empty; name what the load is`);
  if (metric.resource?.name === 'memory') {
    throw new InputError(
      `${source}: spec.metrics[0] is memory, which is no load that replicas share; put the metric of the load first`,
    );
  }
  return {
    metric,
    unit: metric.prometheus === undefined ? 'CPU cores' : `units of '${metric.prometheus.name}'`,
  };
}

function inSimulatedUnits(metric: MetricSpec, capacity: number, serviceRate: number): MetricSpec {
  const { resource, prometheus } = metric;
  if (prometheus !== undefined) {
    const averageValue = scaled(prometheus.target.averageValue, serviceRate / capacity);
    return { ...metric, prometheus: { ...prometheus, target: { ...prometheus.target, averageValue } } };
  }
  if (resource?.target.averageValue === undefined) return metric;
  const averageValue = scaled(resource.target.averageValue, 1 / capacity);
  return { ...metric, resource: { ...resource, target: { ...resource.target, averageValue } } };
}

function scaled(quantity: string, factor: number): string {
  return formatQuantity(parseQuantity(quantity) * factor);
}
