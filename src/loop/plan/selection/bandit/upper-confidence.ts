import { bestArm, certain, MOST_ARMS, type Estimates, type Moment } from '../moment.ts';
import { estimateMeans, measuredWeight, sumsOf, type ArmSums, type Tally } from './tally.ts';

const scratch: ArmSums = { weight: 0, sum: 0, square: 0 };
const index = new Float64Array(MOST_ARMS);

/**
 * UCB1: the arm with the largest mean + √(ξ ln n ÷ nᵢ), ξ = 2 (Auer et al. 2002); where the past fades, n and nᵢ are what is
 * left of it, and ξ = 0.6 as in the experiments of Garivier and Moulines (2011; their discounted form has 2 √(ξ …), made for
 * a guarantee). Choices that wait for their outcome count as made: else one arm would be taken until the first comes back.
 */
export function upperConfidence(tally: Tally, moment: Moment, out: Estimates): void {
  estimateMeans(tally, out);
  const { forgetting } = tally;
  const xi = forgetting.kind === 'None' ? 2 : 0.6;
  const logarithm = Math.log(Math.max(1, roundsOf(tally, moment)));
  for (let arm = 0; arm < tally.arms; arm += 1) {
    const pulls = pullsOf(tally, arm, moment);
    index[arm] = pulls > 0 ? meanOr(out.mean[arm] ?? NaN) + Math.sqrt((xi * logarithm) / pulls) : Infinity;
  }
  certain(out.probability, bestArm(index.subarray(0, tally.arms), moment));
}

/**
 * KL-UCB: the largest mean that the rewards do not rule out, max { q: nᵢ kl(mean, q) ≤ ln n }; its regret meets Lai and Robbins'
 * bound for Bernoulli rewards, and holds for any of 0 … 1 (Garivier and Cappé, "The KL-UCB algorithm for bounded stochastic
 * bandits and beyond", COLT 2011; of ln n + c ln ln n they recommend c = 0).
 */
export function klUpperConfidence(tally: Tally, moment: Moment, out: Estimates): void {
  estimateMeans(tally, out);
  const logarithm = Math.log(Math.max(1, roundsOf(tally, moment)));
  for (let arm = 0; arm < tally.arms; arm += 1) {
    const pulls = pullsOf(tally, arm, moment);
    index[arm] = pulls > 0 ? klBound(meanOr(out.mean[arm] ?? NaN), logarithm / pulls) : Infinity;
  }
  certain(out.probability, bestArm(index.subarray(0, tally.arms), moment));
}

/** An arm of which only choices are known, and no outcome, lies in the middle. */
function meanOr(mean: number): number {
  return Number.isNaN(mean) ? 0.5 : mean;
}

function pullsOf(tally: Tally, arm: number, { waiting }: Moment): number {
  return sumsOf(tally, arm, scratch).weight + (waiting[arm] ?? 0);
}

function roundsOf(tally: Tally, { waiting }: Moment): number {
  let rounds = measuredWeight(tally);
  for (const one of waiting) rounds += one;
  return rounds;
}

/** Halvings of an interval of at most 1: to 1e-7, far below what rewards tell. */
const HALVINGS = 24;

/** The largest q in mean … 1 with kl(mean, q) ≤ divergence. */
export function klBound(mean: number, divergence: number): number {
  // Pinsker: kl ≥ 2 (q − mean)².
  let low = mean;
  let high = Math.min(1, mean + Math.sqrt(divergence / 2));
  for (let i = 0; i < HALVINGS && high > low; i += 1) {
    const middle = (low + high) / 2;
    if (bernoulliDivergence(mean, middle) <= divergence) low = middle;
    else high = middle;
  }
  return high;
}

/** Kullback–Leibler divergence of Bernoulli variables with means p and q, nats. */
export function bernoulliDivergence(p: number, q: number): number {
  return term(p, q) + term(1 - p, 1 - q);
}

function term(p: number, q: number): number {
  if (p === 0) return 0;
  return q > 0 ? p * Math.log(p / q) : Infinity;
}
