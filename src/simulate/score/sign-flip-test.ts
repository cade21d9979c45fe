import { seededRandom } from '../random.ts';
import type { GroupedValues } from './group-bootstrap.ts';
import { mean } from './statistics.ts';

/** Up to here all 2^groups sign patterns are gone through (16,384 at most), beyond a sample of them is drawn. */
const MOST_GROUPS_ENUMERATED = 14;
const SAMPLED_PATTERNS = 9_999;

/** Sums of the same numbers in another order of signs differ by rounding only. */
const ROUNDING = 1e-12;

/**
 * Two-sided p-value of "symmetric about 0" for values that are independent between groups only: the sign-flip
 * permutation test on the mean of each group (I. Canay, J. Romano and A. Shaikh, "Randomization Tests under an
 * Approximate Symmetry Assumption", Econometrica 85(3), 2017, made for few groups of dependent values). Each group
 * weighs the same, however many traces it has. The smallest possible value is 2 ÷ 2^groups: with two groups nothing
 * below 0.5 can come out, because two origins prove little. Undefined with one group.
 */
export function signFlipPValue(groups: GroupedValues, seed: number): number | undefined {
  if (groups.length < 2) return undefined;
  const effects = groups.map((values) => mean(values));
  const observed = Math.abs(effects.reduce((sum, effect) => sum + effect, 0));
  const bar = observed - ROUNDING * effects.reduce((sum, effect) => sum + Math.abs(effect), 0);
  return groups.length <= MOST_GROUPS_ENUMERATED ? enumerated(effects, bar) : sampled(effects, bar, seed);
}

function enumerated(effects: readonly number[], bar: number): number {
  const patterns = 2 ** effects.length;
  let asFar = 0;
  for (let pattern = 0; pattern < patterns; pattern += 1) {
    const sum = effects.reduce(
      (total, effect, index) => total + ((pattern >> index) & 1 ? effect : -effect),
      0,
    );
    if (Math.abs(sum) >= bar) asFar += 1;
  }
  return asFar / patterns;
}

/** The observed pattern is one of them, so that p is never 0 (B. Phipson and G. Smyth, 2010). */
function sampled(effects: readonly number[], bar: number, seed: number): number {
  const random = seededRandom(seed);
  let asFar = 1;
  for (let pattern = 0; pattern < SAMPLED_PATTERNS; pattern += 1) {
    const sum = effects.reduce((total, effect) => total + (random() < 0.5 ? effect : -effect), 0);
    if (Math.abs(sum) >= bar) asFar += 1;
  }
  return asFar / (SAMPLED_PATTERNS + 1);
}
