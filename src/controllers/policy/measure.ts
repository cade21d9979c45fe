import type { SignalReadings } from '../../adapters/prometheus/signal-metrics.ts';
import type { MetricNeeds, Readings } from '../../adapters/prometheus/workload-metrics.ts';
import { rateWindowSeconds, type PrometheusOptions } from '../../adapters/prometheus/options.ts';
import type { PolicySpec } from '../../api/policy-spec.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type {
  MetricObservation,
  Observation,
  TargetProblem,
  TargetView,
} from '../../loop/monitor/observation.ts';
import { missing } from '../../loop/monitor/reading.ts';
import { withScraped, type ScrapedRequests } from '../../loop/monitor/scraped-requests.ts';
import { workloadSignals } from '../../loop/monitor/signals-of-pods.ts';
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
      ...objectiveQueries(spec).map((query) => ({ namespace, query })),
    ]),
  };
}

function objectiveQueries({ objective }: PolicySpec): readonly string[] {
  if (objective === undefined) return [];
  const { indicators, requests } = objective;
  return [
    ...indicators.map(({ query }) => query),
    ...(requests === undefined ? [] : [requests.totalQuery]),
    ...(requests?.badQuery === undefined ? [] : [requests.badQuery]),
  ];
}

/** What was measured, and how. */
export interface Measured {
  readonly readings: Readings;
  /** Undefined when nobody asks for them. */
  readonly signals?: SignalReadings | undefined;
  /** Undefined when the pods were not read. */
  readonly scraped?: ScrapedRequests | undefined;
  readonly averaged: AveragedSeconds;
  readonly now: number;
}

/** Seconds that a value averages over. */
export interface AveragedSeconds {
  /** In the order of the spec's metrics. */
  readonly metrics: readonly number[];
  readonly requests: number;
}

/** One policy's share of what was measured, beside its target. */
export function observe(
  policy: PolicyView,
  target: TargetView | TargetProblem,
  measured: Measured,
): Observation {
  const { readings, signals, averaged, now } = measured;
  const { namespace, spec } = policy;
  return {
    now,
    target,
    metrics: spec.metrics.map(({ resource, prometheus }, index): MetricObservation => {
      const averagedSeconds = averaged.metrics[index] ?? 0;
      if (prometheus !== undefined) {
        return { type: 'Prometheus', total: readings.query(namespace, prometheus.query), averagedSeconds };
      }
      if (resource === undefined || 'problem' in target) {
        return { type: 'Resource', usage: [], failure: missing('NoData', 'no target') };
      }
      const pods = target.pods.map((pod) => pod.name);
      return { type: 'Resource', ...readings.podUsage(resource.name, namespace, pods), averagedSeconds };
    }),
    indicators: (spec.objective?.indicators ?? []).map(({ query }) => readings.query(namespace, query)),
    ...requestsOf(policy, measured),
    ...signalsOf(target, signals, now),
  };
}

function signalsOf(
  target: TargetView | TargetProblem,
  signals: SignalReadings | undefined,
  now: number,
): Pick<Observation, 'signals'> {
  if (signals === undefined || 'problem' in target) return {};
  const { namespace } = target;
  return {
    signals: workloadSignals(target, (signal, pod) => signals.of(signal, namespace, pod, now), now),
  };
}

function requestsOf(
  { namespace, spec }: PolicyView,
  { readings, scraped, averaged, now }: Measured,
): Pick<Observation, 'requests'> {
  const objective = spec.objective?.requests;
  if (objective === undefined) return {};
  const { totalQuery, badQuery, scrape } = objective;
  const queried = {
    total: readings.query(namespace, totalQuery),
    ...(badQuery === undefined ? {} : { bad: readings.query(namespace, badQuery) }),
    averagedSeconds: averaged.requests,
  };
  return { requests: scrape === undefined ? queried : withScraped(queried, scraped, now) };
}

/** How long each value averages: the longest range of a query, or the window of `rate()` for CPU. */
export function averagedSeconds(
  { view, queries }: Extract<PolicyEntry, { valid: true }>,
  options: PrometheusOptions,
): AveragedSeconds {
  const metrics = view.spec.metrics.map(({ resource }, index) => {
    if (resource === undefined) return queries.metrics[index]?.averagedSeconds ?? 0;
    return resource.name === 'cpu' ? rateWindowSeconds(options) : 0;
  });
  return { metrics, requests: queries.requests?.averagedSeconds ?? 0 };
}
