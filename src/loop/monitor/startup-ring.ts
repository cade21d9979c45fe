import { STARTUP_CAUSES, type StartupCause } from './startup-cause.ts';

/** The last starts of each cause. Plain numbers and typed arrays. */
export interface StartupRing {
  /** `PER_CAUSE` durations in seconds for each cause, one ring after the other. */
  readonly seconds: Float32Array;
  /** Starts so far, by cause. */
  readonly counts: Float64Array;
  /** The causes of the last starts, as a ring: what the next order will mostly meet. */
  readonly recent: Uint8Array;
  total: number;
}

/** Starts of one cause, or of all, seconds. */
export interface StartupTimes {
  readonly medianSeconds: number;
  /** The 90th percentile. */
  readonly slowSeconds: number;
}

export interface StartupCauseTimes extends StartupTimes {
  readonly cause: StartupCause;
  /** Starts that the times rest on. */
  readonly starts: number;
  /** Part of the recent starts, 0 … 1. */
  readonly share: number;
}

const PER_CAUSE = 32;
const RECENT = 32;

/**
 * A percentile is the mean of the percentiles round it. With two causes, 20 s and 200 s, the 90th percentile alone
 * would jump between them whenever the tenth start is of the other one.
 */
const MEDIAN = [0.4, 0.6] as const;
const SLOW = [0.85, 0.95] as const;

export function createStartupRing(): StartupRing {
  return {
    seconds: new Float32Array(STARTUP_CAUSES.length * PER_CAUSE),
    counts: new Float64Array(STARTUP_CAUSES.length),
    recent: new Uint8Array(RECENT),
    total: 0,
  };
}

export function recordStart(ring: StartupRing, cause: StartupCause, seconds: number): void {
  const index = STARTUP_CAUSES.indexOf(cause);
  const count = ring.counts[index] ?? 0;
  ring.seconds[index * PER_CAUSE + (count % PER_CAUSE)] = seconds;
  ring.counts[index] = count + 1;
  ring.recent[ring.total % RECENT] = index;
  ring.total += 1;
}

/** Every cause that was met, with its times and its part of the recent starts. */
export function timesByCause(ring: StartupRing): readonly StartupCauseTimes[] {
  return STARTUP_CAUSES.flatMap((cause, index) => {
    const starts = kept(ring, index);
    const times = timesOf(starts.map((seconds) => ({ seconds, weight: 1 })));
    if (times === undefined) return [];
    return [{ cause, starts: starts.length, share: recentShare(ring, index), ...times }];
  });
}

/**
 * The times of the next start, which will be of one cause or another as the recent ones were: each cause keeps its own
 * starts, so that a rare one is not forgotten between two of its kind. Undefined without any start.
 */
export function blendedTimes(ring: StartupRing): StartupTimes | undefined {
  return timesOf(
    STARTUP_CAUSES.flatMap((_, index) => {
      const starts = kept(ring, index);
      const weight = recentShare(ring, index) / starts.length;
      return weight > 0 ? starts.map((seconds) => ({ seconds, weight })) : [];
    }),
  );
}

/** The times of all starts that are kept in these rings, whatever their cause; undefined without any. */
export function pooledTimes(rings: readonly StartupRing[]): StartupTimes | undefined {
  const starts = rings.flatMap((ring) => STARTUP_CAUSES.flatMap((_, index) => kept(ring, index)));
  return timesOf(starts.map((seconds) => ({ seconds, weight: 1 })));
}

function kept({ seconds, counts }: StartupRing, index: number): readonly number[] {
  const first = index * PER_CAUSE;
  return [...seconds.subarray(first, first + Math.min(counts[index] ?? 0, PER_CAUSE))];
}

function recentShare({ recent, total }: StartupRing, index: number): number {
  const looked = Math.min(total, RECENT);
  let found = 0;
  for (let i = 0; i < looked; i += 1) if (recent[i] === index) found += 1;
  return looked === 0 ? 0 : found / looked;
}

interface WeightedStart {
  readonly seconds: number;
  readonly weight: number;
}

function timesOf(starts: readonly WeightedStart[]): StartupTimes | undefined {
  if (starts.length === 0) return undefined;
  const sorted = [...starts].sort((a, b) => a.seconds - b.seconds);
  return { medianSeconds: meanBetween(sorted, MEDIAN), slowSeconds: meanBetween(sorted, SLOW) };
}

/** Mean of the sorted values between two shares of their whole weight; `sorted` is not empty. */
function meanBetween(sorted: readonly WeightedStart[], [from, to]: readonly [number, number]): number {
  let whole = 0;
  for (const { weight } of sorted) whole += weight;
  let before = 0;
  let sum = 0;
  let covered = 0;
  for (const { seconds, weight } of sorted) {
    const after = before + weight / whole;
    const part = Math.max(0, Math.min(after, to) - Math.max(before, from));
    sum += part * seconds;
    covered += part;
    before = after;
  }
  // In whole milliseconds: finer digits are rounding noise.
  return Math.round((1000 * sum) / covered) / 1000;
}
