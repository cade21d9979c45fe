/** One choice of the past with what is needed to say how another strategy would have done. */
export interface LoggedChoice {
  /** Place of the arm that was in force. */
  readonly arm: number;
  /** How likely it was chosen, above 0 and at most 1; 1 where it was forced. */
  readonly propensity: number;
  /** What came of it, 0 … 1. */
  readonly reward: number;
  /** How likely the other strategy would have chosen each arm then; in all 1. */
  readonly target: ArrayLike<number>;
  /** What a model (the replay) expects of each arm, 0 … 1; left out, or NaN, where it knows nothing. */
  readonly modelled?: ArrayLike<number> | undefined;
  /** How likely each arm was; needed where a model is to narrow a sequence that holds at any time. */
  readonly propensities?: ArrayLike<number> | undefined;
}

/** Sums of probabilities may be off by rounding. */
const TOLERANCE = 1e-6;

/** Why a choice cannot take part; undefined when it can. */
export function logProblem({ arm, propensity, reward, target, modelled }: LoggedChoice): string | undefined {
  if (!(Number.isInteger(arm) && arm >= 0 && arm < target.length))
    return `the arm is ${arm}, it must be a place from 0 to ${target.length - 1}`;
  if (!(propensity > 0 && propensity <= 1 + TOLERANCE))
    return `the propensity is ${propensity}, it must be above 0 and at most 1`;
  if (!(reward >= 0 && reward <= 1)) return `the reward is ${reward}, it must be between 0 and 1`;
  return targetProblem(target) ?? (modelled && modelProblem(modelled, target.length));
}

function targetProblem(target: ArrayLike<number>): string | undefined {
  let sum = 0;
  for (let i = 0; i < target.length; i += 1) {
    const share = target[i] ?? NaN;
    if (!(share >= 0)) return `the other strategy's probability of arm ${i} is ${share}`;
    sum += share;
  }
  if (Math.abs(sum - 1) <= TOLERANCE) return undefined;
  return `the other strategy's probabilities add up to ${sum}, not to 1`;
}

function modelProblem(modelled: ArrayLike<number>, arms: number): string | undefined {
  if (modelled.length !== arms) return `${modelled.length} modelled rewards for ${arms} arms`;
  for (let i = 0; i < arms; i += 1) {
    const expected = modelled[i] ?? NaN;
    if (!Number.isNaN(expected) && !(expected >= 0 && expected <= 1))
      return `the modelled reward of arm ${i} is ${expected}, it must be between 0 and 1`;
  }
  return undefined;
}

/** Share of the other strategy's choice in the one that was made: its weight, from 0 up. */
export function importanceOf({ arm, propensity, target }: LoggedChoice): number {
  return (target[arm] ?? 0) / propensity;
}

/** What the model expects of an arm; 0 where it knows nothing, which leaves the estimate unbiased. */
export function modelledReward({ modelled }: LoggedChoice, arm: number): number {
  const expected = modelled?.[arm] ?? NaN;
  return Number.isNaN(expected) ? 0 : expected;
}
