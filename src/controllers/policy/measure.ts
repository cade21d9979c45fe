import type { MetricNeeds, Readings } from '../../adapters/prometheus/workload-metrics.ts';
import { rateWindowSeconds, type PrometheusOptions } from '../../adapters/prometheus/options.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type {
  MetricObservation,
  Observation,
  TargetProblem,
  TargetView,
} from '../../loop/monitor/observation.ts';
import { missing } from '../../loop/monitor/reading.ts';
import type { PolicyEntry } from './policy-entry.ts';

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

/** What was measured, and how. */
export interface Measured {
  readonly readings: Readings;
  /** For each metric, the seconds that its value averages over. */
  readonly averagedSeconds: readonly number[];
  readonly now: number;
}

/** One policy's share of what was measured, beside its target. */
export function observe(
  policy: PolicyView,
  target: TargetView | TargetProblem,
  { readings, averagedSeconds, now }: Measured,
): Observation {
  const { namespace, spec } = policy;
  return {
    now,
    target,
    metrics: spec.metrics.map(({ resource, prometheus }, index): MetricObservation => {
      const averaged = { averagedSeconds: averagedSeconds[index] ?? 0 };
      if (prometheus !== undefined) {
        return { type: 'Prometheus', total: readings.query(namespace, prometheus.query), ...averaged };
      }
      if (resource === undefined || 'problem' in target) {
        return { type: 'Resource', usage: [], failure: missing('NoData', 'no target') };
      }
      const pods = target.pods.map((pod) => pod.name);
      return { type: 'Resource', ...readings.podUsage(resource.name, namespace, pods), ...averaged };
    }),
    indicators: (spec.objective?.indicators ?? []).map(({ query }) => readings.query(namespace, query)),
  };
}

/** How long each metric's value averages: the longest range of a query, or the window of `rate()` for CPU. */
export function averagedSeconds(
  { view, queries }: Extract<PolicyEntry, { valid: true }>,
  options: PrometheusOptions,
): readonly number[] {
  return view.spec.metrics.map(({ resource }, index) => {
    if (resource === undefined) return queries[index]?.averagedSeconds ?? 0;
    return resource.name === 'cpu' ? rateWindowSeconds(options) : 0;
  });
}
