import { halvesIn, type Arena } from './arena.ts';
import { BINS_PER_DAY } from './bins.ts';
import { fromPositiveHalf, toPositiveHalf, UNKNOWN } from './half.ts';

const BINS_PER_SLOT = 4;
const SLOTS = BINS_PER_DAY / BINS_PER_SLOT;

/**
 * The usual day in means of a minute, older days forgotten exponentially; values between are linear. A seventh of the
 * memory of seven whole days. In means of five minutes forecasts had a tenth more loss: what jobs do at one minute of
 * each hour was not to be seen.
 */
export interface DailyProfile {
  /** By slot of the day, in halves. */
  readonly usual: Uint16Array;
  /** The slot that is being filled, by number since the epoch, the sum and number of its known bins. */
  slot: number;
  sum: number;
  known: number;
  /** Mean of the slot before it, not yet in the profile: today must not explain today. NaN when unknown. */
  previous: number;
}

/** Share of the newest day: three to four days have half the weight. */
const RATE = 0.25;

export function createDailyProfile(arena: Arena): DailyProfile {
  return { usual: halvesIn(arena, SLOTS).fill(UNKNOWN), slot: -Infinity, sum: 0, known: 0, previous: NaN };
}

/** Takes in a known bin, in order; all bins left out are unknown. */
export function storeInProfile(profile: DailyProfile, bin: number, value: number): void {
  const slot = Math.floor(bin / BINS_PER_SLOT);
  if (slot !== profile.slot) closeSlots(profile, slot);
  profile.sum += value;
  profile.known++;
}

/** The usual value at the middle of `bin`, linear between the middles of slots; NaN when unknown. */
export function usualAt(profile: DailyProfile, bin: number): number {
  const position = (bin + 0.5) / BINS_PER_SLOT - 0.5;
  const before = Math.floor(position);
  const low = usualOf(profile, before);
  const high = usualOf(profile, before + 1);
  if (Number.isNaN(low)) return high;
  return Number.isNaN(high) ? low : low + (position - before) * (high - low);
}

/** The largest usual value of the bins `from … to`; NaN when none is known. */
export function usualMax(profile: DailyProfile, from: number, to: number): number {
  let max = larger(usualAt(profile, from), usualAt(profile, to));
  const last = Math.floor((to + 0.5) / BINS_PER_SLOT - 0.5);
  for (let slot = Math.ceil((from + 0.5) / BINS_PER_SLOT - 0.5); slot <= last; slot++) {
    max = larger(max, usualOf(profile, slot));
  }
  return max;
}

function larger(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return b > a ? b : a;
}

function closeSlots(profile: DailyProfile, next: number): void {
  const { usual, slot, previous } = profile;
  const before = usualOf(profile, slot - 1);
  if (!Number.isNaN(previous)) {
    const moved = Number.isNaN(before) ? previous : before + RATE * (previous - before);
    usual[placeOf(slot - 1)] = toPositiveHalf(moved);
  }
  const mean = profile.known > 0 ? profile.sum / profile.known : NaN;
  profile.previous = next === slot + 1 ? mean : NaN;
  profile.slot = next;
  profile.sum = 0;
  profile.known = 0;
}

function usualOf({ usual }: DailyProfile, slot: number): number {
  return fromPositiveHalf(usual[placeOf(slot)] ?? UNKNOWN);
}

function placeOf(slot: number): number {
  const place = slot % SLOTS;
  return place < 0 ? place + SLOTS : place;
}
