import { MOST_ARMS, type Estimates, type Moment } from '../moment.ts';
import { estimateMeans, sumsOf, type ArmSums, type Tally } from './tally.ts';
import { betaWins, normalWins } from './win-probability.ts';

const scratch: ArmSums = { weight: 0, sum: 0, square: 0 };
const alpha = new Float64Array(MOST_ARMS);
const beta = new Float64Array(MOST_ARMS);

/**
 * Thompson sampling with a beta posterior from Beta(1, 1): each arm as often as it is likely the best (Thompson 1933;
 * Agrawal and Goyal, COLT 2012). A reward between 0 and 1 counts as that much of a success, and the rest of a failure; for
 * rewards that vary less than a coin does this explores more than it has to.
 */
export function betaThompson(tally: Tally, moment: Moment, out: Estimates): void {
  for (let arm = 0; arm < tally.arms; arm += 1) {
    const { weight, sum } = sumsOf(tally, arm, scratch);
    const a = 1 + Math.max(0, sum);
    const b = 1 + Math.max(0, weight - sum);
    alpha[arm] = a;
    beta[arm] = b;
    out.mean[arm] = a / (a + b);
    out.deviation[arm] = Math.sqrt((a * b) / (a + b + 1)) / (a + b);
  }
  betaWins(
    { alpha: alpha.subarray(0, tally.arms), beta: beta.subarray(0, tally.arms), allowed: moment.allowed },
    out.probability,
  );
}

/** Of an arm that nobody knows: rewards lie in 0 … 1. */
const UNKNOWN = { mean: 0.5, deviation: 0.5 } as const;

/**
 * Thompson sampling with a normal posterior of each arm's mean and a variance of its own, by what its rewards vary: arms that
 * differ little and vary little are told apart soon, which a beta posterior cannot.
 */
export function normalThompson(tally: Tally, moment: Moment, out: Estimates): void {
  estimateMeans(tally, out);
  for (let arm = 0; arm < tally.arms; arm += 1) {
    if (!Number.isNaN(out.mean[arm] ?? NaN)) continue;
    out.mean[arm] = UNKNOWN.mean;
    out.deviation[arm] = UNKNOWN.deviation;
  }
  normalWins({ ...out, allowed: moment.allowed }, out.probability);
}
