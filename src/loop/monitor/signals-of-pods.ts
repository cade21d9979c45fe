import { demandOf } from './demand.ts';
import type { PodView, TargetView } from './observation.ts';
import { missing, type Reading } from './reading.ts';
import type { MeasuredSignal, OldestPod, WorkloadSignals } from './signals.ts';

/** One signal of one pod. */
export type PodSignal = (signal: MeasuredSignal, pod: string) => Reading;

/** The signals of a workload from those of its pods. `now` in ms since the epoch: when the pods were looked at. */
export function workloadSignals(target: TargetView, signal: PodSignal, now: number): WorkloadSignals {
  const total = (name: MeasuredSignal): Reading => totalOf(target, (pod) => signal(name, pod.name));
  return {
    cpuCores: total('cpuCores'),
    cpuThrottledShare: throttledShare(target, signal),
    memoryBytes: total('memoryBytes'),
    memoryLimitBytes: memoryLimit(target, now),
    restarts: restarts(target, now),
    ...oldestPod(target, signal),
    networkReceiveBytes: total('networkReceiveBytes'),
    networkTransmitBytes: total('networkTransmitBytes'),
  };
}

export function isServing({ ready, deleting }: PodView): boolean {
  return ready && !deleting;
}

function oldestPod(target: TargetView, signal: PodSignal): { readonly oldestPod?: OldestPod } {
  const serving = target.pods.filter(isServing);
  const [first] = serving;
  if (first === undefined) return {};
  const oldest = serving.reduce((a, b) => (b.createdAt < a.createdAt ? b : a), first);
  const { createdAt, limits, name } = oldest;
  const memoryBytes = signal('memoryBytes', name);
  return { oldestPod: { createdAt, memoryBytes, memoryLimitBytes: limits?.memory } };
}

function totalOf(target: TargetView, read: (pod: PodView) => Reading): Reading {
  const usage = target.pods.filter(isServing).map((pod) => ({ pod: pod.name, reading: read(pod) }));
  return demandOf({ type: 'Resource', usage }, target).total;
}

function throttledShare(target: TargetView, signal: PodSignal): Reading {
  const sum = totalOf(target, (pod) => podThrottledShare(pod, signal));
  if (sum.quality === 'Missing') return sum;
  const mean = sum.value / target.pods.filter(isServing).length;
  return { ...sum, value: Math.min(1, mean) };
}

/**
 * Without a limit there is no quota, and cAdvisor has no series to say so. That it watches the pod at all is what
 * its CPU usage proves.
 */
function podThrottledShare({ name, limits }: PodView, signal: PodSignal): Reading {
  const share = signal('cpuThrottledShare', name);
  if (share.quality !== 'Missing' || share.reason !== 'NoData' || limits?.cpu !== undefined) return share;
  const used = signal('cpuCores', name);
  return used.quality === 'Fresh' ? { quality: 'Fresh', value: 0, at: used.at } : share;
}

function memoryLimit(target: TargetView, now: number): Reading {
  let sum = 0;
  let serving = 0;
  for (const pod of target.pods) {
    if (!isServing(pod)) continue;
    if (pod.limits?.memory === undefined) {
      return missing('NoData', `a container of pod ${pod.name} has no memory limit`);
    }
    sum += pod.limits.memory;
    serving += 1;
  }
  if (serving === 0) return missing('NoData', 'no pod of the target is ready');
  return { quality: 'Fresh', value: sum, at: now };
}

function restarts(target: TargetView, now: number): Reading {
  let sum = 0;
  for (const pod of target.pods) {
    if (pod.restarts === undefined) {
      return missing('NoData', `the containers of pod ${pod.name} have no status yet`);
    }
    sum += pod.restarts;
  }
  return { quality: 'Fresh', value: sum, at: now };
}
