import type { HotIndex } from './hot-index.ts';
import type { Weighted } from './kernel.ts';
import type { LossWeights } from './loss.ts';
import { lossAt, type UsualLosses } from './usual-losses.ts';

/** What an arm may be expected to come to in a situation like this one. */
export interface ArmPrior {
  readonly arm: string;
  /** Of the loss of one window. */
  readonly mean: number;
  readonly variance: number;
  /** Weight of the neighbours that say so; beside them count `PSEUDO_COUNT` windows of what is usual. */
  readonly weight: number;
}

/** What the usual counts beside the neighbours, in neighbours at no distance ([E7]: 30). */
export const PSEUDO_COUNT = 30;

/**
 * Mean and variance of each arm's loss, by the neighbours and shrunk towards what is usual: far and few neighbours change
 * little. Arms of which nothing is known are left out.
 */
export function armPriors(
  index: HotIndex,
  neighbours: Weighted,
  usual: UsualLosses,
  weights: LossWeights,
): readonly ArmPrior[] {
  return index.arms
    .map((arm, place) => ({ arm, ...priorOf(index, place, { neighbours, usual, weights }) }))
    .filter(({ mean }) => !Number.isNaN(mean));
}

interface Sources {
  readonly neighbours: Weighted;
  readonly usual: UsualLosses;
  readonly weights: LossWeights;
}

function priorOf(
  index: HotIndex,
  arm: number,
  { neighbours, usual, weights }: Sources,
): Omit<ArmPrior, 'arm'> {
  const usualMean = usual.means[arm] ?? NaN;
  const known = !Number.isNaN(usualMean);
  let weight = known ? PSEUDO_COUNT : 0;
  let sum = known ? weight * usualMean : 0;
  let squares = known ? weight * ((usual.variances[arm] ?? 0) + usualMean ** 2) : 0;
  for (const [place, row] of neighbours.rows.entries()) {
    const loss = lossAt(index, row, arm, weights);
    if (Number.isNaN(loss)) continue;
    const counted = neighbours.weights[place] ?? 0;
    weight += counted;
    sum += counted * loss;
    squares += counted * loss * loss;
  }
  const mean = weight > 0 ? sum / weight : NaN;
  return {
    mean,
    variance: Math.max(0, squares / weight - mean * mean),
    weight: weight - (known ? PSEUDO_COUNT : 0),
  };
}
