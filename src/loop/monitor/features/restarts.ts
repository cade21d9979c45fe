import { createCounter, observeCounter, type Counter } from '../counter.ts';
import type { PodView } from '../observation.ts';

/** What is remembered of the restarts of a workload's pods. */
export interface RestartWatch {
  /** The pods were looked at before: one that is not in the map had not restarted then, or was not there. */
  looked: boolean;
  /**
   * Pods that have restarted, by name and time of creation: a StatefulSet gives the next pod the same name. Undefined
   * while none has, which is nearly always.
   */
  pods: Map<string, PodRestarts> | undefined;
}

interface PodRestarts {
  readonly createdAt: number;
  readonly counter: Counter;
}

export function createRestartWatch(): RestartWatch {
  return { looked: false, pods: undefined };
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
  if (watch.pods !== undefined && watch.pods.size > restarted) forgetAbsent(watch.pods, pods);
  return sum;
}

function counterOf(watch: RestartWatch, { name, createdAt, restarts = 0 }: PodView, now: number): Counter {
  const seen = (watch.pods ??= new Map<string, PodRestarts>());
  const known = seen.get(name);
  if (known?.createdAt === createdAt) return known.counter;
  const counter = createCounter();
  seen.set(name, { createdAt, counter });
  const before = watch.looked || createdAt > now - HOUR_MS ? 0 : restarts;
  observeCounter(counter, Math.min(createdAt, now - 1), before);
  return counter;
}

function forgetAbsent(watched: Map<string, unknown>, pods: readonly PodView[]): void {
  const names = new Set(pods.map((pod) => pod.name));
  for (const name of watched.keys()) if (!names.has(name)) watched.delete(name);
}
