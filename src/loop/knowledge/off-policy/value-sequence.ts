import { createBettingBound, lowerBoundOf, observeBet, type BettingBound } from './betting-bound.ts';
import { importanceOf, logProblem, modelledReward, type LoggedChoice } from './logged-choice.ts';

/**
 * Between what bounds another strategy's mean reward lies, at all times at once: one may look after every choice, and act on it
 * (Waudby-Smith, Wu, Ramdas, Karampatziakis and Mineiro, "Anytime-valid off-policy inference for contextual bandits", ACM/IMS
 * Journal of Data Science 2024). Weights are not cut, and the log may have been made by a strategy that learned as it went.
 * The upper bound is the lower one of what is missing to a reward of 1. Plain data.
 */
export interface ValueSequence {
  readonly lower: BettingBound;
  readonly missing: BettingBound;
  refused: number;
}

/**
 * How far a model may take the terms below 0: more lets it explain more, and less may then be bet. 1 is the range of the
 * rewards.
 */
const MOST_MODELLED = 1;

/** @param alpha chance that the value is ever outside, 0 … 1 */
export function createValueSequence(alpha: number): ValueSequence {
  return {
    lower: createBettingBound(alpha / 2, -MOST_MODELLED),
    missing: createBettingBound(alpha / 2, -MOST_MODELLED),
    refused: 0,
  };
}

/** Takes a choice in; false where it cannot take part. */
export function observeChoice(sequence: ValueSequence, choice: LoggedChoice): boolean {
  if (logProblem(choice) !== undefined) {
    sequence.refused += 1;
    return false;
  }
  observeBet(sequence.lower, termOf(choice, choice.reward, false));
  observeBet(sequence.missing, termOf(choice, 1 - choice.reward, true));
  return true;
}

export function valueInterval({ lower, missing }: ValueSequence): readonly [low: number, high: number] {
  return [lowerBoundOf(lower), 1 - lowerBoundOf(missing)];
}

/**
 * The doubly robust term, whose expectation is the value. Without the propensities of all arms nobody can say what to add
 * again for what the model takes away, and the model is left out.
 */
function termOf(choice: LoggedChoice, reward: number, mirrored: boolean): number {
  const weight = importanceOf(choice);
  const { propensities, target, arm } = choice;
  if (propensities === undefined || choice.modelled === undefined) return weight * reward;
  let expected = 0;
  for (let other = 0; other < target.length; other += 1)
    expected += (target[other] ?? 0) * cutModel(choice, other, { propensities, mirrored });
  return expected + weight * (reward - cutModel(choice, arm, { propensities, mirrored }));
}

interface Cut {
  readonly propensities: ArrayLike<number>;
  readonly mirrored: boolean;
}

/** So much of what the model expects that weight × it is never above `MOST_MODELLED`; 0 where it knows nothing. */
function cutModel(choice: LoggedChoice, arm: number, { propensities, mirrored }: Cut): number {
  const raw = choice.modelled?.[arm] ?? NaN;
  const propensity = propensities[arm] ?? 0;
  // An arm that could not be chosen is never corrected by what comes: it must not be added either.
  if (Number.isNaN(raw) || !(propensity > 0)) return 0;
  const expected = modelledReward(choice, arm);
  const weight = (choice.target[arm] ?? 0) / propensity;
  const reward = mirrored ? 1 - expected : expected;
  return weight > 0 ? Math.min(reward, MOST_MODELLED / weight) : reward;
}
