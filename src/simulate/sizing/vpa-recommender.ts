import { vpaAmount, type VpaAggregate, type VpaAmounts } from './vpa-aggregate.ts';

/** The defaults of the recommender's flags (pkg/recommender/config/config.go, v1.8.1). */
const TARGET_PERCENTILE = 0.9;
const LOWER_PERCENTILE = 0.5;
const UPPER_PERCENTILE = 0.95;
const SAFETY_MARGIN = 0.15;
/** Of a whole pod. */
const POD_MIN_MILLICORES = 25;
const POD_MIN_BYTES = 250 * 1024 * 1024;
/** Days of history that halve the lower bound's doubt are a thousandth of those of the upper bound's. */
const LOWER_CONFIDENCE_DAYS = 0.001;

export interface VpaRecommendation {
  readonly target: VpaAmounts;
  /** A request outside the bounds is changed at once, one within them only after a while. */
  readonly lower: VpaAmounts;
  readonly upper: VpaAmounts;
}

/**
 * What the vertical pod autoscaler's recommender would write into its object's status, before `minAllowed` and
 * `maxAllowed` (pkg/recommender/logic, v1.8.1, with the defaults of its flags).
 * @param containers how many the pod has: they share the pod's minimum.
 */
export function vpaRecommendation(aggregate: VpaAggregate, containers = 1): VpaRecommendation {
  const days = aggregate.confidenceDays();
  const estimate = (percentile: number, factor: number): VpaAmounts => {
    const used = aggregate.percentile(percentile);
    return {
      cpu: atLeast(vpaAmount(withMargin(used.cpu) * factor), POD_MIN_MILLICORES, containers),
      memory: atLeast(vpaAmount(withMargin(used.memory) * factor), POD_MIN_BYTES, containers),
    };
  };
  const doubt = 1 + LOWER_CONFIDENCE_DAYS / days;
  return {
    target: estimate(TARGET_PERCENTILE, 1),
    lower: estimate(LOWER_PERCENTILE, 1 / (doubt * doubt)),
    upper: estimate(UPPER_PERCENTILE, 1 + 1 / days),
  };
}

function withMargin(amount: number): number {
  return amount + vpaAmount(amount * SAFETY_MARGIN);
}

function atLeast(amount: number, podMinimum: number, containers: number): number {
  return Math.max(amount, vpaAmount(podMinimum * (1 / containers)));
}
