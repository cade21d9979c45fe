import type { MetricSpec, PolicySpec } from '../../api/policy-spec.ts';
import { formatQuantity, parseQuantity } from '../../api/quantity.ts';
import { metricName } from '../../loop/monitor/metric-name.ts';
import { REQUESTS, type RequestObjective } from '../../loop/monitor/requests.ts';
import { InputError } from '../verb.ts';

/** A policy that is to be tried, and where it came from. */
export interface TriedPolicy {
  /** What messages call it. */
  readonly source: string;
  readonly namespace: string;
  readonly name?: string;
  readonly uid?: string;
  readonly spec: PolicySpec;
  /** CPU cores that one of the target's replicas asks for; undefined when the cluster was not asked. */
  readonly replicaCores?: number;
}

const THE_REQUESTS = { metric: undefined, unit: `units of '${REQUESTS}'` };

/**
 * Units of the load that one replica serves at its limit. A policy's bounds are numbers of replicas, so for a policy
 * the load cannot be scaled as one likes.
 * @throws InputError when it is not known
 */
export function capacityFor(policy: TriedPolicy, given: number | 'auto' | undefined): number {
  if (typeof given === 'number') return given;
  const requests = policy.spec.objective?.requests;
  if (requests !== undefined && given === undefined) return perReplicaOf(requests, policy);
  const { metric, unit } = requests === undefined ? loadMetric(policy) : THE_REQUESTS;
  if (given === undefined && metric?.type === 'Resource' && policy.replicaCores !== undefined)
    return policy.replicaCores;
  throw new InputError(
    `${policy.source}: its bounds are numbers of replicas, so say with --replica-capacity how many ${unit} one replica serves at its limit`,
  );
}

/** @throws InputError */
function perReplicaOf({ perReplica }: RequestObjective, { source }: TriedPolicy): number {
  if (perReplica !== undefined) return parseQuantity(perReplica);
  throw new InputError(
    `${source}: spec.objective.requests.perReplica is not set, and its bounds are numbers of replicas; set it, or say with ` +
      '--replica-capacity how many requests per second one replica completes when it is busy all the time',
  );
}

/**
 * How long a request may wait: a policy's threshold includes the request's own work.
 * @param capacity requests per second that one replica completes
 * @throws InputError when the work alone takes longer than the threshold
 */
export function waitSecondsOf(
  { latencyThreshold, concurrency }: RequestObjective,
  { source }: TriedPolicy,
  capacity: number,
): number {
  const waitSeconds = parseQuantity(latencyThreshold) - concurrency / capacity;
  if (waitSeconds > 0) return waitSeconds;
  throw new InputError(
    `${source}: spec.objective.requests.latencyThreshold is ${latencyThreshold} seconds, and the work on one request alone takes ` +
      `concurrency ÷ perReplica = ${formatQuantity(concurrency / capacity)}; raise the threshold, or correct perReplica or concurrency`,
  );
}

/**
 * The policy as it meets the simulated world, where a replica has one core, serves `serviceRate` requests per second and
 * works on one at a time: its load, the only one that is replayed, in those units.
 * @throws InputError when that load cannot be simulated
 */
export function simulatedSpec(policy: TriedPolicy, capacity: number, serviceRate: number): PolicySpec {
  const { spec } = policy;
  const metrics = replayedMetrics(policy).map((metric) => inSimulatedUnits(metric, capacity, serviceRate));
  const requests = spec.objective?.requests;
  if (spec.objective === undefined || requests === undefined) return { ...spec, metrics };
  return { ...spec, metrics, objective: { ...spec.objective, requests: oneAtATime(requests, capacity) } };
}

/** As much waiting as before, beside the time that one replica of the simulation takes for a request. */
function oneAtATime(requests: RequestObjective, capacity: number): RequestObjective {
  const { latencyThreshold, perReplica, concurrency } = requests;
  const rate = perReplica === undefined ? capacity : parseQuantity(perReplica);
  const seconds = parseQuantity(latencyThreshold) + (1 - concurrency) / rate;
  return { ...requests, concurrency: 1, latencyThreshold: formatQuantity(seconds) };
}

/** What of a policy the simulated world has otherwise, in sentences; empty when nothing. */
export function simplificationsOf(policy: TriedPolicy): readonly string[] {
  const concurrency = policy.spec.objective?.requests?.concurrency ?? 1;
  const replayed = replayedMetrics(policy);
  const left = policy.spec.metrics.filter((metric) => !replayed.includes(metric)).map(metricName);
  return [
    ...(concurrency === 1
      ? []
      : [
          `A replica of the policy works on ${concurrency} requests at the same time, a simulated one on one after the other at the same rate: fewer would have waited than the simulation says.`,
        ]),
    ...(left.length === 0 ? [] : [`Metrics of the policy that were not replayed: ${left.join(', ')}.`]),
  ];
}

/** A policy about requests has its load in them: of its metrics only one on the same requests can be replayed. */
function replayedMetrics(policy: TriedPolicy): readonly MetricSpec[] {
  const { metrics, objective } = policy.spec;
  if (objective?.requests === undefined) return [loadMetric(policy).metric];
  const { totalQuery } = objective.requests;
  return metrics.filter(({ prometheus }) => prometheus?.query === totalQuery);
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
