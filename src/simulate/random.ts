import { seededChance, type Chance } from '../loop/plan/selection/chance.ts';

/** Uniform numbers in [0, 1): the only way randomness enters this folder. */
export type Random = Chance;

/** Equal seeds give equal worlds. */
export const seededRandom: (seed: number) => Random = seededChance;

/** Hörmann's transformed rejection needs a mean of at least 10; below it Knuth's product method is as fast. */
const TRANSFORMED_REJECTION_FROM = 10;

/** Number of arrivals of a Poisson process in a time with `mean` expected arrivals. */
export function poisson(mean: number, random: Random): number {
  if (!(mean >= 0) || mean === Infinity)
    throw new RangeError(`mean must be finite and not negative, found ${mean}`);
  if (mean >= TRANSFORMED_REJECTION_FROM) return poissonByRejection(mean, random);
  let arrivals = 0;
  const limit = Math.exp(-mean);
  for (let product = random(); product > limit; product *= random()) arrivals += 1;
  return arrivals;
}

/**
 * Algorithm PTRS of Hörmann, "The transformed rejection method for generating Poisson random variables" (Insurance:
 * Mathematics and Economics 12, 1993): exact, and as fast for large means as for small ones. The constants are the paper's.
 */
function poissonByRejection(mean: number, random: Random): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const surelyBelow = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random() - 0.5;
    // 1 - random() is never 0, whose logarithm would be infinite.
    const v = 1 - random();
    const distance = 0.5 - Math.abs(u);
    const arrivals = Math.floor(((2 * a) / distance + b) * u + mean + 0.43);
    if (distance >= 0.07 && v <= surelyBelow) return arrivals;
    if (!(arrivals >= 0) || (distance < 0.013 && v > distance)) continue;
    const acceptance = Math.log((v * inverseAlpha) / (a / (distance * distance) + b));
    if (acceptance <= arrivals * Math.log(mean) - mean - logFactorial(arrivals)) return arrivals;
  }
}

/** ln n! by Stirling's series; from 10 on its error is below 1e-12, and below 10 the product is taken. */
function logFactorial(n: number): number {
  if (n < 10) {
    let product = 1;
    for (let factor = 2; factor <= n; factor += 1) product *= factor;
    return Math.log(product);
  }
  const inverse = 1 / (n * n);
  const correction = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / n;
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + correction;
}

/** A gamma variable of scale 1, mean and variance `shape` (Marsaglia and Tsang, ACM TOMS 26, 2000). */
export function gamma(shape: number, random: Random): number {
  if (!(shape > 0) || shape === Infinity)
    throw new RangeError(`shape must be finite and above 0, found ${shape}`);
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A lognormal variable: half of them lie below `median`; `sigma` is the standard deviation of the logarithm. */
export function lognormal(median: number, sigma: number, random: Random): number {
  return median * Math.exp(sigma * normal(random));
}

/** A standard normal number (Box and Muller). */
export function normal(random: Random): number {
  // 1 - u is never 0, whose logarithm would be infinite.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * A generator of its own for each purpose, so that drawing more for one leaves the others as they were. The purpose
 * is folded into the seed by FNV-1a.
 */
export function randomStream(seed: number, purpose: string): Random {
  let hash = Math.imul((0x811c9dc5 ^ seed) >>> 0, 0x01000193);
  for (let i = 0; i < purpose.length; i += 1) hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x01000193);
  return seededRandom(hash);
}
