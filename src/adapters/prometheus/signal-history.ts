import { podNamePattern } from './pod-names.ts';
import { scopeToNamespace, type ScopedQuery } from './promql.ts';
import type { PromqlProblem } from './promql-problem.ts';
import type { OutlookWorkload } from './outlook-queries.ts';
import type { Result } from './result.ts';
import { trafficQuery } from './traffic-query.ts';
import { podMeanQuery, totalUsageQuery } from './usage-queries.ts';

/** What anomalies of a workload are looked for in, and cAdvisor tells the past of. */
export const PAST_SIGNALS = ['cpu', 'memory', 'receive', 'transmit'] as const;

export type PastSignal = (typeof PAST_SIGNALS)[number];

/** Cores of all pods of the workload, past pods included; working set of a pod in bytes; bytes per second of all. */
export function signalHistoryQuery(
  signal: PastSignal,
  { namespace, kind, name }: OutlookWorkload,
  windowSeconds: number,
): Result<ScopedQuery, PromqlProblem> {
  const pods = podNamePattern(kind, name);
  return scopeToNamespace(unscoped(signal, pods, windowSeconds), namespace);
}

function unscoped(signal: PastSignal, pods: string, windowSeconds: number): string {
  switch (signal) {
    case 'cpu':
      return totalUsageQuery('cpu', pods, windowSeconds);
    case 'memory':
      return podMeanQuery('memory', pods);
    case 'receive':
    case 'transmit':
      return trafficQuery(signal, pods, windowSeconds);
  }
}
