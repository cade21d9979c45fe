import { createCounter, observeCounter, type Counter } from '../counter.ts';
import type { PodView } from '../observation.ts';

/** The restarts of each pod by name, with its time of creation: a StatefulSet gives the next pod the same name. */
export type RestartCounters = Map<string, { readonly createdAt: number; readonly counter: Counter }>;

const HOUR_MS = 3_600_000;

/**
 * Restarts since the last look, at `now` (ms since the epoch). Those of a pod that is seen for the first time count if
 * it is younger than an hour: they were within it. NaN when no pod tells its restarts.
 */
export function observeRestarts(counters: RestartCounters, pods: readonly PodView[], now: number): number {
  let sum = pods.length === 0 ? 0 : NaN;
  let told = 0;
  for (const { name, createdAt, restarts } of pods) {
    if (restarts === undefined) continue;
    told += 1;
    let known = counters.get(name);
    if (known?.createdAt !== createdAt) {
      known = { createdAt, counter: createCounter() };
      counters.set(name, known);
      observeCounter(known.counter, Math.min(createdAt, now - 1), createdAt > now - HOUR_MS ? 0 : restarts);
    }
    const increase = observeCounter(known.counter, now, restarts);
    if (Number.isNaN(sum)) sum = 0;
    if (increase > 0) sum += increase;
  }
  if (counters.size > told) forgetAbsent(counters, pods);
  return sum;
}

function forgetAbsent(counters: RestartCounters, pods: readonly PodView[]): void {
  const names = new Set(pods.map((pod) => pod.name));
  for (const name of counters.keys()) if (!names.has(name)) counters.delete(name);
}
