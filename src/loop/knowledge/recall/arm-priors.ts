import type { HotIndex } from './hot-index.ts';
import type { Weighted } from './kernel.ts';
import type { LossWeights } from './loss.ts';
import { readLosses, type UsualLosses } from './usual-losses.ts';

/** What an arm may be expected to come to in a situation like this one. */
export interface ArmPrior {
  readonly arm: string;
  /** Of the loss of one window. */
  readonly mean: number;
  readonly variance: number;
  /** Weight of the neighbours that say so; beside them count `PSEUDO_COUNT` windows of what is usual. */
  readonly weight: number;
}

/**
 * What the usual counts beside the neighbours, in neighbours at no distance. Of 10 to 30, each with 20 to 60 neighbours,
 * all chose nearly as well on the development traces; this is in the middle.
 */
const PSEUDO_COUNT = 20;

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
  const { arms } = index;
  const sums = arms.map((_, arm) => startOf(usual, arm));
  const losses = new Float64Array(arms.length);
  for (const [place, row] of neighbours.rows.entries()) {
    readLosses(index, row, weights, losses);
    for (const [arm, sum] of sums.entries()) add(sum, losses[arm] ?? NaN, neighbours.weights[place] ?? 0);
  }
  return arms.flatMap((arm, place) => {
    const sum = sums[place];
    return sum === undefined || sum.weight === 0 ? [] : [priorOf(arm, sum)];
  });
}

/** Weighted moments of one arm's loss. */
interface Moments {
  /** Of the neighbours alone. */
  counted: number;
  weight: number;
  loss: number;
  square: number;
}

function startOf({ means, variances }: UsualLosses, arm: number): Moments {
  const mean = means[arm] ?? NaN;
  if (Number.isNaN(mean)) return { counted: 0, weight: 0, loss: 0, square: 0 };
  const square = PSEUDO_COUNT * ((variances[arm] ?? 0) + mean ** 2);
  return { counted: 0, weight: PSEUDO_COUNT, loss: PSEUDO_COUNT * mean, square };
}

function add(sum: Moments, loss: number, weight: number): void {
  if (Number.isNaN(loss)) return;
  sum.counted += weight;
  sum.weight += weight;
  sum.loss += weight * loss;
  sum.square += weight * loss * loss;
}

function priorOf(arm: string, { counted, weight, loss, square }: Moments): ArmPrior {
  const mean = loss / weight;
  return { arm, mean, variance: Math.max(0, square / weight - mean * mean), weight: counted };
}
