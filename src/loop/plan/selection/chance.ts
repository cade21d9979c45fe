/** Uniform numbers in [0, 1). */
export type Chance = () => number;

/** A seeded generator with 32 bits of state (mulberry32): equal seeds give equal numbers. Not for secrets. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Chance that follows from a name: the same choice made again, after a restart or in a backtest, rolls the same dice, and no
 * order of policies changes them. FNV-1a (Fowler, Noll and Vo) makes the seed.
 */
export function chanceOf(name: string): Chance {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return seededChance(hash);
}
