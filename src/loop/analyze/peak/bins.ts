/**
 * Time in bins of 15 s, the rhythm of decisions: short enough that a peak is not averaged away before a pod could
 * start, long enough to hold a request or two of a small service. Days are UTC.
 */
export const BIN_SECONDS = 15;
export const BINS_PER_DAY = 86_400 / BIN_SECONDS;

/** Spans of bins, both ends included, counted from the bin that begins with the decision. */
export interface ReactionWindows {
  /** Where an order placed now matters, *up*, begins: earlier it cannot serve. */
  readonly from: number;
  /**
   * Where both end: later the next order is in time too. Where removing a replica now matters, *hold*, begins at 0 and
   * lasts until an order placed at the next decisions would replace it.
   */
  readonly to: number;
}

/** Bins of grace after the first that an order can serve: one for the next decision, one for start-ups that vary. */
const GRACE_BINS = 2;

/** @param startupSeconds Median time from the order until the replica serves. */
export function reactionWindows(startupSeconds: number): ReactionWindows {
  const from = Math.floor(startupSeconds / BIN_SECONDS);
  return { from, to: from + GRACE_BINS };
}
