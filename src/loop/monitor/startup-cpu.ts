import type { PodUsage, PodView } from './observation.ts';

/** How a young pod's CPU compares with that of its settled neighbours, by the time since it became ready. */
export interface WarmupEstimate {
  /**
   * By age in steps of 30 s the mean of usage ÷ median usage of the settled pods; then, by age, observations so far.
   * Undefined before the first.
   */
  learned: Float32Array | undefined;
}

/** Compilers, caches and connection pools are warm after ten minutes; what still differs then is the pod's own. */
const SETTLED_SECONDS = 600;
const STEP_SECONDS = 30;
const STEPS = SETTLED_SECONDS / STEP_SECONDS;

/** One tick of one pod may be anything. */
const MIN_OBSERVATIONS = 3;

/** The last so many observations of an age: a new revision may warm up otherwise. */
const MEMORY = 32;

/** Load is not spread more evenly than that: a fifth more or less is no warm-up. */
const EVEN = 0.2;

/** Starting can take all of a node's cores: more than so many times the usual says no more. */
const LARGEST_RATIO = 10;

/** Before it has been seen: a rate over a minute or two still contains the start, or the time before it. */
const PRIOR_SECONDS = 60;

export function createWarmupEstimate(): WarmupEstimate {
  return { learned: undefined };
}

/** Learns from one tick's CPU usage of the pods; nothing while no pod has been ready for ten minutes. */
export function observeWarmup(
  estimate: WarmupEstimate,
  pods: readonly PodView[],
  usage: readonly PodUsage[],
): void {
  const ages = agesOf(pods);
  const usual = usualUsage(usage, ages, SETTLED_SECONDS);
  if (usual === undefined || !(usual > 0)) return;
  for (const { pod, reading } of usage) {
    if (reading.quality !== 'Fresh') continue;
    const step = Math.floor(ageAt(ages, pod, reading.at) / STEP_SECONDS);
    if (!(step >= 0 && step < STEPS)) continue;
    const ratio = Math.min(LARGEST_RATIO, reading.value / usual);
    estimate.learned ??= new Float32Array(2 * STEPS);
    learnRatio(estimate.learned, step, ratio);
  }
}

function learnRatio(learned: Float32Array, step: number, ratio: number): void {
  const count = Math.min(MEMORY, (learned[STEPS + step] ?? 0) + 1);
  const before = learned[step] ?? 0;
  learned[STEPS + step] = count;
  learned[step] = before + (ratio - before) / count;
}

/** Until when after its readiness a pod's CPU is not like its neighbours', seconds; 0 … 600. */
export function warmupSeconds({ learned }: WarmupEstimate): number {
  let steps = 0;
  while (steps < STEPS && (learned?.[STEPS + steps] ?? 0) >= MIN_OBSERVATIONS) {
    if (Math.abs((learned?.[steps] ?? 1) - 1) <= EVEN) return steps * STEP_SECONDS;
    steps += 1;
  }
  // As far as was seen none was like the others; what was not seen yet is as usual.
  return Math.max(steps * STEP_SECONDS, PRIOR_SECONDS);
}

/**
 * CPU usage as it would be if all pods had warmed up: a pod that is younger counts with the median of the others, for
 * its compiler is not load. Without any other fresh pod each counts with its own usage.
 */
export function withoutWarmup(
  usage: readonly PodUsage[],
  pods: readonly PodView[],
  seconds: number,
): readonly PodUsage[] {
  if (seconds === 0) return usage;
  const ages = agesOf(pods);
  const usual = usualUsage(usage, ages, seconds);
  if (usual === undefined) return usage;
  return usage.map((own) => {
    const { pod, reading } = own;
    if (reading.quality !== 'Fresh' || !(ageAt(ages, pod, reading.at) < seconds)) return own;
    return { pod, reading: { ...reading, value: usual } };
  });
}

type ReadySince = ReadonlyMap<string, number>;

/** When each ready pod became ready, ms since the epoch. */
function agesOf(pods: readonly PodView[]): ReadySince {
  const since = new Map<string, number>();
  for (const { name, ready, deleting, readyChangedAt } of pods) {
    if (ready && !deleting && readyChangedAt !== undefined) since.set(name, readyChangedAt);
  }
  return since;
}

/** Seconds between readiness and the sample; NaN for a pod that is not ready. */
function ageAt(ages: ReadySince, pod: string, at: number): number {
  return (at - (ages.get(pod) ?? NaN)) / 1000;
}

/** The median usage of the pods that have been ready for so long; undefined without any. */
function usualUsage(usage: readonly PodUsage[], ages: ReadySince, seconds: number): number | undefined {
  const values: number[] = [];
  for (const { pod, reading } of usage) {
    if (reading.quality === 'Fresh' && ageAt(ages, pod, reading.at) >= seconds) values.push(reading.value);
  }
  values.sort((a, b) => a - b);
  const high = values[Math.floor(values.length / 2)];
  const low = values[Math.floor((values.length - 1) / 2)];
  return low === undefined || high === undefined ? undefined : low + (high - low) / 2;
}
