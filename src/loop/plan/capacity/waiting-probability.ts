import { probabilityOfWait } from '../erlang-c.ts';

/** Up to here the recurrence of Erlang's formula is run: it is exact, and takes no longer than the expansion. */
const RECURRENCE_SERVERS = 128;

/** e^−700 is the least that a double can invert; less is no probability that a decision could hang on. */
const LEAST_EXPONENT = 700;

/**
 * Coefficients c_j of dw/dy = Σ c_j·y^j, where y²/2 = w − 1 − ln w: the series behind Stirling's.
 * Corless, Gonnet, Hare, Jeffrey and Knuth, "On the Lambert W function" (1996), §4.
 */
const EXPANSION = [1, 2 / 3, 1 / 12, -2 / 135, 1 / 864, 1 / 2835] as const;

/**
 * Erlang's C formula at any size: as `probabilityOfWait`, whose recurrence takes one step for each server. A hundred
 * thousand of them (a thousand replicas of a hundred workers) are as quick as ten: above 128 servers it is an expansion,
 * whose relative error is below 1e-8.
 * @param servers a whole number, at least 1.
 * @param offeredLoad λ/μ, in servers, 0 or more.
 */
export function waitingProbability(servers: number, offeredLoad: number): number {
  if (servers <= RECURRENCE_SERVERS || offeredLoad >= servers) return probabilityOfWait(servers, offeredLoad);
  const utilization = offeredLoad / servers;
  // 1/C = ρ + (1 − ρ)/B.
  return 1 / (utilization + (1 - utilization) * inverseBlocking(servers, utilization));
}

/**
 * 1/B of Erlang's loss formula for many servers s at utilisation ρ < 1:
 *   1/B = s·e^{s·a²/2} ∫_{−a}^∞ e^{−s·y²/2} (dw/dy) dy   with a²/2 = ρ − 1 − ln ρ,
 * term by term (Janssen, van Leeuwaarden and Zwart, Advances in Applied Probability 40, 2008).
 */
function inverseBlocking(servers: number, utilization: number): number {
  const below = 1 - utilization;
  // −ρ' − ln(1 − ρ') loses all digits near ρ = 1 unless the logarithm is taken of the small difference.
  const halfSquare = Math.max(0, -below - Math.log1p(-below));
  if (!(servers * halfSquare < LEAST_EXPONENT)) return Infinity;
  const a = Math.sqrt(2 * halfSquare);
  // Scaled by e^{s·a²/2}: I_1 = 1/s, and I_j = ((−a)^{j−1} + (j − 1)·I_{j−2})/s by parts.
  let before = gaussianIntegral(a * Math.sqrt(servers)) / Math.sqrt(servers);
  let here = 1 / servers;
  let sum = EXPANSION[0] * before + EXPANSION[1] * here;
  let power = -a;
  for (let j = 2; j < EXPANSION.length; j++) {
    const next = (power + (j - 1) * before) / servers;
    before = here;
    here = next;
    power *= -a;
    sum += (EXPANSION[j] ?? 0) * next;
  }
  return servers * sum;
}

/** Φ(x)/φ(x) = e^{x²/2} ∫_{−x}^∞ e^{−z²/2} dz for x ≥ 0: no digits are lost in the difference. */
function gaussianIntegral(x: number): number {
  return Math.sqrt(2 * Math.PI) * Math.exp((x * x) / 2) - millsRatio(x);
}

/**
 * Mills' ratio (1 − Φ(x))/φ(x) for x ≥ 0. Below 2 by Φ's own series (Marsaglia, Journal of Statistical Software 11,
 * 2004), from there by Laplace's continued fraction.
 */
function millsRatio(x: number): number {
  if (x >= 2) {
    let fraction = x;
    // Its error after n terms is of the order e^{−2x√(2n)}: these are enough for e^−27.
    for (let j = Math.ceil(95 / (x * x)) + 2; j >= 1; j--) fraction = x + j / fraction;
    return 1 / fraction;
  }
  let term = x;
  let sum = x;
  for (let j = 3; term > sum * 1e-17 && j < 100; j += 2) {
    term *= (x * x) / j;
    sum += term;
  }
  return Math.sqrt(Math.PI / 2) * Math.exp((x * x) / 2) - sum;
}
