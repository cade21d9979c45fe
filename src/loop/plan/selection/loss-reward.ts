/** Loss of a window as memory counts it: 1 is the clairvoyant's cost without a violation, more is worse. */
export interface LossScale {
  readonly least: number;
  readonly most: number;
}

/** Memory counts a window at most 8 (`LossWeights.most`). */
export const WINDOW_LOSSES: LossScale = { least: 1, most: 8 };

/**
 * A loss as a reward of 0 … 1, on a straight line: the arm with the smallest mean loss has the largest mean reward. NaN
 * stays NaN.
 */
export function rewardOfLoss(loss: number, { least, most }: LossScale = WINDOW_LOSSES): number {
  return Math.min(1, Math.max(0, (most - loss) / (most - least)));
}

/** A variance of losses as one of rewards. */
export function rewardVarianceOfLoss(variance: number, { least, most }: LossScale = WINDOW_LOSSES): number {
  return variance / (most - least) ** 2;
}
