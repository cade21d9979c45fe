import { bestArm, certain, type Estimates, type Moment } from '../moment.ts';
import { estimateMeans, measuredWeight, type Tally } from './tally.ts';

/**
 * Decaying ε-greedy: with ε = min(1, scale × arms ÷ rewards) any allowed arm, else the best so far (Auer, Cesa-Bianchi and
 * Fischer, "Finite-time analysis of the multiarmed bandit problem", Machine Learning 47, 2002, theorem 3, where scale
 * is c ÷ d² for a gap d between the best and the next). 5 is right for gaps of about a half, and theirs are often wider than
 * they must be; for narrower ones it explores too little, which is why there are better strategies.
 */
export const USUAL_EPSILON_SCALE = 5;

export function epsilonGreedy(
  tally: Tally,
  moment: Moment,
  { out, scale = USUAL_EPSILON_SCALE }: { readonly out: Estimates; readonly scale?: number },
): void {
  estimateMeans(tally, out);
  let allowed = 0;
  for (const one of moment.allowed) allowed += one;
  // Nothing known of any arm: one as good as the other.
  const best = bestArm(out.mean, moment);
  const epsilon = best < 0 ? 1 : Math.min(1, (scale * allowed) / Math.max(1, measuredWeight(tally)));
  certain(out.probability, best);
  for (let arm = 0; arm < tally.arms; arm += 1) {
    if (moment.allowed[arm] !== 1) continue;
    out.probability[arm] = (arm === best ? 1 - epsilon : 0) + epsilon / allowed;
  }
}
