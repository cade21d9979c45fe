import type { FeatureInputs } from '../../monitor/features/inputs.ts';
import { known, totalOf } from '../../monitor/features/inputs.ts';
import { SLOT } from '../../monitor/features/schema.ts';
import { featureSources } from '../../monitor/features/sources.ts';

/**
 * What is watched of a workload. Totals that the operator's own changes of the replicas leave as they are, and memory by
 * the pod: a utilization would show each of its decisions as an anomaly.
 */
export const WATCHED_SIGNALS = [
  'load',
  'latency',
  'errors',
  'queue',
  'cpu',
  'memory',
  'receive',
  'transmit',
] as const;

export type WatchedSignal = (typeof WATCHED_SIGNALS)[number];

export const SIGNAL = Object.fromEntries(WATCHED_SIGNALS.map((name, index) => [name, index])) as Readonly<
  Record<WatchedSignal, number>
>;

/** Whether the service suffers while the signal is unusually high; the others describe what it is asked for and uses. */
export const HARMFUL: ReadonlySet<WatchedSignal> = new Set(['latency', 'errors', 'queue']);

/** It is good news, or none, when these are lower than usual. */
export const GOOD_WHEN_LOW: ReadonlySet<WatchedSignal> = new Set([...HARMFUL, 'memory']);

/**
 * The signals of `inputs.now`, in the order of `WATCHED_SIGNALS`, written to `out`: load in the unit of the policy's
 * demand, latency, error share and queue as in the features, cores, bytes of a ready pod, bytes per second. NaN where unknown.
 */
export function watchSignals(inputs: FeatureInputs, features: Float32Array, out: Float64Array): void {
  const { now, signals, target, policy } = inputs;
  const { demand, cpu } = featureSources(policy.spec);
  out[SIGNAL.load] = known(totalOf(inputs, demand), now);
  out[SIGNAL.latency] = features[SLOT.tailLatency] ?? NaN;
  out[SIGNAL.errors] = features[SLOT.errorShare] ?? NaN;
  out[SIGNAL.queue] = features[SLOT.queueLag] ?? NaN;
  // Where the load is the CPU, it is watched once.
  out[SIGNAL.cpu] = demand !== undefined && demand === cpu ? NaN : known(signals?.cpuCores, now);
  const { readyReplicas } = target;
  out[SIGNAL.memory] = readyReplicas > 0 ? known(signals?.memoryBytes, now) / readyReplicas : NaN;
  out[SIGNAL.receive] = known(signals?.networkReceiveBytes, now);
  out[SIGNAL.transmit] = known(signals?.networkTransmitBytes, now);
}
