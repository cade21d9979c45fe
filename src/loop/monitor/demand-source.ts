import type { MetricSpec, PolicySpec } from '../../api/policy-spec.ts';
import { metricKey, metricName } from './metric-name.ts';
import { REQUESTS, requestsKey, type RequestObjective } from './requests.ts';

/** What a demand series of a policy is measured on. `key` changes when its meaning does. */
export type DemandSource = { readonly key: string; readonly name: string } & (
  | { readonly type: 'Metric'; readonly index: number; readonly metric: MetricSpec }
  | { readonly type: 'Requests'; readonly requests: RequestObjective }
);

/** The demand series of a policy: its metrics in the order of the spec, and then the requests of its objective. */
export function demandSources({ metrics, objective }: PolicySpec): readonly DemandSource[] {
  const sources = metrics.map((metric, index): DemandSource => ({
    type: 'Metric',
    key: metricKey(metric),
    name: metricName(metric),
    index,
    metric,
  }));
  const requests = objective?.requests;
  if (requests === undefined) return sources;
  return [...sources, { type: 'Requests', key: requestsKey(requests), name: REQUESTS, requests }];
}
