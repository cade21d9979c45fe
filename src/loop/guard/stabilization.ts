import { recommendationRange, type ScalingHistory } from './history.ts';

export interface StabilizationInput {
  /** The recommendation of now, not yet stabilised; it counts whether or not it is in the history already. */
  readonly desired: number;
  /** `spec.replicas` of the target. */
  readonly current: number;
  readonly scaleUpWindowSeconds: number;
  readonly scaleDownWindowSeconds: number;
  readonly history: ScalingHistory;
  /** Ms since the epoch. */
  readonly now: number;
}

/** A value after a behaviour rule; `limitedBy` when the rule changed it. */
export interface Limited<Reason extends string> {
  readonly value: number;
  readonly limitedBy?: Reason;
  readonly message: string;
}

/**
 * Moves no further up than the lowest recommendation of the scale-up window, and no further down than the highest
 * of the scale-down window (kubernetes v1.36.3 horizontal.go, stabilizeRecommendationWithBehaviors). The value lies
 * between `current` and `desired`.
 */
export function stabilize(input: StabilizationInput): Limited<'ScaleUpStabilized' | 'ScaleDownStabilized'> {
  const { desired, current, history, now, scaleUpWindowSeconds, scaleDownWindowSeconds } = input;
  const { lowest } = recommendationRange(history, desired, { now, seconds: scaleUpWindowSeconds });
  const { highest } = recommendationRange(history, desired, { now, seconds: scaleDownWindowSeconds });
  const value = Math.min(Math.max(current, lowest), highest);
  if (value === desired) return { value, message: `${desired} agrees with the recent recommendations` };
  return desired > current
    ? {
        value,
        limitedBy: 'ScaleUpStabilized',
        message: `the lowest recommendation of the last ${scaleUpWindowSeconds} s is ${lowest}`,
      }
    : {
        value,
        limitedBy: 'ScaleDownStabilized',
        message: `the highest recommendation of the last ${scaleDownWindowSeconds} s is ${highest}`,
      };
}
