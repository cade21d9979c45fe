import type { ArmBelief } from './bandit/tally.ts';

/** What one level knows of an arm: the cluster, the class of workloads, the workload. */
export type LevelBelief = ArmBelief;

/** What the level above counts beside a level's own rewards. */
const PSEUDO_COUNT = 10;

/**
 * What to believe of an arm from the widest level to the nearest: each is shrunk towards the one above it by as many rewards
 * as that counts for (the normal hierarchy of Hong et al., "Hierarchical Bayesian bandits", AISTATS 2022, with known
 * variances in the ratio of `pseudoCount`). Levels that know nothing, or no numbers, are left out; undefined where none knows.
 */
export function hierarchicalBelief(
  levels: readonly LevelBelief[],
  pseudoCount: number = PSEUDO_COUNT,
): ArmBelief | undefined {
  let believed: ArmBelief | undefined;
  for (const level of levels) {
    if (!(level.weight > 0) || !(level.mean >= 0 && level.mean <= 1) || !(level.variance >= 0)) continue;
    believed = believed === undefined ? level : shrunk(level, believed, pseudoCount);
  }
  return believed;
}

function shrunk(level: ArmBelief, above: ArmBelief, pseudoCount: number): ArmBelief {
  const counted = Math.min(pseudoCount, above.weight);
  const weight = level.weight + counted;
  const share = counted / weight;
  const between = level.mean - above.mean;
  return {
    mean: (1 - share) * level.mean + share * above.mean,
    // Of a mixture: what each varies, and how far they are apart.
    variance: (1 - share) * level.variance + share * above.variance + share * (1 - share) * between ** 2,
    weight,
  };
}
