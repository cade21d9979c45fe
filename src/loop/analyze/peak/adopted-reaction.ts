import { BIN_SECONDS, reactionWindows } from './bins.ts';

/** How late an order takes effect and how old data are: what the windows are made of. */
export interface Reaction {
  /** Local clock, ms since the epoch. */
  readonly now: number;
  /** From the order until the replica serves. */
  readonly startupSeconds: number;
  /** A value is of so long before its own time: half the window of a rate, for example; 0 for a gauge. */
  readonly lagSeconds: number;
}

/** The windows that forecasts are made for: they follow the reaction with hysteresis. */
export interface AdoptedReaction {
  /** Bins from the newest measured one to that in which the decision falls: 3 when data are 30 s old. */
  lagBins: number;
  /** As in `ReactionWindows`. */
  from: number;
  to: number;
  /** False until a live sample has been seen: history does not tell how old data will be. */
  live: boolean;
  /** Samples in a row that asked for other windows. */
  differing: number;
}

/** A reaction that differs by more than this share is followed after five minutes, by less after an hour. */
const CLEAR_SHARE = 0.15;
const CLEAR_SAMPLES = 20;
const SLIGHT_SAMPLES = 240;

/**
 * Age that is not counted as another bin. What a query and a tick take, a second or three, would else move the windows by
 * a whole bin, and more so the closer data are to fresh; of what is left out the grace of two bins is eight times as
 * much. Replays, whose ages are whole bins, do not tell such tolerances apart.
 */
const TOLERANCE_BINS = 0.25;

/** The usual age of the newest value, until one has been seen. */
const USUAL_AGE_MS = 15_000;

export type WantedReaction = Readonly<Pick<AdoptedReaction, 'lagBins' | 'from' | 'to'>>;

export function createAdoptedReaction(): AdoptedReaction {
  return { lagBins: 2, ...reactionWindows(0), live: false, differing: 0 };
}

/** Bins from the newest measured one to the end of the windows. */
export function reachOf({ lagBins, to }: WantedReaction): number {
  return lagBins + to;
}

/** What a reaction asks for, when the newest value is of the time `at` (undefined: not known yet). */
export function wantedReaction(
  { now, startupSeconds, lagSeconds }: Reaction,
  at: number | undefined,
  maxReach: number,
): WantedReaction {
  const age = at === undefined ? USUAL_AGE_MS : Math.max(0, now - at);
  // The middle of a bin is as old when the bin ends: only a rate over more than a bin is late.
  const late = (age / 1000 + Math.max(0, lagSeconds - BIN_SECONDS / 2)) / BIN_SECONDS;
  const lagBins = Math.min(maxReach >> 1, 1 + Math.ceil(late - TOLERANCE_BINS));
  const { from, to } = reactionWindows(startupSeconds);
  const excess = Math.max(0, lagBins + to - maxReach);
  return { lagBins, from: from - excess, to: to - excess };
}

/** Follows what is wanted; true when other windows hold from now on. */
export function followReaction(adopted: AdoptedReaction, wanted: WantedReaction, live: boolean): boolean {
  // Also for history, which is learned for the windows that are expected now.
  const first = !adopted.live;
  adopted.live ||= live;
  if (wanted.lagBins === adopted.lagBins && wanted.to === adopted.to) {
    adopted.differing = 0;
    return false;
  }
  adopted.differing++;
  const off = Math.abs(reachOf(wanted) - reachOf(adopted));
  const needed = off > CLEAR_SHARE * reachOf(adopted) ? CLEAR_SAMPLES : SLIGHT_SAMPLES;
  if (!first && adopted.differing < needed) return false;
  adopted.lagBins = wanted.lagBins;
  adopted.from = wanted.from;
  adopted.to = wanted.to;
  adopted.differing = 0;
  return true;
}
