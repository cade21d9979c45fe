import { normalQuantile } from '../../monitor/features/normal-quantile.ts';
import { importanceOf, logProblem, modelledReward, type LoggedChoice } from './logged-choice.ts';

/** An estimate of the mean reward that another strategy would have had. */
export interface ValueEstimate {
  readonly value: number;
  /** Standard error; infinite where too few choices say anything. */
  readonly error: number;
  /** Holds the true value in 95 of 100 logs that are long enough, if choices were made independently. */
  readonly interval: readonly [low: number, high: number];
}

/** How another strategy would have done, by several estimators; never to be told without `effective`. */
export interface OffPolicyValue {
  readonly choices: number;
  /** Choices that cannot take part, and why the first of them cannot. */
  readonly refused: number;
  readonly problem: string | undefined;
  /** Kish's effective number of choices: so many of the other strategy's own would say as much. */
  readonly effective: number;
  /** Largest weight, and how many were cut. */
  readonly largestWeight: number;
  readonly clipped: number;
  /**
   * Share of the choices in which the other strategy would have done something that may not have been possible at all (it was
   * forced, or left out): of these the log says nothing, and IPS counts them as reward 0.
   */
  readonly unsupported: number;
  /** The reward that was had. */
  readonly logged: ValueEstimate;
  /** Inverse propensity scoring (Horvitz and Thompson 1952). */
  readonly ips: ValueEstimate;
  /** Divided by the sum of the weights: a little biased, much less scattered (Swaminathan and Joachims, NeurIPS 2015). */
  readonly snips: ValueEstimate;
  /** What the model alone says; undefined without one. */
  readonly direct: ValueEstimate | undefined;
  /**
   * The model, corrected by what really came (Dudík, Langford and Li, ICML 2011): right where either the model or the
   * propensities are. With replay for a model it is the one to decide by.
   */
  readonly doublyRobust: ValueEstimate | undefined;
}

export interface OffPolicyOptions {
  /** Weights are cut here: less scatter for some bias, downwards for IPS. 20 is what propensities of 5 % can bring. */
  readonly mostWeight?: number;
  /** Of the intervals. */
  readonly confidence?: number;
}

export const MOST_WEIGHT = 20;

/** Sums of one estimator's terms. */
interface Moments {
  sum: number;
  square: number;
}

/** Weighted sums of the self-normalised estimator. */
interface Weights {
  weight: number;
  square: number;
  rewards: number;
  /** Σ w² r and Σ w² r², for its error. */
  squaredReward: number;
  squaredRewards: number;
  largest: number;
  clipped: number;
}

interface Sums {
  count: number;
  refused: number;
  problem: string | undefined;
  unsupported: number;
  modelled: boolean;
  readonly logged: Moments;
  readonly ips: Moments;
  readonly direct: Moments;
  readonly robust: Moments;
  readonly weights: Weights;
}

/** How the other strategy would have done. NaN where there is no choice to judge by. */
export function estimateValue(
  log: Iterable<LoggedChoice>,
  { mostWeight = MOST_WEIGHT, confidence = 0.95 }: OffPolicyOptions = {},
): OffPolicyValue {
  const sums = createSums();
  for (const choice of log) {
    const problem = logProblem(choice);
    if (problem === undefined) take(sums, choice, mostWeight);
    else {
      sums.refused += 1;
      sums.problem ??= problem;
    }
  }
  const z = normalQuantile(0.5 + confidence / 2);
  const { count, weights, modelled } = sums;
  return {
    choices: count,
    refused: sums.refused,
    problem: sums.problem,
    effective: weights.square > 0 ? weights.weight ** 2 / weights.square : 0,
    largestWeight: weights.largest,
    clipped: weights.clipped,
    unsupported: sums.unsupported / count,
    logged: meanOf(sums.logged, count, z),
    ips: meanOf(sums.ips, count, z),
    snips: selfNormalized(weights, z),
    direct: modelled ? meanOf(sums.direct, count, z) : undefined,
    doublyRobust: modelled ? meanOf(sums.robust, count, z) : undefined,
  };
}

function createSums(): Sums {
  const none = (): Moments => ({ sum: 0, square: 0 });
  return {
    count: 0,
    refused: 0,
    problem: undefined,
    unsupported: 0,
    modelled: false,
    logged: none(),
    ips: none(),
    direct: none(),
    robust: none(),
    weights: {
      weight: 0,
      square: 0,
      rewards: 0,
      squaredReward: 0,
      squaredRewards: 0,
      largest: 0,
      clipped: 0,
    },
  };
}

function take(sums: Sums, choice: LoggedChoice, mostWeight: number): void {
  const { reward, arm } = choice;
  const whole = importanceOf(choice);
  const weight = Math.min(mostWeight, whole);
  let direct = 0;
  for (let other = 0; other < choice.target.length; other += 1)
    direct += (choice.target[other] ?? 0) * modelledReward(choice, other);
  sums.count += 1;
  sums.modelled ||= choice.modelled !== undefined;
  sums.unsupported += unsupportedShare(choice);
  add(sums.logged, reward);
  add(sums.ips, weight * reward);
  add(sums.direct, direct);
  add(sums.robust, direct + weight * (reward - modelledReward(choice, arm)));
  addWeight(sums.weights, weight, reward);
  sums.weights.largest = Math.max(sums.weights.largest, whole);
  if (whole > mostWeight) sums.weights.clipped += 1;
}

/** What the other strategy would have put on arms that could not be chosen, as far as the log tells. */
function unsupportedShare({ arm, propensity, target, propensities }: LoggedChoice): number {
  let share = 0;
  for (let other = 0; other < target.length; other += 1) {
    const possible =
      propensities === undefined ? other === arm || propensity < 1 : (propensities[other] ?? 0) > 0;
    if (!possible) share += target[other] ?? 0;
  }
  return share;
}

function add(moments: Moments, value: number): void {
  moments.sum += value;
  moments.square += value * value;
}

function addWeight(weights: Weights, weight: number, reward: number): void {
  weights.weight += weight;
  weights.square += weight * weight;
  weights.rewards += weight * reward;
  weights.squaredReward += weight * weight * reward;
  weights.squaredRewards += weight * weight * reward * reward;
}

function meanOf({ sum, square }: Moments, count: number, z: number): ValueEstimate {
  const value = sum / count;
  const variance = Math.max(0, square / count - value * value) / (count - 1);
  return withInterval(value, count < 2 ? Infinity : Math.sqrt(variance), z);
}

/** Its error by the delta method: √(Σ w² (r − value)²) ÷ Σ w. */
function selfNormalized(weights: Weights, z: number): ValueEstimate {
  const value = weights.rewards / weights.weight;
  const spread = weights.squaredRewards - 2 * value * weights.squaredReward + value * value * weights.square;
  // A single choice agrees with itself, and says nothing about its error.
  const single = !(weights.weight ** 2 >= 2 * weights.square);
  return withInterval(value, single ? Infinity : Math.sqrt(Math.max(0, spread)) / weights.weight, z);
}

/** Rewards are 0 … 1, and so is their mean. The value itself is told as it is: outside of it, it is not to be trusted. */
function withInterval(value: number, error: number, z: number): ValueEstimate {
  if (error === Infinity) return { value, error, interval: [0, 1] };
  const within = (x: number): number => Math.min(1, Math.max(0, x));
  return { value, error, interval: [within(value - z * error), within(value + z * error)] };
}
