/**
 * A bounded log of pairs of replica counts with their times, oldest first. Exact down to one second: what happens
 * within the same second shares an entry, so that a log of an hour never has more than 3,601 of them, however fast
 * the loop turns. The arrays grow with use and are changed in place by their single owner.
 */
export interface TimedPairs {
  /** Seconds after which an entry is forgotten. */
  readonly keepSeconds: number;
  count: number;
  /** Time in ms since the epoch, first and second count, in turns; times never decrease. */
  entries: number[];
}

export interface Pair {
  readonly first: number;
  readonly second: number;
}

/** Numbers of an entry. */
const WIDTH = 3;
const INITIAL_CAPACITY = 2;
const RESOLUTION_MS = 1000;

export function createTimedPairs(keepSeconds: number): TimedPairs {
  return { keepSeconds, count: 0, entries: new Array<number>(WIDTH * INITIAL_CAPACITY).fill(0) };
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
  const lastAt = timeAt(log, last);
  if (last >= 0 && Math.floor(lastAt / RESOLUTION_MS) === Math.floor(at / RESOLUTION_MS)) {
    store(log, last, at, merge(pairAt(log, last), pair));
    return;
  }
  if (WIDTH * log.count === log.entries.length) makeRoom(log, at);
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
  for (let i = log.count - 1; i >= 0 && timeAt(log, i) > now - seconds * 1000; i -= 1) {
    joined = join(joined, pairAt(log, i));
  }
  return joined;
}

function timeAt({ entries }: TimedPairs, index: number): number {
  return entries[WIDTH * index] ?? NaN;
}

function pairAt({ entries }: TimedPairs, index: number): Pair {
  return { first: entries[WIDTH * index + 1] ?? 0, second: entries[WIDTH * index + 2] ?? 0 };
}

function store({ entries }: TimedPairs, index: number, at: number, { first, second }: Pair): void {
  entries[WIDTH * index] = at;
  entries[WIDTH * index + 1] = first;
  entries[WIDTH * index + 2] = second;
}

/** After a clock stepped back, what was noted in its future counts as noted just now, or it would hold for ever. */
function turnBack(log: TimedPairs, now: number, merge: (old: Pair, added: Pair) => Pair): void {
  let start = log.count;
  while (start > 0 && timeAt(log, start - 1) > now) start -= 1;
  if (start === log.count) return;
  let joined = pairAt(log, start);
  for (let i = start + 1; i < log.count; i += 1) joined = merge(joined, pairAt(log, i));
  store(log, start, now, joined);
  log.count = start + 1;
}

function makeRoom(log: TimedPairs, now: number): void {
  let expired = 0;
  while (expired < log.count && timeAt(log, expired) <= now - log.keepSeconds * 1000) expired += 1;
  log.count -= expired;
  const { entries } = log;
  // Too little room gained would mean moving everything again at once.
  const length = 2 * WIDTH * log.count > entries.length ? 2 * entries.length : entries.length;
  log.entries = new Array<number>(length).fill(0);
  for (let i = WIDTH * expired; i < entries.length; i += 1)
    log.entries[i - WIDTH * expired] = entries[i] ?? 0;
}
