/** One value of a curve and how much it counts; weights above 0. */
export interface WeightedValue {
  readonly value: number;
  readonly weight: number;
}

interface Block {
  mean: number;
  weight: number;
  length: number;
}

/**
 * The non-decreasing curve that is nearest to the values in weighted least squares: the pool-adjacent-violators
 * algorithm (Ayer et al., Annals of Mathematical Statistics 26, 1955; Barlow et al. 1972). O(n).
 */
export function isotonicRegression(values: readonly WeightedValue[]): readonly number[] {
  const blocks: Block[] = [];
  for (const { value, weight } of values) {
    let here: Block = { mean: value, weight, length: 1 };
    for (let below = blocks.at(-1); below !== undefined && below.mean >= here.mean; below = blocks.at(-1)) {
      blocks.pop();
      const sum = below.weight + here.weight;
      // Not the sum of products ÷ sum: the mean stays between the two.
      const mean = below.mean + (here.mean - below.mean) * (here.weight / sum);
      here = { mean, weight: sum, length: below.length + here.length };
    }
    blocks.push(here);
  }
  return blocks.flatMap(({ mean, length }) => new Array<number>(length).fill(mean));
}
