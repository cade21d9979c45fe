import type { MetricNeeds, Readings } from '../../adapters/prometheus/workload-metrics.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type {
  MetricObservation,
  Observation,
  TargetProblem,
  TargetView,
} from '../../loop/monitor/observation.ts';
import { missing } from '../../loop/monitor/reading.ts';

/** What a round has to ask Prometheus so that all these policies can be evaluated. */
export function needsOf(policies: readonly PolicyView[]): MetricNeeds {
  return {
    pods: policies.flatMap(({ namespace, spec }) =>
      spec.metrics.flatMap(({ resource }) =>
        resource === undefined ? [] : [{ namespace, resource: resource.name }],
      ),
    ),
    queries: policies.flatMap(({ namespace, spec }) => [
      ...spec.metrics.flatMap(({ prometheus }) =>
        prometheus === undefined ? [] : [{ namespace, query: prometheus.query }],
      ),
      ...(spec.objective?.indicators ?? []).map(({ query }) => ({ namespace, query })),
    ]),
  };
}

/** One policy's share of what was measured, beside its target. */
export function observe(
  policy: PolicyView,
  target: TargetView | TargetProblem,
  readings: Readings,
  now: number,
): Observation {
  const { namespace, spec } = policy;
  return {
    now,
    target,
    metrics: spec.metrics.map(({ resource, prometheus }): MetricObservation => {
      if (prometheus !== undefined) {
        return { type: 'Prometheus', total: readings.query(namespace, prometheus.query) };
      }
      if (resource === undefined || 'problem' in target) {
        return { type: 'Resource', usage: [], failure: missing('NoData', 'no target') };
      }
      const pods = target.pods.map((pod) => pod.name);
      return { type: 'Resource', ...readings.podUsage(resource.name, namespace, pods) };
    }),
    indicators: (spec.objective?.indicators ?? []).map(({ query }) => readings.query(namespace, query)),
  };
}
