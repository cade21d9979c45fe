import type { PodView } from './observation.ts';

/**
 * How long a pod of this workload takes from creation to Ready, learned from its own pods. The forecast must
 * look at least this far ahead: an order placed now serves only after it.
 */
export interface StartupEstimate {
  /** Ring of the last durations, seconds. */
  readonly seconds: Float32Array;
  count: number;
  /** Pods that have been ready once; bounded by forgetting those that no longer exist. */
  started: ReadonlySet<string>;
}

const RING = 32;

/** Before three pods have been seen: image pulled, application warm; KEDA's and Knative's field reports centre here. */
const PRIOR_SECONDS = 60;
const MIN_SAMPLES = 3;

/** A Ready condition that moved later than this after creation is a probe that flapped, not a start. */
const MAX_STARTUP_SECONDS = 3600;

export function createStartupEstimate(): StartupEstimate {
  return { seconds: new Float32Array(RING), count: 0, started: new Set() };
}

export function observeStartups(estimate: StartupEstimate, pods: readonly PodView[]): void {
  const present = new Set<string>();
  for (const pod of pods) {
    // A StatefulSet gives the next pod the same name.
    const key = `${pod.name}@${pod.createdAt}`;
    // A pod whose probe failed for a while becomes ready again long after it started.
    if (estimate.started.has(key)) {
      present.add(key);
      continue;
    }
    if (!pod.ready || pod.readyChangedAt === undefined) continue;
    present.add(key);
    const seconds = (pod.readyChangedAt - pod.createdAt) / 1000;
    if (!(seconds >= 0 && seconds <= MAX_STARTUP_SECONDS)) continue;
    estimate.seconds[estimate.count % RING] = seconds;
    estimate.count += 1;
  }
  estimate.started = present;
}

/** The 90th percentile, seconds: planning on the median would leave half of the pods late. */
export function startupSeconds(estimate: StartupEstimate, override: number | undefined): number {
  if (override !== undefined) return override;
  const n = Math.min(estimate.count, RING);
  if (n < MIN_SAMPLES) return PRIOR_SECONDS;
  const sorted = estimate.seconds.slice(0, n).sort();
  return Math.max(1, sorted[Math.min(n - 1, Math.ceil(0.9 * n) - 1)] ?? PRIOR_SECONDS);
}
