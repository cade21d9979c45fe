import { parseQuantity } from '../../api/quantity.ts';
import type { MetricSpec } from '../../api/policy-spec.ts';
import { metricName } from '../monitor/metric-name.ts';
import type { MetricObservation, PodView } from '../monitor/observation.ts';
import { externalReplicas } from './external-replicas.ts';
import { POD_GROUPING } from './hpa-defaults.ts';
import { unusable, unusableReading, type MetricResult } from './metric-result.ts';
import type { Tolerance } from './replica-arithmetic.ts';
import { resourceReplicas } from './resource-replicas.ts';
import type { ResourceTarget } from './resource-scale.ts';

export interface MetricsProposalInput {
  readonly metrics: readonly MetricSpec[];
  /** What was measured, in the order of `metrics`. */
  readonly observations: readonly MetricObservation[];
  readonly pods: readonly PodView[];
  /** `spec.replicas` of the target. */
  readonly currentReplicas: number;
  readonly tolerance: Tolerance;
  /** Ms since the epoch. */
  readonly now: number;
}

/** One metric's own answer. */
interface MetricProposal {
  readonly metric: string;
  readonly result: MetricResult;
}

/** What all metrics together ask for. `metrics` has every metric's answer, in the order of the spec. */
export type MetricsProposal =
  | {
      readonly outcome: 'Proposed';
      readonly replicas: number;
      /** The metric that asked for most; the first of equals. */
      readonly leading: string;
      readonly metrics: readonly MetricProposal[];
    }
  /** Those that speak ask for fewer replicas, but another is silent: `replicas` is the current count. */
  | {
      readonly outcome: 'Held';
      readonly replicas: number;
      readonly reason: string;
      readonly metrics: readonly MetricProposal[];
    }
  /** No metric speaks. */
  | { readonly outcome: 'Unknown'; readonly reason: string; readonly metrics: readonly MetricProposal[] };

/**
 * The largest proposal of all metrics wins; while one of them is not usable the others may raise the count but
 * not lower it (kubernetes v1.36.3 horizontal.go, computeReplicasForMetrics).
 */
export function metricsProposal(input: MetricsProposalInput): MetricsProposal {
  const metrics = input.metrics.map((spec, index): MetricProposal => {
    return { metric: metricName(spec), result: measure(spec, input.observations[index], input) };
  });
  const silent = silence(metrics);
  const largest = largestOf(metrics);
  if (largest === undefined) return { outcome: 'Unknown', reason: silent, metrics };
  if (silent !== '' && largest.replicas < input.currentReplicas) {
    return { outcome: 'Held', replicas: input.currentReplicas, reason: silent, metrics };
  }
  return { outcome: 'Proposed', ...largest, metrics };
}

function largestOf(metrics: readonly MetricProposal[]): { replicas: number; leading: string } | undefined {
  let largest: { replicas: number; leading: string } | undefined;
  for (const { metric, result } of metrics) {
    if (!result.usable || (largest !== undefined && result.replicas <= largest.replicas)) continue;
    largest = { replicas: result.replicas, leading: metric };
  }
  return largest;
}

function silence(metrics: readonly MetricProposal[]): string {
  return metrics
    .flatMap(({ metric, result }) =>
      result.usable ? [] : [`${metric}: ${result.reason}, ${result.message}`],
    )
    .join('; ');
}

function measure(
  spec: MetricSpec,
  seen: MetricObservation | undefined,
  input: MetricsProposalInput,
): MetricResult {
  if (seen?.type !== spec.type) return unusable('NoData', 'not measured yet');
  return seen.type === 'Prometheus' ? prometheus(spec, seen, input) : resource(spec, seen, input);
}

function prometheus(
  { prometheus: metric }: MetricSpec,
  { total }: Extract<MetricObservation, { type: 'Prometheus' }>,
  { currentReplicas, tolerance }: MetricsProposalInput,
): MetricResult {
  if (metric === undefined) return unusable('InvalidTarget', 'the metric has no `prometheus`');
  if (total.quality !== 'Fresh') return unusableReading(total);
  const targetPerReplica = parseQuantity(metric.target.averageValue);
  return externalReplicas({ total: total.value, targetPerReplica, currentReplicas, tolerance });
}

function resource(
  { resource: metric }: MetricSpec,
  { usage, failure, averagedSeconds }: Extract<MetricObservation, { type: 'Resource' }>,
  { pods, currentReplicas, tolerance, now }: MetricsProposalInput,
): MetricResult {
  if (metric === undefined) return unusable('InvalidTarget', 'the metric has no `resource`');
  if (failure !== undefined && failure.quality !== 'Fresh') return unusableReading(failure);
  const target = resourceTarget(metric.target);
  if (target === undefined) {
    return unusable('InvalidTarget', '`target` has neither `averageUtilization` nor `averageValue`');
  }
  // A young pod counts once a whole window of its usage was measured while it was ready.
  const sampleWindowSeconds = averagedSeconds ?? POD_GROUPING.sampleWindowSeconds;
  const grouping = { ...POD_GROUPING, sampleWindowSeconds };
  return resourceReplicas({
    pods,
    usage,
    resource: metric.name,
    target,
    currentReplicas,
    tolerance,
    now,
    grouping,
  });
}

type TargetSpec = NonNullable<MetricSpec['resource']>['target'];

function resourceTarget({ averageUtilization, averageValue }: TargetSpec): ResourceTarget | undefined {
  if (averageValue !== undefined) return { type: 'AverageValue', value: parseQuantity(averageValue) };
  return averageUtilization === undefined ? undefined : { type: 'Utilization', percent: averageUtilization };
}
