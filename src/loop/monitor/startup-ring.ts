import { STARTUP_CAUSES, type StartupCause } from './startup-cause.ts';

/** The last starts of each cause. Plain numbers and typed arrays. */
export interface StartupRing {
  /** Of the causes that were met. */
  causes: readonly CauseStarts[];
  /** The causes of the last starts, as a ring of their places in `STARTUP_CAUSES`: what the next order will mostly meet. */
  recent: readonly number[];
  total: number;
}

interface CauseStarts {
  readonly cause: StartupCause;
  readonly durations: Durations;
}

/** The last durations in seconds, as a ring of up to `KEPT` that grows with use. */
export interface Durations {
  seconds: readonly number[];
  /** So far. */
  count: number;
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

/** Starts kept of each cause. */
export const KEPT = 32;
const RECENT = 32;

/**
 * A percentile is the mean of the percentiles round it. With two causes, 20 s and 200 s, the 90th percentile alone
 * would jump between them whenever the tenth start is of the other one.
 */
const MEDIAN = [0.4, 0.6] as const;
const SLOW = [0.85, 0.95] as const;

export function createStartupRing(): StartupRing {
  return { causes: [], recent: [], total: 0 };
}

export function createDurations(): Durations {
  return { seconds: [], count: 0 };
}

export function recordStart(ring: StartupRing, cause: StartupCause, seconds: number): void {
  let starts = ring.causes.find((known) => known.cause === cause);
  if (starts === undefined) {
    starts = { cause, durations: createDurations() };
    ring.causes = [...ring.causes, starts];
  }
  recordDuration(starts.durations, seconds);
  const last = { place: ring.total % RECENT, value: STARTUP_CAUSES.indexOf(cause) };
  ring.recent = withEntry(ring.recent, last);
  ring.total += 1;
}

export function recordDuration(durations: Durations, seconds: number): void {
  durations.seconds = withEntry(durations.seconds, { place: durations.count % KEPT, value: seconds });
  durations.count += 1;
}

/** A start is rare: the array is copied, and is never longer than what it holds. */
function withEntry(
  ring: readonly number[],
  { place, value }: { readonly place: number; readonly value: number },
): readonly number[] {
  return place < ring.length ? ring.with(place, value) : [...ring, value];
}

/** Every cause that was met, with its times and its part of the recent starts. */
export function timesByCause(ring: StartupRing): readonly StartupCauseTimes[] {
  return STARTUP_CAUSES.flatMap((cause, index) => {
    const starts = startsOf(ring, cause);
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
    STARTUP_CAUSES.flatMap((cause, index) => {
      const starts = startsOf(ring, cause);
      const weight = recentShare(ring, index) / starts.length;
      return weight > 0 ? starts.map((seconds) => ({ seconds, weight })) : [];
    }),
  );
}

/** The times of all starts that are kept, whatever their cause; undefined without any. */
export function pooledTimes(ring: StartupRing, others: Durations): StartupTimes | undefined {
  const starts = [...STARTUP_CAUSES.flatMap((cause) => startsOf(ring, cause)), ...others.seconds];
  return timesOf(starts.map((seconds) => ({ seconds, weight: 1 })));
}

function startsOf({ causes }: StartupRing, cause: StartupCause): readonly number[] {
  const starts = causes.find((known) => known.cause === cause);
  return starts?.durations.seconds ?? [];
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
