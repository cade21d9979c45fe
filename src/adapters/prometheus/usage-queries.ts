import { escapeRegex, quotePromql } from './promql-strings.ts';
import { groupedQuery } from './readings.ts';

export type Resource = 'cpu' | 'memory';

/** cAdvisor's series for cgroups: the ones of containers, without the pod's sum and without the pause container. */
export const CONTAINERS = 'container!="",container!="POD"';
/** cAdvisor's series for the whole machine. */
const MACHINE = 'id="/"';

/** The metric behind a resource: a counter of CPU seconds, or the working set in bytes that the kubelet evicts by. */
const METRIC: Readonly<Record<Resource, string>> = {
  cpu: 'container_cpu_usage_seconds_total',
  memory: 'container_memory_working_set_bytes',
};

/** Longest pattern of namespaces in one query, in characters; far below the limits of proxies and engines. */
const MAX_PATTERN = 8000;

/**
 * Per second, of each series of the counter `selector`. `rate()` divides by the whole window even if the series has just
 * begun, or begun again after a gap: its first values are a fraction of the truth. So a live rate counts only if the
 * older half of the window has a sample too.
 */
export function liveRate(selector: string, windowSeconds: number): string {
  const half = Math.ceil(windowSeconds / 2);
  const older = `count_over_time(${selector}[${half}s] offset ${windowSeconds - half}s)`;
  return `rate(${selector}[${windowSeconds}s]) and ${older}`;
}

/** Cores or bytes by one series of `selector` each. */
function liveUsage(resource: Resource, selector: string, windowSeconds: number): string {
  return resource === 'memory' ? selector : liveRate(selector, windowSeconds);
}

/**
 * `max` over what else tells series of a container apart: the same container scraped by two jobs or two Prometheus
 * replicas, or the dead predecessor of a restarted one, must not be added up.
 */
export function byContainer(usage: string): string {
  return `max by (namespace, pod, container) (${usage})`;
}

/** Use of `resource` by each pod of the namespaces, with sample times; cores or bytes. */
export function podUsageQuery(
  resource: Resource,
  namespaces: readonly string[],
  rateWindowSeconds: number,
): string {
  const pattern = quotePromql(namespaces.map(escapeRegex).join('|'));
  const selector = `${METRIC[resource]}{namespace=~${pattern},${CONTAINERS}}`;
  return groupedQuery({
    value: `sum by (namespace, pod) (${byContainer(liveUsage(resource, selector, rateWindowSeconds))})`,
    sampled: `max by (namespace, pod) (timestamp(${selector}))`,
  });
}

/** Past use of `resource` by all pods together whose names match `podPattern` (RE2, anchored); cores or bytes. */
export function totalUsageQuery(resource: Resource, podPattern: string, rateWindowSeconds: number): string {
  const selector = `${METRIC[resource]}{pod=~${quotePromql(podPattern)},${CONTAINERS}}`;
  return `sum(${byContainer(resource === 'cpu' ? `rate(${selector}[${rateWindowSeconds}s])` : selector)})`;
}

/** Past working set of one of the pods whose names match, their mean; bytes. */
export function podMeanQuery(resource: 'memory', podPattern: string): string {
  const selector = `${METRIC[resource]}{pod=~${quotePromql(podPattern)},${CONTAINERS}}`;
  return `avg(sum by (namespace, pod) (${byContainer(selector)}))`;
}

/**
 * Past share of the CFS periods in which the quota held the pods back whose names match, their mean. CFS counts a period
 * only while a container wants to run: one that slept through the window was held back in none.
 */
export function meanThrottledShareQuery(podPattern: string, windowSeconds: number): string {
  const selector = `{pod=~${quotePromql(podPattern)},${CONTAINERS}}`;
  const byPod = (counter: string): string =>
    `sum by (namespace, pod) (${byContainer(`rate(${counter}${selector}[${windowSeconds}s])`)})`;
  const all = byPod('container_cpu_cfs_periods_total');
  const throttled = byPod('container_cpu_cfs_throttled_periods_total');
  return `avg(${throttled} / (${all} > 0) or ${all} == 0)`;
}

/** Use of `resource` by each machine, by `nodeLabel`, with sample times; cores or bytes. */
export function nodeUsageQuery(resource: Resource, nodeLabel: string, rateWindowSeconds: number): string {
  const selector = `${METRIC[resource]}{${MACHINE}}`;
  return groupedQuery({
    value: `max by (${nodeLabel}) (${liveUsage(resource, selector, rateWindowSeconds)})`,
    sampled: `max by (${nodeLabel}) (timestamp(${selector}))`,
  });
}

/** What pods may use of each node by kube-state-metrics, by `node`, with sample times; cores or bytes. */
export function nodeAllocatableQuery(resource: Resource): string {
  const selector = `kube_node_status_allocatable{resource="${resource}"}`;
  return groupedQuery({
    value: `max by (node) (${selector})`,
    sampled: `max by (node) (timestamp(${selector}))`,
  });
}

/** Splits namespaces so that the pattern of each part stays short. */
export function chunkNamespaces(namespaces: Iterable<string>): string[][] {
  const chunks: string[][] = [];
  let length = Infinity;
  for (const namespace of [...new Set(namespaces)].toSorted()) {
    if (length + namespace.length + 1 > MAX_PATTERN) {
      chunks.push([]);
      length = 0;
    }
    chunks.at(-1)?.push(namespace);
    length += namespace.length + 1;
  }
  return chunks;
}
