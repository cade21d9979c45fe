/**
 * Time in bins of 15 s, the rhythm of decisions: short enough that a peak is not averaged away before a pod could
 * start, long enough to hold a request or two of a small service. Days are UTC.
 */
export const BIN_SECONDS = 15;
export const BINS_PER_DAY = 86_400 / BIN_SECONDS;

/** A span of bins, both ends included, counted from the bin that begins with the decision. */
export interface PeakWindow {
  readonly from: number;
  readonly to: number;
}

export interface ReactionWindows {
  /** Where an order placed now matters: earlier it cannot serve, later the next order is in time too. */
  readonly up: PeakWindow;
  /** Where removing a replica now matters: from now until an order placed at the next decisions would replace it. */
  readonly hold: PeakWindow;
}

/** Bins of grace after the first that an order can serve: one for the next decision, one for start-ups that vary. */
const GRACE_BINS = 2;

/** @param startupSeconds Median time from the order until the replica serves. */
export function reactionWindows(startupSeconds: number): ReactionWindows {
  const from = Math.floor(startupSeconds / BIN_SECONDS);
  const to = from + GRACE_BINS;
  return { up: { from, to }, hold: { from: 0, to } };
}
