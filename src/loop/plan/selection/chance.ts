/**
 * Uniform numbers in [0, 1) that follow from a name: the same choice made again, after a restart or in a backtest, rolls the
 * same dice, and no order of policies changes them. FNV-1a (Fowler, Noll and Vo) seeds mulberry32. Not for secrets.
 * @param seed sets installations apart
 */
export function chanceOf(seed: number, name: string): () => number {
  let state = Math.imul((0x811c9dc5 ^ seed) >>> 0, 0x01000193);
  for (let i = 0; i < name.length; i += 1) state = Math.imul(state ^ name.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
