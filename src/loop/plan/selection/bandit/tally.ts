/**
 * How the past fades. Drifting rewards need one of the last two (Garivier and Moulines, "On upper-confidence bound
 * policies for switching bandit problems", ALT 2011).
 */
export type Forgetting =
  | { readonly kind: 'None' }
  /** Every reward leaves this share of those before it, above 0 and below 1. */
  | { readonly kind: 'Discount'; readonly factor: number }
  /** So many of the last rewards count, of all arms together. */
  | { readonly kind: 'Window'; readonly length: number };

/** A few hundred rewards: about a week of half hours. */
export const USUAL_FORGETTING: Forgetting = { kind: 'Discount', factor: 0.997 };

/**
 * Rewards of each arm, 0 … 1, and what was believed before any came. Priors stand beside what was measured and do not fade:
 * when all else is forgotten they are what is left, and they can be replaced at any time. Plain data.
 */
export interface Tally {
  readonly arms: number;
  readonly forgetting: Forgetting;
  /** By arm: weight, sum and sum of squares of the rewards; after all arms the same of the priors. */
  readonly sums: Float64Array;
  /** Of a window the last rewards, and where the next goes. */
  readonly ring: RewardRing | undefined;
}

interface RewardRing {
  readonly arm: Uint8Array;
  readonly reward: Float32Array;
  next: number;
  filled: number;
}

/** What is believed of an arm before its own rewards come: as if `weight` of them had come with this mean and variance. */
export interface ArmBelief {
  readonly mean: number;
  readonly variance: number;
  readonly weight: number;
}

const FIELDS = 3;
/** Below it a sum of faded weights is nothing. */
const NOTHING = 1e-9;

/** @throws RangeError naming what cannot be */
export function createTally(arms: number, forgetting: Forgetting = USUAL_FORGETTING): Tally {
  checkForgetting(forgetting);
  const ring =
    forgetting.kind === 'Window'
      ? {
          arm: new Uint8Array(forgetting.length),
          reward: new Float32Array(forgetting.length),
          next: 0,
          filled: 0,
        }
      : undefined;
  return { arms, forgetting, sums: new Float64Array(2 * FIELDS * arms), ring };
}

function checkForgetting(forgetting: Forgetting): void {
  if (forgetting.kind === 'Discount' && !(forgetting.factor > 0 && forgetting.factor < 1))
    throw new RangeError(`a discount must be above 0 and below 1, found ${forgetting.factor}`);
  if (forgetting.kind === 'Window' && !(Number.isInteger(forgetting.length) && forgetting.length > 0))
    throw new RangeError(`a window must be a whole number of rewards above 0, found ${forgetting.length}`);
}

/** @param reward 0 … 1; whoever calls has looked that it is */
export function addReward(tally: Tally, arm: number, reward: number): void {
  const { forgetting, sums, ring } = tally;
  if (forgetting.kind === 'Discount') {
    const measured = FIELDS * tally.arms;
    for (let i = 0; i < measured; i += 1) sums[i] = (sums[i] ?? 0) * forgetting.factor;
  }
  // As it is kept in the ring: what leaves it takes away exactly what it brought.
  const value = ring === undefined ? reward : Math.fround(reward);
  if (ring !== undefined) takeIn(tally, ring, { arm, value });
  add(sums, FIELDS * arm, 1, value);
}

function takeIn({ sums }: Tally, ring: RewardRing, { arm, value }: { arm: number; value: number }): void {
  const { next } = ring;
  if (ring.filled === ring.arm.length) add(sums, FIELDS * (ring.arm[next] ?? 0), -1, ring.reward[next] ?? 0);
  else ring.filled += 1;
  ring.arm[next] = arm;
  ring.reward[next] = value;
  ring.next = (next + 1) % ring.arm.length;
}

function add(sums: Float64Array, at: number, weight: number, value: number): void {
  sums[at] = (sums[at] ?? 0) + weight;
  sums[at + 1] = (sums[at + 1] ?? 0) + weight * value;
  sums[at + 2] = (sums[at + 2] ?? 0) + weight * value * value;
}

/** Replaces what is believed of an arm. One that is no number is refused: it stays as it was, and false comes back. */
export function setBelief(tally: Tally, arm: number, { mean, variance, weight }: ArmBelief): boolean {
  if (!(mean >= 0 && mean <= 1) || !(variance >= 0) || !(weight >= 0)) return false;
  if (!(variance < Infinity) || !(weight < Infinity) || !(arm >= 0 && arm < tally.arms)) return false;
  const at = FIELDS * (tally.arms + arm);
  tally.sums[at] = weight;
  tally.sums[at + 1] = weight * mean;
  tally.sums[at + 2] = weight * (variance + mean * mean);
  return true;
}

/** What was measured and believed together. */
export interface ArmSums {
  weight: number;
  sum: number;
  square: number;
}

/** Writes into `out`, which comes back. */
export function sumsOf({ sums, arms }: Tally, arm: number, out: ArmSums): ArmSums {
  const measured = FIELDS * arm;
  const believed = FIELDS * (arms + arm);
  const weight = (sums[measured] ?? 0) + (sums[believed] ?? 0);
  out.weight = weight > NOTHING ? weight : 0;
  out.sum = (sums[measured + 1] ?? 0) + (sums[believed + 1] ?? 0);
  out.square = (sums[measured + 2] ?? 0) + (sums[believed + 2] ?? 0);
  return out;
}

/** Weight of all rewards that were measured, as far as they are not forgotten. */
export function measuredWeight({ sums, arms }: Tally, arm?: number): number {
  if (arm !== undefined) return sums[FIELDS * arm] ?? 0;
  let weight = 0;
  for (let i = 0; i < arms; i += 1) weight += sums[FIELDS * i] ?? 0;
  return weight;
}

/**
 * Rewards of 0 … 1 vary by at most ¼. Two rewards of that variance stand beside those that came: one or two equal ones
 * do not make an arm certain (the scaled inverse χ² prior of a normal model, Gelman et al., Bayesian Data Analysis, §2.6).
 */
const PRIOR_VARIANCE = 0.25;
const PRIOR_DEGREES = 2;

/** Variance of one reward of an arm. */
export function rewardVariance({ weight, sum, square }: ArmSums): number {
  const spread = weight > 0 ? Math.max(0, square - (sum * sum) / weight) : 0;
  return (PRIOR_DEGREES * PRIOR_VARIANCE + spread) / (PRIOR_DEGREES + weight);
}

const scratch: ArmSums = { weight: 0, sum: 0, square: 0 };

/** Mean of each arm's reward and the standard deviation of that mean; NaN and infinite where nothing is known. */
export function estimateMeans(
  tally: Tally,
  { mean, deviation }: { readonly mean: Float64Array; readonly deviation: Float64Array },
): void {
  for (let arm = 0; arm < tally.arms; arm += 1) {
    const sums = sumsOf(tally, arm, scratch);
    mean[arm] = sums.weight > 0 ? Math.min(1, Math.max(0, sums.sum / sums.weight)) : NaN;
    deviation[arm] = sums.weight > 0 ? Math.sqrt(rewardVariance(sums) / sums.weight) : Infinity;
  }
}
