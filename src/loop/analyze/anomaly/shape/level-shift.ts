/**
 * Tells what a run of surprising minutes was: a spike that came back or a level that stays. The level before is the
 * median of the half hour until then, because whatever says what is expected follows a new level within minutes.
 */
export interface LevelWatch {
  /** The last hour's values, and whether each minute was surprising, by minute modulo 60. */
  readonly values: Float64Array;
  readonly surprising: Uint8Array;
  /** Minutes taken in. */
  count: number;
  episode: Episode | undefined;
}

interface Episode {
  readonly since: number;
  readonly before: number;
  readonly scale: number;
  kind: 'Open' | 'LevelShift';
}

export interface LevelFinding {
  /** `Open`: lasts, and is too young to tell. `Spike`: it came back, and is over. */
  readonly kind: 'Open' | 'Spike' | 'LevelShift';
  /** ms since the epoch: where the sum of deviations from both levels turns (Page's CUSUM, looking back). */
  readonly since: number;
  /** Levels, in the unit of the series: medians of the minutes before, and since. */
  readonly before: number;
  readonly after: number;
}

const HOUR = 60;
const MINUTE_MS = 60_000;
const BASELINE = 30;
/** m of n. */
const PERSISTENT = 3;
const OF_MINUTES = 5;
/** A spike of a service that autoscales is over in a quarter of an hour. */
const SHIFT_AFTER = 15;
/** In scales of the minutes before: nearer is back, farther is away. */
const BACK = 2;
const AWAY = 3;
const LEAST_SHARE = 0.01;

export function createLevelWatch(): LevelWatch {
  return {
    values: new Float64Array(HOUR).fill(NaN),
    surprising: new Uint8Array(HOUR),
    count: 0,
    episode: undefined,
  };
}

/**
 * One minute: its value (NaN = unknown) and whether a detector found it unusual. Answers while an episode lasts, and
 * once more when it ends as a spike. A level shift is answered for an hour: then it is the level.
 */
export function observeLevel(
  watch: LevelWatch,
  minute: { readonly now: number; readonly value: number; readonly surprising: boolean },
): LevelFinding | undefined {
  const { now, value, surprising } = minute;
  const slot = watch.count % HOUR;
  watch.values[slot] = Number.isFinite(value) ? value : NaN;
  watch.surprising[slot] = Number(surprising);
  watch.count += 1;
  watch.episode ??= begin(watch, now);
  return watch.episode === undefined ? undefined : judge(watch, watch.episode, now);
}

function begin(watch: LevelWatch, now: number): Episode | undefined {
  let persistent = 0;
  for (let ago = 0; ago < OF_MINUTES; ago += 1) persistent += at(watch.surprising, watch.count, ago);
  if (persistent < PERSISTENT) return undefined;
  const ago = onsetAgo(watch);
  const past = recent(watch, ago + 1, ago + 1 + BASELINE);
  if (past.length < BASELINE / 2) return undefined;
  const before = medianOf(past);
  const spread = medianOf(past.map((value) => Math.abs(value - before)));
  const scale = Math.max(1.4826 * spread, LEAST_SHARE * Math.abs(before), Number.MIN_VALUE);
  return { since: now - ago * MINUTE_MS, before, scale, kind: 'Open' };
}

/** Minutes ago at which the two halves of the last minutes differ most: the longest of the persistent ones at most. */
function onsetAgo(watch: LevelWatch): number {
  const all = recent(watch, OF_MINUTES, OF_MINUTES + BASELINE);
  const before = medianOf(all);
  const deviations = Array.from(
    { length: 2 * OF_MINUTES },
    (_, ago) => at(watch.values, watch.count, ago) - before,
  );
  let best = { ago: 0, gain: 0 };
  let sum = 0;
  for (const [ago, deviation] of deviations.entries()) {
    sum += Number.isNaN(deviation) ? 0 : deviation;
    // A mean of few minutes is chance, one of many is diluted: the gain of least squares weighs both.
    const gain = (sum * sum) / (ago + 1);
    if (gain > best.gain) best = { ago, gain };
  }
  return best.ago;
}

function judge(watch: LevelWatch, episode: Episode, now: number): LevelFinding {
  const { since, before, scale } = episode;
  const minutes = Math.round((now - since) / MINUTE_MS);
  const after = medianOf(recent(watch, 0, Math.min(HOUR, Math.max(1, minutes + 1))));
  const latest = Math.abs(medianOf(recent(watch, 0, OF_MINUTES)) - before) / scale;
  if (latest < BACK) {
    watch.episode = undefined;
    return { kind: 'Spike', since, before, after };
  }
  if (minutes >= SHIFT_AFTER && latest >= AWAY) episode.kind = 'LevelShift';
  if (minutes >= HOUR) watch.episode = undefined;
  return { kind: episode.kind, since, before, after };
}

/** Known values from `from` to before `to` minutes ago. */
function recent(watch: LevelWatch, from: number, to: number): number[] {
  const values: number[] = [];
  for (let ago = from; ago < Math.min(to, watch.count, HOUR); ago += 1) {
    const value = at(watch.values, watch.count, ago);
    if (!Number.isNaN(value)) values.push(value);
  }
  return values;
}

function at(ring: Float64Array | Uint8Array, count: number, ago: number): number {
  return ago < count ? (ring[(count - 1 - ago) % HOUR] ?? NaN) : 0;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}
