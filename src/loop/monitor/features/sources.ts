import type { PolicySpec } from '../../../api/policy-spec.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import { metricName } from '../metric-name.ts';
import { REQUESTS } from '../requests.ts';

/** Where a feature finds its number among what a policy measures; undefined where the policy measures no such thing. */
export interface FeatureSources {
  /** Name of the demand that volatility and residual are taken from. */
  readonly demand: string | undefined;
  readonly requestRate: string | undefined;
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  /** Name of a metric, else index of an indicator. */
  readonly queueLag: { readonly metric: string } | { readonly indicator: number } | undefined;
  readonly latency: number | undefined;
  readonly errors: number | undefined;
  /** Price of a replica for one hour; NaN when the policy names none. */
  readonly replicaHourPrice: number;
}

/*
A query does not say what it measures, people's names do. Words are looked for in the names first and in the queries then,
each time in the order of the spec, and what was taken for one thing is not taken for another. A policy that says it
plainly, by `objective.requests`, is not guessed about.
*/
interface Words {
  readonly name: RegExp;
  readonly query: RegExp;
}

const QUEUE: Words = {
  name: /queue|(^|[^a-z])lag([^a-z]|$)|backlog|pending|unacked/i,
  query: /queue|(^|[^a-z])lag([^a-z]|$)|backlog|unacked/i,
};
const RATE: Words = { name: /request|rps|qps|throughput/i, query: /requests_total|rps|qps/i };
const LATENCY: Words = { name: /latency|duration|response-?time/i, query: /histogram_quantile|latency/i };
const ERRORS: Words = { name: /error|fail|5xx/i, query: /error|5xx|5\.\./i };

interface Described {
  readonly name: string;
  readonly query: string;
}

const KNOWN = new WeakMap<PolicySpec, FeatureSources>();

/** Reads each spec once. */
export function featureSources(spec: PolicySpec): FeatureSources {
  let sources = KNOWN.get(spec);
  if (sources === undefined) {
    sources = readSources(spec);
    KNOWN.set(spec, sources);
  }
  return sources;
}

function readSources(spec: PolicySpec): FeatureSources {
  const metrics = spec.metrics.flatMap(({ prometheus }) => (prometheus === undefined ? [] : [prometheus]));
  const queueMetric = find(metrics, QUEUE);
  const rateMetric = find(metrics, RATE, [queueMetric]);
  const requestRate = spec.objective?.requests === undefined ? nameAt(metrics, rateMetric) : REQUESTS;
  return {
    demand: requestRate ?? spec.metrics.map(metricName)[0],
    requestRate,
    cpu: resource(spec, 'cpu'),
    memory: resource(spec, 'memory'),
    ...indicatorSources(spec.objective, nameAt(metrics, queueMetric)),
  };
}

function indicatorSources(
  objective: PolicySpec['objective'],
  queueMetric: string | undefined,
): Pick<FeatureSources, 'queueLag' | 'latency' | 'errors' | 'replicaHourPrice'> {
  const indicators = objective?.indicators ?? [];
  const latency = find(indicators, LATENCY);
  const indicator = queueMetric === undefined ? find(indicators, QUEUE, [latency]) : undefined;
  const queueIndicator = indicator === undefined ? undefined : { indicator };
  return {
    latency,
    queueLag: queueMetric === undefined ? queueIndicator : { metric: queueMetric },
    errors: find(indicators, ERRORS, [latency, indicator]),
    replicaHourPrice:
      objective?.replicaHourPrice === undefined ? NaN : parseQuantity(objective.replicaHourPrice),
  };
}

function find(
  among: readonly Described[],
  words: Words,
  taken: readonly (number | undefined)[] = [],
): number | undefined {
  const free = among.map((_, index) => index).filter((index) => !taken.includes(index));
  const by = (field: 'name' | 'query'): number | undefined =>
    free.find((index) => words[field].test(among[index]?.[field] ?? ''));
  return by('name') ?? by('query');
}

function nameAt(among: readonly Described[], index: number | undefined): string | undefined {
  return index === undefined ? undefined : among[index]?.name;
}

function resource({ metrics }: PolicySpec, name: 'cpu' | 'memory'): string | undefined {
  return metrics.find((metric) => metric.resource?.name === name)?.resource?.name;
}
