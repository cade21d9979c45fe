/**
 * Bernstein online aggregation (Wintenberger, "Optimal learning with Bernstein online aggregation", Machine Learning
 * 106, 2017), with forgetting: weights of experts from their linearised regrets, with a rate of its own for each.
 */
export interface Aggregation {
  readonly slab: Float32Array;
  /** Where the numbers of this group of experts begin in each part. */
  readonly weights: number;
  readonly regret: number;
  readonly variance: number;
  readonly range: number;
  readonly experts: number;
}

const CLIP = 20;
const RANGE_MEMORY = 0.9995;
const VARIANCE_MEMORY = 0.998;
/** What every expert keeps, so that it can come back. */
const SHARE = 0.01;

/** `regrets`: how much better than the mixture each expert was, in scales; 0 for those asleep. */
export function aggregate(group: Aggregation, regrets: Float64Array, memory: number): void {
  const { slab, weights, regret, variance, range, experts } = group;
  let total = 0;
  for (let e = 0; e < experts; e++) {
    const r = Math.min(CLIP, Math.max(-CLIP, regrets[e] ?? 0));
    const widest = Math.max(RANGE_MEMORY * (slab[range + e] ?? 0), Math.abs(r));
    const squares = VARIANCE_MEMORY * (slab[variance + e] ?? 0) + r * r;
    const rate = Math.min(0.5 / widest, Math.sqrt(2.5 / (squares + 1e-12)));
    const sum = memory * (slab[regret + e] ?? 0) + r - rate * r * r;
    slab[range + e] = widest;
    slab[variance + e] = squares;
    slab[regret + e] = sum;
    const weight = Math.exp(Math.min(30, Math.max(-30, rate * sum)));
    slab[weights + e] = weight;
    total += weight;
  }
  const scale = (1 - SHARE) / total;
  for (let e = 0; e < experts; e++) {
    slab[weights + e] = (slab[weights + e] ?? 0) * scale + SHARE / experts;
  }
}
