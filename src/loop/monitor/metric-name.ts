import type { MetricSpec } from '../../api/policy-spec.ts';

/** The name by which status, events and messages call a metric. */
export function metricName(spec: MetricSpec): string {
  return spec.prometheus?.name ?? spec.resource?.name ?? spec.type;
}

/** Equal keys mean the same series: an edited target value keeps what was learned, an edited query does not. */
export function metricKey(spec: MetricSpec): string {
  return spec.prometheus === undefined
    ? `Resource/${spec.resource?.name ?? ''}`
    : `Prometheus/${spec.prometheus.query}`;
}
