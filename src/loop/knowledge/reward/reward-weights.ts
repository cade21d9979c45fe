/**
 * What a window's loss is made of. 1 is what the baseline arm's replicas cost in the same window: every other weight says
 * what something is worth in that unit. Only raw outcomes are stored, so that new weights hold for old windows too.
 *
 * | weight | of | default |
 * | --- | --- | --- |
 * | `cost` | replica-seconds ÷ those of the baseline arm | 1: the unit |
 * | `burn` | (bad share − allowed) ÷ allowed, from 0 up | 0.2: spending the budget twice as fast as it lasts is worth 20 % more replicas |
 * | `throttling` | share of CFS periods held back, 0 … 1 | 0.2: a window in which quotas always held the pods back |
 * | `restarts` | restarts ÷ mean replicas | 0.5: every pod killed once is worth half of them |
 * | `changes` | sum of the replicas changed ÷ mean replicas | 0.05: all pods replaced once, twice five per cent for down and up again |
 * | `rollbacks` | decreases that were undone | 0.5: each |
 *
 * With a budget of 1 % the weight of `burn` is the penalty of 20 for the violated share by which the arms are compared
 * (0.2 ÷ 0.01).
 */
export interface RewardWeights {
  readonly cost: number;
  readonly burn: number;
  readonly throttling: number;
  readonly restarts: number;
  readonly changes: number;
  readonly rollbacks: number;
  /** Burn beyond it counts no more: with a budget of 0.1 % a single outage would outweigh a year. */
  readonly mostBurn: number;
  /** Loss at which the reward is 0. */
  readonly referenceLoss: number;
}

export const REWARD_WEIGHTS: RewardWeights = {
  cost: 1,
  burn: 0.2,
  throttling: 0.2,
  restarts: 0.5,
  changes: 0.05,
  rollbacks: 0.5,
  // A tenth of everything bad at a budget of 1 ‰; 20 in the unit of the loss.
  mostBurn: 100,
  // The baseline's cost and nothing bad is 0.5: half of the scale for what is cheaper, half for what goes wrong.
  referenceLoss: 2,
};

const NAMES = Object.keys(REWARD_WEIGHTS) as readonly (keyof RewardWeights)[];

/** @throws RangeError that names the weight */
export function checkWeights(weights: RewardWeights): RewardWeights {
  for (const name of NAMES) {
    const value = weights[name];
    const allowed = name === 'referenceLoss' ? value > 0 : value >= 0;
    if (!allowed || !Number.isFinite(value)) {
      const range = name === 'referenceLoss' ? 'above 0' : 'from 0 up';
      throw new RangeError(`the weight ${name} must be a finite number ${range}, found ${value}`);
    }
  }
  return weights;
}
