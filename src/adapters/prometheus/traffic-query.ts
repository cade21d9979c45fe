import { quotePromql } from './promql-strings.ts';

/** Bytes per second of all pods whose names match. cAdvisor counts by interface of the pod, whose containers share them. */
export function trafficQuery(direction: 'receive' | 'transmit', pods: string, windowSeconds: number): string {
  const selector = `container_network_${direction}_bytes_total{pod=~${quotePromql(pods)},interface!="lo"}`;
  return `sum(max by (namespace, pod, interface) (rate(${selector}[${windowSeconds}s])))`;
}
