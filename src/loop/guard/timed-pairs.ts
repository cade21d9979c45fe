/**
 * A bounded log of pairs of replica counts with their times, oldest first. Exact down to one second: what happens
 * within the same second shares an entry, so that a log of an hour never has more than 3,601 of them, however fast
 * the loop turns. The arrays grow with use and are changed in place by their single owner.
 */
export interface TimedPairs {
  /** Seconds after which an entry is forgotten. */
  readonly keepSeconds: number;
  count: number;
  /** Ms since the epoch, never decreasing. */
  at: Float64Array;
  first: Int32Array;
  second: Int32Array;
}

export interface Pair {
  readonly first: number;
  readonly second: number;
}

const INITIAL_CAPACITY = 16;
const RESOLUTION_MS = 1000;

export function createTimedPairs(keepSeconds: number): TimedPairs {
  return {
    keepSeconds,
    count: 0,
    at: new Float64Array(INITIAL_CAPACITY),
    first: new Int32Array(INITIAL_CAPACITY),
    second: new Int32Array(INITIAL_CAPACITY),
  };
}

/** Appends a pair; `merge` joins it with an entry of the same second. `at` in ms since the epoch. */
export function appendPair(
  log: TimedPairs,
  at: number,
  pair: Pair,
  merge: (old: Pair, added: Pair) => Pair,
): void {
  turnBack(log, at, merge);
  const last = log.count - 1;
  const lastAt = log.at[last];
  if (lastAt !== undefined && Math.floor(lastAt / RESOLUTION_MS) === Math.floor(at / RESOLUTION_MS)) {
    store(log, last, at, merge(pairAt(log, last), pair));
    return;
  }
  if (log.count === log.at.length) makeRoom(log, at);
  store(log, log.count, at, pair);
  log.count += 1;
}

/** Joins all pairs younger than `seconds`; `initial` when there is none. */
export function reducePairs(
  log: TimedPairs,
  { now, seconds }: { readonly now: number; readonly seconds: number },
  join: (joined: Pair, entry: Pair) => Pair,
  initial: Pair,
): Pair {
  let joined = initial;
  for (let i = log.count - 1; i >= 0 && (log.at[i] ?? 0) > now - seconds * 1000; i -= 1) {
    joined = join(joined, pairAt(log, i));
  }
  return joined;
}

function pairAt(log: TimedPairs, index: number): Pair {
  return { first: log.first[index] ?? 0, second: log.second[index] ?? 0 };
}

function store(log: TimedPairs, index: number, at: number, { first, second }: Pair): void {
  log.at[index] = at;
  log.first[index] = first;
  log.second[index] = second;
}

/** After a clock stepped back, what was noted in its future counts as noted just now, or it would hold for ever. */
function turnBack(log: TimedPairs, now: number, merge: (old: Pair, added: Pair) => Pair): void {
  let start = log.count;
  while (start > 0 && (log.at[start - 1] ?? 0) > now) start -= 1;
  if (start === log.count) return;
  let joined = pairAt(log, start);
  for (let i = start + 1; i < log.count; i += 1) joined = merge(joined, pairAt(log, i));
  store(log, start, now, joined);
  log.count = start + 1;
}

function makeRoom(log: TimedPairs, now: number): void {
  let expired = 0;
  while (expired < log.count && (log.at[expired] ?? 0) <= now - log.keepSeconds * 1000) expired += 1;
  log.count -= expired;
  // Too little room gained would mean moving everything again at once.
  const capacity = log.count * 2 > log.at.length ? log.at.length * 2 : log.at.length;
  log.at = moved(new Float64Array(capacity), log.at, expired);
  log.first = moved(new Int32Array(capacity), log.first, expired);
  log.second = moved(new Int32Array(capacity), log.second, expired);
}

function moved<T extends Float64Array | Int32Array>(to: T, from: T, start: number): T {
  to.set(from.subarray(start));
  return to;
}
