/**
 * Has the demand fallen so far at once that it is hard to believe? A tenth of what it was within five minutes, or exactly
 * zero, is what a workload shows whose load has ended, and also one whose exporter was renamed, whose counter
 * changed its unit, or whose traffic no longer reaches the meter. The past tells them apart: a level at which the
 * demand has rested within the last days is no surprise, and a workload that idles between bursts is let go at once.
 */
export interface DemandLevels {
  /** The largest value of each of the last minutes, by minute modulo its length; -1 when there was none. */
  readonly recent: number[];
  /** The minute that `recent` reaches to; NaN before the first value. */
  minute: number;
  /** By UTC day modulo its length: the lowest level that held for a whole block of five minutes; Infinity without one. */
  readonly restedAt: number[];
  day: number;
  /** The block of five minutes that is being filled, its largest value and how many values it has. */
  block: number;
  blockMax: number;
  blockCount: number;
  /** The fall that is not believed yet. */
  fall: DemandFall | undefined;
}

/** `from` is the level before, in the metric's unit. Times in ms since the epoch. */
export interface DemandFall {
  readonly at: number;
  readonly from: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** "At once": the five minutes of F32 and F36, with the minute that is being filled. */
const RECENT_MINUTES = 6;
/** As long as demand history reaches: the same weekday is in it. */
const DAYS = 8;
const BLOCK_MS = 5 * MINUTE_MS;
/** One value within five minutes is a glimpse and no level. */
const MIN_BLOCK_VALUES = 3;
/** A change of magnitude (F36): ten times more or less. */
const FALL_SHARE = 0.1;
/** Back above a fifth the fall is over; the distance from a tenth keeps a value at the edge from flickering. */
const RECOVERY_SHARE = 0.2;
/** Levels differ a little from night to night: half of one that is known is known as well. Zero is only known by zero. */
const KNOWN_SHARE = 0.5;
/** After an hour at the new level it is the level. By then a slow descent has shown whether the objective minds. */
const BELIEVED_AFTER_MS = 60 * MINUTE_MS;

export function createDemandLevels(): DemandLevels {
  return {
    recent: new Array<number>(RECENT_MINUTES).fill(-1),
    minute: NaN,
    restedAt: new Array<number>(DAYS).fill(Infinity),
    day: NaN,
    block: NaN,
    blockMax: 0,
    blockCount: 0,
    fall: undefined,
  };
}

/** Takes in a fresh value (≥ 0, finite) of now, and says whether it is the end of a fall that is hard to believe. */
export function observeLevel(levels: DemandLevels, now: number, value: number): DemandFall | undefined {
  const minute = Math.floor(now / MINUTE_MS);
  forgetMinutes(levels, minute);
  const former = Math.max(...levels.recent);
  const slot = minute % RECENT_MINUTES;
  levels.recent[slot] = Math.max(levels.recent[slot] ?? -1, value);
  levels.fall = fallOf(levels, { now, value, former });
  // What is not believed must not become known by lasting.
  if (levels.fall === undefined) learnLevel(levels, now, value);
  return levels.fall;
}

/** Learns at which levels a past demand rested; NaN marks gaps. */
export function learnLevels(
  levels: DemandLevels,
  {
    startMs,
    stepMs,
    values,
  }: { readonly startMs: number; readonly stepMs: number; readonly values: Float64Array },
): void {
  for (const [index, value] of values.entries()) {
    if (Number.isFinite(value) && value >= 0) learnLevel(levels, startMs + index * stepMs, value);
  }
}

/** After a clock stepped back, a fall in its future began now. */
export function turnLevelsBack(levels: DemandLevels, now: number): void {
  if (levels.fall !== undefined && levels.fall.at > now) levels.fall = { ...levels.fall, at: now };
}

interface Level {
  readonly now: number;
  readonly value: number;
  /** The highest of the last minutes; -1 when there was none. */
  readonly former: number;
}

function fallOf(levels: DemandLevels, { now, value, former }: Level): DemandFall | undefined {
  const { fall } = levels;
  if (fall !== undefined) {
    const over = value > RECOVERY_SHARE * fall.from || now - fall.at >= BELIEVED_AFTER_MS;
    return over ? undefined : fall;
  }
  if (!(former > 0) || value >= FALL_SHARE * former) return undefined;
  return isKnown(levels, value) ? undefined : { at: now, from: former };
}

function isKnown({ restedAt }: DemandLevels, value: number): boolean {
  const lowest = Math.min(...restedAt);
  return value >= KNOWN_SHARE * lowest;
}

function learnLevel(levels: DemandLevels, at: number, value: number): void {
  const block = Math.floor(at / BLOCK_MS);
  if (block !== levels.block) {
    settleBlock(levels);
    levels.block = block;
    levels.blockMax = 0;
    levels.blockCount = 0;
  }
  levels.blockMax = Math.max(levels.blockMax, value);
  levels.blockCount += 1;
}

function settleBlock(levels: DemandLevels): void {
  if (levels.blockCount < MIN_BLOCK_VALUES) return;
  const day = Math.floor((levels.block * BLOCK_MS) / DAY_MS);
  forgetDays(levels, day);
  const slot = day % DAYS;
  levels.restedAt[slot] = Math.min(levels.restedAt[slot] ?? Infinity, levels.blockMax);
}

function forgetMinutes(levels: DemandLevels, minute: number): void {
  const passed = minute - levels.minute;
  // Also after a clock that stepped back, and before the first value.
  if (!(passed >= 0 && passed < RECENT_MINUTES)) levels.recent.fill(-1);
  else for (let m = levels.minute + 1; m <= minute; m += 1) levels.recent[m % RECENT_MINUTES] = -1;
  levels.minute = minute;
}

function forgetDays(levels: DemandLevels, day: number): void {
  const passed = day - levels.day;
  if (!(passed >= 0 && passed < DAYS)) levels.restedAt.fill(Infinity);
  else for (let d = levels.day + 1; d <= day; d += 1) levels.restedAt[d % DAYS] = Infinity;
  levels.day = day;
}
