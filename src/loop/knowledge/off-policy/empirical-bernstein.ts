/**
 * A confidence sequence for the mean of numbers in 0 … 1: intervals that hold the mean at all times at once, with the confidence
 * that was asked for, however often one looks and whenever one stops. Numbers may depend on those before them, as long as
 * their expectation stays the same. The predictable plug-in empirical Bernstein sequence (Waudby-Smith and Ramdas,
 * "Estimating means of bounded random variables by betting", JRSS B 86, 2024, theorem 2). Plain data.
 */
export interface EmpiricalBernstein {
  /** Chance that the mean is ever outside, 0 … 1. */
  readonly alpha: number;
  count: number;
  sum: number;
  /** Σ (x − mean so far)², for the next bet. */
  spread: number;
  /** Σ λ, Σ λ x and Σ v ψ(λ). */
  bets: number;
  betSum: number;
  penalty: number;
  low: number;
  high: number;
}

/** The largest bet: the theorem holds below 1; ½ is the paper's. */
const MOST_BET = 0.5;

export function createEmpiricalBernstein(alpha: number): EmpiricalBernstein {
  checkAlpha(alpha);
  return { alpha, count: 0, sum: 0, spread: 0, bets: 0, betSum: 0, penalty: 0, low: 0, high: 1 };
}

/** @throws RangeError when alpha is not between 0 and 1 */
export function checkAlpha(alpha: number): void {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha must be between 0 and 1, found ${alpha}`);
}

/** Takes a number in, O(1); false, and nothing changed, when it is not in 0 … 1. */
export function observeBernstein(sequence: EmpiricalBernstein, x: number): boolean {
  if (!(x >= 0 && x <= 1)) return false;
  const { alpha, count } = sequence;
  const before = (0.5 + sequence.sum) / (count + 1);
  const variance = (0.25 + sequence.spread) / (count + 1);
  const time = count + 1;
  const bet = Math.min(
    MOST_BET,
    Math.sqrt((2 * Math.log(2 / alpha)) / (variance * time * Math.log(1 + time))),
  );
  sequence.count = time;
  sequence.sum += x;
  const after = (0.5 + sequence.sum) / (time + 1);
  sequence.spread += (x - after) ** 2;
  sequence.bets += bet;
  sequence.betSum += bet * x;
  // v ψ(λ) = 4 (x − mean before)² × (−ln(1 − λ) − λ) ÷ 4
  sequence.penalty += (x - before) ** 2 * (-Math.log1p(-bet) - bet);
  const centre = sequence.betSum / sequence.bets;
  const width = (Math.log(2 / alpha) + sequence.penalty) / sequence.bets;
  // What was ruled out once stays so: all hold at once.
  sequence.low = Math.max(sequence.low, centre - width);
  sequence.high = Math.min(sequence.high, centre + width);
  return true;
}
