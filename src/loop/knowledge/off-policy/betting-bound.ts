/**
 * A lower bound of a mean that holds at all times at once, by betting against each candidate: who bets that numbers with mean m
 * are larger than m wins nothing on average, so that a fortune of 1 ÷ α is had once in 1 ÷ α times at most (Ville). A candidate
 * at which it was had is too small (Waudby-Smith and Ramdas 2024). The numbers need a smallest value and no largest one: weights
 * of an off-policy estimate need not be cut. Plain data.
 */
export interface BettingBound {
  /** Chance that the mean is ever below the bound, 0 … 1. */
  readonly alpha: number;
  /** The smallest value that a number may have; 0 or below. */
  readonly least: number;
  /** Logarithm of the fortune against each candidate, from 0 to 1 in equal steps. */
  readonly fortunes: Float64Array;
  count: number;
  sum: number;
  spread: number;
  /** All candidates before this place were ruled out. */
  ruledOut: number;
}

/** Candidates: the bound is within 1 ÷ 250 of the exact one, below it. */
const CANDIDATES = 251;

/** Of the most that may be bet without ever losing everything: half, as in the paper. */
const MOST_BET = 0.5;

/** @throws RangeError when alpha is not between 0 and 1 */
export function createBettingBound(alpha: number, least = 0): BettingBound {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha must be between 0 and 1, found ${alpha}`);
  if (!(least <= 0 && least > -Infinity)) throw new RangeError(`least must be 0 or below, found ${least}`);
  return { alpha, least, fortunes: new Float64Array(CANDIDATES), count: 0, sum: 0, spread: 0, ruledOut: 0 };
}

/** Takes a number in, O(candidates that are left); false, and nothing changed, when it is below the least or no number. */
export function observeBet(bound: BettingBound, x: number): boolean {
  const { alpha, least, fortunes, count } = bound;
  if (!(x >= least && x < Infinity)) return false;
  const time = count + 1;
  const variance = (0.25 + bound.spread) / time;
  const wish = Math.sqrt((2 * Math.log(1 / alpha)) / (variance * time * Math.log(1 + time)));
  const target = Math.log(1 / alpha);
  for (let i = bound.ruledOut; i < CANDIDATES; i += 1) {
    const mean = i / (CANDIDATES - 1);
    // 1 + λ (x − m) stays at ½ or more, whatever comes.
    const bet = Math.min(wish, MOST_BET / Math.max(1e-12, mean - least));
    const fortune = (fortunes[i] ?? 0) + Math.log1p(bet * (x - mean));
    fortunes[i] = fortune;
    if (fortune >= target && i === bound.ruledOut) bound.ruledOut = i + 1;
  }
  bound.count = time;
  bound.sum += x;
  const after = (0.5 + bound.sum) / (time + 1);
  bound.spread += (x - after) ** 2;
  return true;
}

/** The bound: means below it are ruled out. 0 at first. */
export function lowerBoundOf({ ruledOut }: BettingBound): number {
  return Math.max(0, (ruledOut - 1) / (CANDIDATES - 1));
}
