import { createCounter, observeCounter, type Counter } from '../counter.ts';
import type { PodView } from '../observation.ts';

/** What is remembered of the restarts of a workload's pods. */
export interface RestartWatch {
  /** The pods were looked at before: one that is not in the map had not restarted then, or was not there. */
  looked: boolean;
  /** Pods that have restarted, by name and time of creation: a StatefulSet gives the next pod the same name. */
  readonly pods: Map<string, { readonly createdAt: number; readonly counter: Counter }>;
}

export function createRestartWatch(): RestartWatch {
  return { looked: false, pods: new Map() };
}

const HOUR_MS = 3_600_000;

/**
 * Restarts since the last look, at `now` (ms since the epoch). At the first look those of pods younger than an hour: they
 * were within it. NaN when no pod tells its restarts.
 */
export function observeRestarts(watch: RestartWatch, pods: readonly PodView[], now: number): number {
  let sum = pods.length === 0 ? 0 : NaN;
  let restarted = 0;
  for (const pod of pods) {
    if (pod.restarts === undefined) continue;
    if (Number.isNaN(sum)) sum = 0;
    if (pod.restarts === 0) continue;
    restarted += 1;
    const increase = observeCounter(counterOf(watch, pod, now), now, pod.restarts);
    if (increase > 0) sum += increase;
  }
  watch.looked = true;
  if (watch.pods.size > restarted) forgetAbsent(watch, pods);
  return sum;
}

function counterOf(watch: RestartWatch, { name, createdAt, restarts = 0 }: PodView, now: number): Counter {
  const known = watch.pods.get(name);
  if (known?.createdAt === createdAt) return known.counter;
  const counter = createCounter();
  watch.pods.set(name, { createdAt, counter });
  const before = watch.looked || createdAt > now - HOUR_MS ? 0 : restarts;
  observeCounter(counter, Math.min(createdAt, now - 1), before);
  return counter;
}

function forgetAbsent(watch: RestartWatch, pods: readonly PodView[]): void {
  const names = new Set(pods.map((pod) => pod.name));
  for (const name of watch.pods.keys()) if (!names.has(name)) watch.pods.delete(name);
}
