import type { PodView } from './observation.ts';
import { causeOfStart, rememberImage, type ImagesOnNodes } from './startup-cause.ts';
import {
  blendedTimes,
  createDurations,
  createStartupRing,
  pooledTimes,
  recordDuration,
  recordStart,
  timesByCause,
  type Durations,
  type StartupCauseTimes,
  type StartupRing,
  type StartupTimes,
} from './startup-ring.ts';
import { steadyMedian } from './steady-median.ts';

/**
 * How long a pod of this workload takes from creation to Ready, learned from its own pods. The forecast must
 * look at least this far ahead: an order placed now serves only after it.
 */
export interface StartupEstimate {
  /** Starts that were watched from their beginning and needed one attempt. */
  readonly watched: StartupRing;
  /** Starts before anybody watched, whose pods may have failed and recovered since, and starts of several attempts. */
  readonly doubtful: Durations;
  /** Pods that have been ready once, by name, with their time of creation: a StatefulSet gives the next pod the same name. */
  readonly started: Map<string, number>;
  readonly images: ImagesOnNodes;
  /** The pods have been looked at before: one that was not there then is new. */
  watching: boolean;
  /** Of the starts that count; undefined before there are enough. */
  times: StartupTimes | undefined;
  /** Of the watched starts. */
  causes: readonly StartupCauseTimes[];
}

/** The start-up time that plans are made with, and what it rests on. */
export interface StartupSummary extends StartupTimes {
  /** How far ahead to plan: `slowSeconds`, for planning on the median would leave half of the pods late. */
  readonly seconds: number;
  readonly source: 'Specified' | 'Measured' | 'Assumed';
  /** Empty while no start has been watched. */
  readonly causes: readonly StartupCauseTimes[];
}

/** Before three pods have been seen: image pulled, application warm; KEDA's and Knative's field reports centre here. */
const PRIOR_SECONDS = 60;
const MIN_STARTS = 3;

/** A Ready condition that moved later than this after creation is a probe that flapped, not a start. */
const MAX_STARTUP_SECONDS = 3600;

/**
 * Until so long after its start an unready pod's condition is as it was set at first (the HPA's initial readiness
 * delay); one that changed later was ready in between.
 */
const NEVER_READY_MS = 30_000;

export function createStartupEstimate(): StartupEstimate {
  return {
    watched: createStartupRing(),
    doubtful: createDurations(),
    started: new Map(),
    images: new Map(),
    watching: false,
    times: undefined,
    causes: [],
  };
}

/** Looks at all pods of the workload and learns from those that have started since the last look. */
export function observeStartups(estimate: StartupEstimate, pods: readonly PodView[]): void {
  const { started } = estimate;
  let present = 0;
  const ready: PodView[] = [];
  for (const pod of pods) {
    // A pod whose probe failed for a while becomes ready again long after it started.
    if (started.get(pod.name) === pod.createdAt) {
      present += 1;
      continue;
    }
    const isReady = pod.ready && pod.readyChangedAt !== undefined;
    if (!isReady && (estimate.watching || !wasReadyBefore(pod))) continue;
    started.set(pod.name, pod.createdAt);
    present += 1;
    if (isReady) ready.push(pod);
  }
  if (started.size > present) forgetAbsent(started, pods);
  if (ready.length > 0) learn(estimate, ready);
  estimate.watching = true;
}

function wasReadyBefore({ readyChangedAt, startedAt }: PodView): boolean {
  return readyChangedAt !== undefined && readyChangedAt > (startedAt ?? Infinity) + NEVER_READY_MS;
}

function forgetAbsent(started: Map<string, number>, pods: readonly PodView[]): void {
  const names = new Set(pods.map((pod) => pod.name));
  for (const name of started.keys()) if (!names.has(name)) started.delete(name);
}

function learn(estimate: StartupEstimate, ready: PodView[]): void {
  const readyAt = ({ readyChangedAt }: PodView): number => readyChangedAt ?? NaN;
  for (const pod of ready.sort((a, b) => readyAt(a) - readyAt(b) || a.createdAt - b.createdAt)) {
    const cause = causeOfStart(estimate.images, pod);
    rememberImage(estimate.images, pod);
    const seconds = (readyAt(pod) - pod.createdAt) / 1000;
    if (!(seconds >= 0 && seconds <= MAX_STARTUP_SECONDS)) continue;
    if (estimate.watching && (pod.restarts ?? 0) === 0) recordStart(estimate.watched, cause, seconds);
    else recordDuration(estimate.doubtful, seconds);
  }
  const times = measuredTimes(estimate);
  const starts = estimate.watched.total;
  estimate.times = times && {
    ...times,
    medianSeconds: steadyMedian(estimate.times?.medianSeconds, times.medianSeconds, starts),
  };
  estimate.causes = timesByCause(estimate.watched);
}

/** Of what was watched; until there is enough of it, with what was only heard of. */
function measuredTimes({ watched, doubtful }: StartupEstimate): StartupTimes | undefined {
  if (watched.total + doubtful.count < MIN_STARTS) return undefined;
  const times = watched.total < MIN_STARTS ? pooledTimes(watched, doubtful) : blendedTimes(watched);
  if (times === undefined) return undefined;
  const { medianSeconds, slowSeconds } = times;
  return { medianSeconds: Math.max(1, medianSeconds), slowSeconds: Math.max(1, slowSeconds) };
}

/** How far ahead to plan, seconds: what the user says, else what was learned, else what is usual. */
export function startupSeconds({ times }: StartupEstimate, override: number | undefined): number {
  return override ?? times?.slowSeconds ?? PRIOR_SECONDS;
}

/** What `startupSeconds` says, and why. */
export function startupSummary(estimate: StartupEstimate, override: number | undefined): StartupSummary {
  const { times, causes } = estimate;
  const assumed = override ?? PRIOR_SECONDS;
  const { medianSeconds, slowSeconds } =
    override === undefined && times !== undefined ? times : { medianSeconds: assumed, slowSeconds: assumed };
  return {
    seconds: slowSeconds,
    medianSeconds,
    slowSeconds,
    source: sourceOf(times, override),
    causes,
  };
}

function sourceOf(times: StartupTimes | undefined, override: number | undefined): StartupSummary['source'] {
  if (override !== undefined) return 'Specified';
  return times === undefined ? 'Assumed' : 'Measured';
}
