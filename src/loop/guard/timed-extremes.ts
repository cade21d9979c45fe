/**
 * Smallest and largest of a series of counts over any time that ends now. Only what can still be an extreme is kept: a
 * count is no longer the largest of any such time once one at least as large has come after it. Exact down to one
 * second, as `TimedPairs`; the arrays grow with use and are changed in place by their single owner.
 */
export interface TimedExtremes {
  /** Each smaller than those before it. */
  readonly highest: Candidates;
  /** Each larger than those before it. */
  readonly lowest: Candidates;
}

interface Candidates {
  count: number;
  /** Time in ms since the epoch and value, in turns; oldest first, times rising. */
  entries: number[];
}

const INITIAL_CAPACITY = 2;
const RESOLUTION_MS = 1000;

export function createTimedExtremes(): TimedExtremes {
  return { highest: createCandidates(), lowest: createCandidates() };
}

function createCandidates(): Candidates {
  return { count: 0, entries: new Array<number>(2 * INITIAL_CAPACITY).fill(0) };
}

export interface TimedCount {
  /** Ms since the epoch. */
  readonly at: number;
  readonly count: number;
}

/** Entries older than `keepSeconds` may be forgotten. */
export function appendCount(extremes: TimedExtremes, added: TimedCount, keepSeconds: number): void {
  append(extremes.highest, added, { sign: 1, keepSeconds });
  append(extremes.lowest, added, { sign: -1, keepSeconds });
}

/** Nothing was ever appended. */
export function isEmpty({ highest }: TimedExtremes): boolean {
  return highest.count === 0;
}

/** Smallest and largest younger than `seconds`; undefined without any. */
export function extremesWithin(
  { highest, lowest }: TimedExtremes,
  { now, seconds }: { readonly now: number; readonly seconds: number },
): { readonly lowest: number; readonly highest: number } | undefined {
  const since = now - seconds * 1000;
  const high = firstAfter(highest, since);
  const low = firstAfter(lowest, since);
  if (high === highest.count || low === lowest.count) return undefined;
  return { lowest: valueAt(lowest, low), highest: valueAt(highest, high) };
}

/** `sign` 1: large ones count; -1: small ones. */
function append(
  candidates: Candidates,
  { at, count }: TimedCount,
  { sign, keepSeconds }: { readonly sign: 1 | -1; readonly keepSeconds: number },
): void {
  turnBack(candidates, at);
  const last = candidates.count - 1;
  let value = count;
  if (last >= 0 && second(timeAt(candidates, last)) === second(at)) {
    value = sign * Math.max(sign * count, sign * valueAt(candidates, last));
    candidates.count = last;
  }
  while (candidates.count > 0 && sign * valueAt(candidates, candidates.count - 1) <= sign * value) {
    candidates.count -= 1;
  }
  if (2 * candidates.count === candidates.entries.length) makeRoom(candidates, at - keepSeconds * 1000);
  store(candidates, candidates.count, at, value);
  candidates.count += 1;
}

/**
 * After a clock stepped back, what was noted in its future counts as noted just now, or it would hold for ever: of it
 * the first is the extreme.
 */
function turnBack(candidates: Candidates, now: number): void {
  const start = firstAfter(candidates, now);
  if (start === candidates.count) return;
  store(candidates, start, now, valueAt(candidates, start));
  candidates.count = start + 1;
}

function makeRoom(candidates: Candidates, expiredAt: number): void {
  const { entries, count } = candidates;
  const expired = firstAfter(candidates, expiredAt);
  candidates.count = count - expired;
  // Too little room gained would mean moving everything again at once.
  const length = 4 * candidates.count > entries.length ? 2 * entries.length : entries.length;
  candidates.entries = new Array<number>(length).fill(0);
  for (let i = 2 * expired; i < entries.length; i += 1) candidates.entries[i - 2 * expired] = entries[i] ?? 0;
}

/** Place of the first that is later than `time`; the count when none is. */
function firstAfter(candidates: Candidates, time: number): number {
  let place = candidates.count;
  while (place > 0 && timeAt(candidates, place - 1) > time) place -= 1;
  return place;
}

function timeAt({ entries }: Candidates, place: number): number {
  return entries[2 * place] ?? NaN;
}

function valueAt({ entries }: Candidates, place: number): number {
  return entries[2 * place + 1] ?? NaN;
}

function store({ entries }: Candidates, place: number, at: number, value: number): void {
  entries[2 * place] = at;
  entries[2 * place + 1] = value;
}

function second(at: number): number {
  return Math.floor(at / RESOLUTION_MS);
}
