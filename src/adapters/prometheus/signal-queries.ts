import type { MeasuredSignal } from '../../loop/monitor/signals.ts';
import { escapeRegex, quotePromql } from './promql-strings.ts';
import { groupedQuery } from './readings.ts';
import { byContainer, CONTAINERS, liveRate, podUsageQuery } from './usage-queries.ts';

/** Each pod's `signal` in the namespaces, with sample times: one query however many policies there are. */
export function signalQuery(
  signal: MeasuredSignal,
  namespaces: readonly string[],
  rateWindowSeconds: number,
): string {
  switch (signal) {
    case 'cpuCores':
      return podUsageQuery('cpu', namespaces, rateWindowSeconds);
    case 'memoryBytes':
      return podUsageQuery('memory', namespaces, rateWindowSeconds);
    case 'cpuThrottledShare':
      return throttledShareQuery(namespaces, rateWindowSeconds);
    case 'networkReceiveBytes':
      return networkQuery('container_network_receive_bytes_total', namespaces, rateWindowSeconds);
    case 'networkTransmitBytes':
      return networkQuery('container_network_transmit_bytes_total', namespaces, rateWindowSeconds);
  }
}

/**
 * CFS counts a period only while a container wants to run: one that slept through the window had none and was held
 * back in none, which 0 ÷ 0 would not say.
 */
function throttledShareQuery(namespaces: readonly string[], windowSeconds: number): string {
  const selector = (metric: string): string => `${metric}{${inNamespaces(namespaces)},${CONTAINERS}}`;
  const all = selector('container_cpu_cfs_periods_total');
  const byPod = (counter: string): string =>
    `sum by (namespace, pod) (${byContainer(liveRate(counter, windowSeconds))})`;
  const throttled = byPod(selector('container_cpu_cfs_throttled_periods_total'));
  return groupedQuery({
    value: `(${throttled} / (${byPod(all)} > 0) or ${byPod(all)} == 0)`,
    sampled: `max by (namespace, pod) (timestamp(${all}))`,
  });
}

/**
 * cAdvisor counts a pod's traffic once, in the network namespace that its containers share, by interface; under which
 * container label depends on the runtime. A pod on the host's network shows the traffic of the whole node.
 */
function networkQuery(metric: string, namespaces: readonly string[], windowSeconds: number): string {
  const selector = `${metric}{${inNamespaces(namespaces)},pod!="",interface!="lo"}`;
  const byInterface = `max by (namespace, pod, interface) (${liveRate(selector, windowSeconds)})`;
  return groupedQuery({
    value: `sum by (namespace, pod) (${byInterface})`,
    sampled: `max by (namespace, pod) (timestamp(${selector}))`,
  });
}

function inNamespaces(namespaces: readonly string[]): string {
  return `namespace=~${quotePromql(namespaces.map(escapeRegex).join('|'))}`;
}
