import type { PodUsage, PodView } from '../../loop/monitor/observation.ts';
import type { ScalerView } from '../scaler.ts';

/** What one CPU sample averages over, by the metric path that all contenders share. */
export const CPU_WINDOW_SECONDS = 30;

/**
 * Cores that each serving pod used in the measured time: all of them share one queue, so that the load is even.
 * At most the one core that a replica has. Undefined while nothing is measured.
 *
 * Pods that were removed since then are not known any more; right after a decrease the rest seems to have done
 * their work too, which asks for as many replicas as before.
 */
export function coresPerPod({ pods, measured }: ScalerView): number | undefined {
  const cores = measured.cpu(CPU_WINDOW_SECONDS);
  const serving = meanServing(pods, measured.until);
  return cores === undefined || serving === 0 ? undefined : Math.min(1, cores / serving);
}

/** A pod has a sample when it was ready within the measured time. */
export function isSampled({ ready, readyChangedAt }: PodView, until: number): boolean {
  return ready && readyChangedAt !== undefined && readyChangedAt <= until;
}

/** The usage that a metrics API would answer with: the pods that have a sample, and no others. */
export function podCpuUsage(view: ScalerView): PodUsage[] {
  const cores = coresPerPod(view);
  const { until } = view.measured;
  if (cores === undefined) return [];
  return view.pods
    .filter((pod) => isSampled(pod, until))
    .map((pod) => ({ pod: pod.name, reading: { quality: 'Fresh', value: cores, at: until } }));
}

/** Mean number of today's pods that served in the window before `until`. */
function meanServing(pods: readonly PodView[], until: number): number {
  const window = CPU_WINDOW_SECONDS * 1000;
  let serving = 0;
  for (const { ready, readyChangedAt } of pods) {
    if (!ready || readyChangedAt === undefined) continue;
    serving += Math.min(window, Math.max(0, until - readyChangedAt)) / window;
  }
  return serving;
}
