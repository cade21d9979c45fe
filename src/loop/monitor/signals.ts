import type { Reading } from './reading.ts';

/** Signals that are measured on each pod; the others are read off the pods themselves. */
export const MEASURED_SIGNALS = [
  'cpuCores',
  'cpuThrottledShare',
  'memoryBytes',
  'networkReceiveBytes',
  'networkTransmitBytes',
] as const;

export type MeasuredSignal = (typeof MEASURED_SIGNALS)[number];

/**
 * What describes a workload beside the metrics that its policy names. Totals over its ready pods, extended from the
 * reporting to all of them. Nobody's decision waits for them: one that is not known is Missing, and never zero.
 */
export interface WorkloadSignals {
  /** Cores used. */
  readonly cpuCores: Reading;
  /** Share of the CFS periods in which a pod's quota held it back, 0 … 1; the mean over the pods. */
  readonly cpuThrottledShare: Reading;
  /** Working set in bytes: what the kubelet evicts by. */
  readonly memoryBytes: Reading;
  /** Bytes that the ready pods may use together; Missing when one of them has no limit. */
  readonly memoryLimitBytes: Reading;
  /** Restarts of the containers of the pods that exist now, since each of them began. */
  readonly restarts: Reading;
  /** The ready pod that has run longest: what grows from one change of the replicas to the next shows in it. */
  readonly oldestPod?: OldestPod;
  /** Bytes per second, received and sent by the pods' own network interfaces. */
  readonly networkReceiveBytes: Reading;
  readonly networkTransmitBytes: Reading;
}

export interface OldestPod {
  /** ms since the epoch. */
  readonly createdAt: number;
  /** Working set in bytes. */
  readonly memoryBytes: Reading;
  /** Undefined where a container has none. */
  readonly memoryLimitBytes: number | undefined;
}
