/** Uniform numbers in [0, 1): the only way randomness enters this folder. */
export type Random = () => number;

/** A seeded generator with 32 bits of state (mulberry32): equal seeds give equal worlds. Not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Above this mean `exp(-mean)` gets small; Poisson variables add up, so larger means are drawn in parts. */
const LARGEST_PART = 50;
/** From here on the normal approximation differs from the distribution by less than 0.4 % anywhere (Berry-Esseen). */
const NORMAL_FROM = 500;

/** Number of arrivals of a Poisson process in a time with `mean` expected arrivals (Knuth's product method). */
export function poisson(mean: number, random: Random): number {
  if (!(mean >= 0) || mean === Infinity)
    throw new RangeError(`mean must be finite and not negative, found ${mean}`);
  if (mean >= NORMAL_FROM) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let arrivals = 0;
  for (let left = mean; left > 0; left -= LARGEST_PART) {
    const limit = Math.exp(-Math.min(left, LARGEST_PART));
    for (let product = random(); product > limit; product *= random()) arrivals += 1;
  }
  return arrivals;
}

/** A standard normal number (Box and Muller). */
export function normal(random: Random): number {
  // 1 - u is never 0, whose logarithm would be infinite.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
