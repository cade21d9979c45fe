/** Arms at most, as numbers of one byte and in tables made once; the arms of a class are 11. */
export const MOST_ARMS = 32;

/** What strategies choose by at one moment. Every array has a place for each arm. */
export interface Moment {
  /** ms since the epoch. */
  readonly now: number;
  /** 1 where the shield lets the arm act now, else 0. At least one is. */
  readonly allowed: Uint8Array;
  /** Score by `Ranked`: decides between arms that are otherwise alike. */
  readonly ranked: Float64Array;
  /** Choices of each arm whose outcome is still to come. */
  readonly waiting: Float64Array;
  /** What describes the situation; the first number is 1. Undefined where nothing does. */
  readonly features: Float64Array | undefined;
}

/** What a strategy makes of a moment, written in place. Rewards are 0 … 1. */
export interface Estimates {
  /** Expected reward of each arm; NaN where nothing is known. */
  readonly mean: Float64Array;
  /** Standard deviation of that expectation; infinite where nothing is known. */
  readonly deviation: Float64Array;
  /** How likely the strategy takes each arm: 0 for arms that are not allowed, in all 1. */
  readonly probability: Float64Array;
}

export function createEstimates(arms: number): Estimates {
  return {
    mean: new Float64Array(arms).fill(NaN),
    deviation: new Float64Array(arms).fill(Infinity),
    probability: new Float64Array(arms),
  };
}

/**
 * The allowed arm of the largest value; of equal ones that with the higher score by `Ranked`, then the first. −1 where no
 * allowed arm has a value.
 */
export function bestArm(
  values: Float64Array,
  { allowed, ranked }: Pick<Moment, 'allowed' | 'ranked'>,
): number {
  let best = -1;
  for (let arm = 0; arm < values.length; arm += 1) {
    const value = values[arm] ?? NaN;
    if (allowed[arm] !== 1 || Number.isNaN(value)) continue;
    const lead = best < 0 ? Infinity : compare(value, values[best] ?? NaN);
    if (lead > 0 || (lead === 0 && (ranked[arm] ?? 0) > (ranked[best] ?? 0))) best = arm;
  }
  return best;
}

/** The difference of two infinite values is NaN, and they are equal. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** All on one arm: what a strategy that does not roll dice does. */
export function certain(probability: Float64Array, arm: number): void {
  probability.fill(0);
  if (arm >= 0) probability[arm] = 1;
}

/**
 * The arm at which the cumulated probability passes a uniform number. What is drawn from is what is logged, so that a
 * propensity is exact however the probabilities were found.
 * @param random uniform in [0, 1)
 */
export function drawArm(probability: Float64Array, random: () => number): number {
  let left = random();
  let last = -1;
  for (let arm = 0; arm < probability.length; arm += 1) {
    const share = probability[arm] ?? 0;
    if (!(share > 0)) continue;
    last = arm;
    left -= share;
    if (left < 0) return arm;
  }
  // The sum of the probabilities may be a rounding error below 1.
  return last;
}
