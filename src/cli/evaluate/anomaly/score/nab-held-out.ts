import { seededRandom } from '../../../../simulate/random.ts';
import { bestNabThreshold, nabScoreEach, type NabSweep } from './nab-sweep.ts';

export interface HeldOutScore {
  readonly mean: number;
  /** Standard deviation over the repetitions. */
  readonly deviation: number;
}

/**
 * Half of the series, drawn at random, choose the threshold for the other half and the reverse; all are then scored
 * together. The benchmark's own score chooses the threshold on what it scores.
 */
export function crossValidatedNab(
  sweeps: readonly NabSweep[],
  { repetitions, seed }: { readonly repetitions: number; readonly seed: number },
): HeldOutScore {
  const random = seededRandom(seed);
  const scores = Array.from({ length: repetitions }, () => {
    const drawn = sweeps.map((_, i) => ({ i, at: random() })).sort((a, b) => a.at - b.at);
    const first = new Set(drawn.slice(0, Math.trunc(sweeps.length / 2)).map(({ i }) => i));
    return heldOutScore(
      sweeps,
      sweeps.map((_, i) => (first.has(i) ? 'first' : 'second')),
    ).score;
  });
  const mean = scores.reduce((sum, score) => sum + score, 0) / repetitions;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / repetitions) };
}

export interface GroupScore {
  readonly score: number;
  /** Of each group, chosen by all others. */
  readonly thresholds: ReadonlyMap<string, number>;
}

/** Each group is scored with the threshold that the others choose. @param groups of each series */
export function heldOutScore(sweeps: readonly NabSweep[], groups: readonly string[]): GroupScore {
  const thresholds = new Map(
    [...new Set(groups)].map((group) => [
      group,
      bestNabThreshold(sweeps.filter((_, i) => groups[i] !== group)).threshold,
    ]),
  );
  const each = groups.map((group) => thresholds.get(group) ?? Infinity);
  return { score: nabScoreEach(sweeps, each), thresholds };
}
