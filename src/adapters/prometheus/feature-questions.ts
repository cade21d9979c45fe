import type { PolicySpec } from '../../api/policy-spec.ts';
import type { Bounds } from '../../loop/knowledge/dataset/raw-series.ts';
import { demandSources } from '../../loop/monitor/demand-source.ts';
import type { FeatureName } from '../../loop/monitor/features/schema.ts';
import { featureSources } from '../../loop/monitor/features/sources.ts';
import { podNamePattern } from './pod-names.ts';
import { scopeToNamespace } from './promql.ts';
import { quotePromql } from './promql-strings.ts';
import { trafficQuery } from './traffic-query.ts';
import { meanThrottledShareQuery, totalUsageQuery } from './usage-queries.ts';

/** How the past of a feature is asked for. */
export interface FeatureQuestion {
  readonly feature: FeatureName;
  /** PromQL, confined to the policy's namespace. */
  readonly text: string;
  /** What `text` is to be divided by. */
  readonly dividedBy?: string;
  /** The value where the divisor is zero; unknown by default. */
  readonly ofNone?: number;
  readonly factor?: number;
  readonly bounds?: Bounds;
  /** Counts the resets of its counters within the hour before. */
  readonly resets?: string;
  /** What has to be scraped so that there is an answer; undefined where the policy itself has the query. */
  readonly series?: string;
}

export interface FeatureQuestions {
  readonly questions: readonly FeatureQuestion[];
  /** What volatility is taken from, where it is not the rate of requests. */
  readonly demand: Pick<FeatureQuestion, 'text'> | undefined;
  readonly absent: Readonly<Partial<Record<FeatureName, string>>>;
}

/** Of a policy, as far as the past of its features follows from it. */
export interface PastPolicy {
  readonly namespace: string;
  readonly spec: PolicySpec;
}

/** An indicator may measure in a unit of its own. */
const ANY_UNIT: Bounds = { least: 0, most: 1e15 };

const OPERATOR_ONLY = 'made by the operator while it runs, and not in Prometheus';

/**
 * What Prometheus is asked for, for each feature whose past it may have. The totals are over all pods of the workload,
 * where a live vector has its ready ones.
 */
export function featureQuestions(policy: PastPolicy, windowSeconds: number): FeatureQuestions {
  const own = ownQuestions(policy);
  const usage = usageQuestions(policy, windowSeconds);
  const state = stateQuestions(policy);
  const absent = {
    forecastRatio: OPERATOR_ONLY,
    forecastResidual: OPERATOR_ONLY,
    ...own.absent,
    ...state.absent,
  };
  const all = [...usage, ...own.questions, ...state.questions];
  const demand = demandText(policy, windowSeconds);
  return {
    questions: all.map((question) => scoped(question, policy.namespace)),
    demand: demand === undefined ? undefined : { text: scope(demand, policy.namespace) },
    absent,
  };
}

function usageQuestions({ spec: { targetRef } }: PastPolicy, windowSeconds: number): FeatureQuestion[] {
  const pods = podNamePattern(targetRef.kind, targetRef.name);
  const selector = `pod=~${quotePromql(pods)}`;
  const sumOf = (what: 'requests' | 'limits', resource: 'cpu' | 'memory'): string =>
    `sum(max by (namespace, pod, container) (kube_pod_container_resource_${what}{resource="${resource}",${selector}}))`;
  const resets = (metric: string): string => `sum(resets(${metric}{${selector}}[1h]))`;
  const cpu = 'container_cpu_usage_seconds_total';
  const network = (direction: 'receive' | 'transmit'): Omit<FeatureQuestion, 'feature'> => {
    const metric = `container_network_${direction}_bytes_total`;
    return { text: trafficQuery(direction, pods, windowSeconds), resets: resets(metric), series: metric };
  };
  return [
    {
      feature: 'cpuUtilization',
      text: totalUsageQuery('cpu', pods, windowSeconds),
      dividedBy: `(${sumOf('requests', 'cpu')} or ${sumOf('limits', 'cpu')})`,
      resets: resets(cpu),
      series: `${cpu} and kube_pod_container_resource_requests`,
    },
    {
      feature: 'cpuThrottledShare',
      text: meanThrottledShareQuery(pods, windowSeconds),
      resets: resets('container_cpu_cfs_periods_total'),
      series: 'container_cpu_cfs_periods_total',
    },
    {
      feature: 'memoryUtilization',
      text: totalUsageQuery('memory', pods, windowSeconds),
      dividedBy: sumOf('limits', 'memory'),
      series: 'container_memory_working_set_bytes and kube_pod_container_resource_limits',
    },
    { feature: 'networkReceive', ...network('receive') },
    { feature: 'networkTransmit', ...network('transmit') },
    {
      feature: 'restarts',
      text: `sum(max by (namespace, pod, container) (changes(kube_pod_container_status_restarts_total{${selector}}[1h])))`,
      series: 'kube_pod_container_status_restarts_total',
    },
  ];
}

/** What the policy measures itself. */
function ownQuestions({ spec }: PastPolicy): Pick<FeatureQuestions, 'questions' | 'absent'> {
  const sources = featureSources(spec);
  const requests = spec.objective?.requests;
  const queryOf = (name: string | undefined): string | undefined =>
    spec.metrics.find(({ prometheus }) => prometheus !== undefined && prometheus.name === name)?.prometheus
      ?.query;
  const indicator = (index: number | undefined): string | undefined =>
    spec.objective?.indicators[index ?? -1]?.query;
  const queue = sources.queueLag;
  const errors = errorQuestion(requests, indicator(sources.errors));
  const found: [FeatureName, Omit<FeatureQuestion, 'feature'> | undefined][] = [
    ['requestRate', asked(requests?.totalQuery ?? queryOf(sources.requestRate))],
    ['tailLatency', asked(indicator(sources.latency))],
    ['errorShare', errors],
    ['queueLag', asked(queue && ('metric' in queue ? queryOf(queue.metric) : indicator(queue.indicator)))],
  ];
  const none = found.filter(([, question]) => question === undefined);
  return {
    questions: found.flatMap(([feature, question]) =>
      question === undefined ? [] : [{ feature, ...question }],
    ),
    absent: Object.fromEntries(none.map(([feature]) => [feature, 'the policy measures no such thing'])),
  };
}

function errorQuestion(
  requests: NonNullable<PolicySpec['objective']>['requests'],
  indicator: string | undefined,
): Omit<FeatureQuestion, 'feature'> | undefined {
  if (requests === undefined)
    return indicator === undefined ? undefined : { text: indicator, bounds: ANY_UNIT };
  const { badQuery, totalQuery } = requests;
  return badQuery === undefined ? undefined : { text: badQuery, dividedBy: totalQuery };
}

function asked(text: string | undefined): Omit<FeatureQuestion, 'feature'> | undefined {
  return text === undefined ? undefined : { text };
}

/** What kube-state-metrics tells of the workload. Several of them tell the same: not to be added up. */
function stateQuestions({ spec }: PastPolicy): Pick<FeatureQuestions, 'questions' | 'absent'> {
  const { kind, name } = spec.targetRef;
  const label = `${kind === 'Deployment' ? 'deployment' : 'statefulset'}=${quotePromql(name)}`;
  const metric = (suffix: string): string => `kube_${kind.toLowerCase()}_${suffix}`;
  const wanted = kind === 'Deployment' ? metric('spec_replicas') : metric('replicas');
  const { replicaHourPrice } = featureSources(spec);
  const questions: FeatureQuestion[] = [
    {
      feature: 'readyShare',
      text: `max(${metric('status_replicas_ready')}{${label}})`,
      dividedBy: `max(${wanted}{${label}})`,
      ofNone: 1,
      series: `${metric('status_replicas_ready')} and ${wanted}`,
    },
  ];
  const absent: Partial<Record<FeatureName, string>> = {};
  if (kind === 'Deployment') questions.push(revisionQuestion(name));
  else absent.revisionAge = 'no series tells when the revision of a StatefulSet began';
  if (Number.isNaN(replicaHourPrice)) absent.costRate = 'the policy has no spec.objective.replicaHourPrice';
  else {
    const replicas = metric('status_replicas');
    const text = `max(${replicas}{${label}})`;
    questions.push({ feature: 'costRate', text, factor: replicaHourPrice, series: replicas });
  }
  return { questions, absent };
}

/** The newest ReplicaSet's age. After a rollback it is too young: the old one is in force again. */
function revisionQuestion(name: string): FeatureQuestion {
  const owner = `owner_kind="Deployment",owner_name=${quotePromql(name)}`;
  const byReplicaSet = (selector: string): string => `max by (namespace, replicaset) (${selector})`;
  const created = `${byReplicaSet('kube_replicaset_created')} * on (namespace, replicaset) ${byReplicaSet(`kube_replicaset_owner{${owner}}`)}`;
  return {
    feature: 'revisionAge',
    text: `time() - max(${created})`,
    series: 'kube_replicaset_created and kube_replicaset_owner',
  };
}

function demandText({ spec }: PastPolicy, windowSeconds: number): string | undefined {
  const sources = featureSources(spec);
  if (sources.requestRate !== undefined) return undefined;
  const demand = demandSources(spec).find(({ name }) => name === sources.demand);
  if (demand?.type !== 'Metric') return undefined;
  const { prometheus, resource } = demand.metric;
  const pods = podNamePattern(spec.targetRef.kind, spec.targetRef.name);
  return prometheus?.query ?? totalUsageQuery(resource?.name ?? 'cpu', pods, windowSeconds);
}

function scoped(question: FeatureQuestion, namespace: string): FeatureQuestion {
  const { text, dividedBy, resets } = question;
  return {
    ...question,
    text: scope(text, namespace),
    ...(dividedBy === undefined ? {} : { dividedBy: scope(dividedBy, namespace) }),
    ...(resets === undefined ? {} : { resets: scope(resets, namespace) }),
  };
}

/** @throws RangeError for a query that a valid policy cannot have */
function scope(query: string, namespace: string): string {
  const found = scopeToNamespace(query, namespace);
  if (!found.ok) throw new RangeError(`${query}: ${found.error.message}`);
  return found.value.text;
}
