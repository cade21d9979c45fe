import type { PodView } from './observation.ts';

/**
 * How long a pod of this workload takes from creation to Ready, learned from its own pods. The forecast must
 * look at least this far ahead: an order placed now serves only after it.
 */
export interface StartupEstimate {
  /** Ring of the last durations, seconds. */
  readonly seconds: Float32Array;
  count: number;
  /** Pods that have been ready once, by name, with their time of creation: a StatefulSet gives the next pod the same name. */
  readonly started: Map<string, number>;
  /** The 90th percentile of `seconds`; undefined before there are enough. */
  slow: number | undefined;
}

const RING = 32;

/** Before three pods have been seen: image pulled, application warm; KEDA's and Knative's field reports centre here. */
const PRIOR_SECONDS = 60;
const MIN_SAMPLES = 3;

/** A Ready condition that moved later than this after creation is a probe that flapped, not a start. */
const MAX_STARTUP_SECONDS = 3600;

export function createStartupEstimate(): StartupEstimate {
  return { seconds: new Float32Array(RING), count: 0, started: new Map(), slow: undefined };
}

export function observeStartups(estimate: StartupEstimate, pods: readonly PodView[]): void {
  const { started } = estimate;
  let present = 0;
  const before = estimate.count;
  for (const pod of pods) {
    // A pod whose probe failed for a while becomes ready again long after it started.
    if (started.get(pod.name) === pod.createdAt) {
      present += 1;
      continue;
    }
    if (!pod.ready || pod.readyChangedAt === undefined) continue;
    started.set(pod.name, pod.createdAt);
    present += 1;
    const seconds = (pod.readyChangedAt - pod.createdAt) / 1000;
    if (!(seconds >= 0 && seconds <= MAX_STARTUP_SECONDS)) continue;
    estimate.seconds[estimate.count % RING] = seconds;
    estimate.count += 1;
  }
  if (started.size > present) forgetAbsent(started, pods);
  if (estimate.count !== before) estimate.slow = slowStart(estimate);
}

function forgetAbsent(started: Map<string, number>, pods: readonly PodView[]): void {
  const names = new Set(pods.map((pod) => pod.name));
  for (const name of started.keys()) if (!names.has(name)) started.delete(name);
}

/** The 90th percentile, seconds: planning on the median would leave half of the pods late. */
function slowStart({ seconds, count }: StartupEstimate): number | undefined {
  const n = Math.min(count, RING);
  if (n < MIN_SAMPLES) return undefined;
  const slow = seconds.slice(0, n).sort()[Math.ceil(0.9 * n) - 1];
  return slow === undefined ? undefined : Math.max(1, slow);
}

/** How far ahead to plan, seconds: what the user says, else what was learned, else what is usual. */
export function startupSeconds({ slow }: StartupEstimate, override: number | undefined): number {
  return override ?? slow ?? PRIOR_SECONDS;
}
