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
 * all chose nearly as well on the development traces; this is in the middle. Some 55 combinations of it with other numbers
 * of the kernel and the priors were tried on these same traces: expect less of it elsewhere.
 */
export const PSEUDO_COUNT = 20;

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
  const losses = new Float64Array(arms.length);
  const moments = startOf(usual, arms.length);
  for (const [place, row] of neighbours.rows.entries()) {
    readLosses(index, row, weights, losses);
    add(moments, losses, neighbours.weights[place] ?? 0);
  }
  return arms.flatMap((arm, place) => priorOf(arm, moments, place) ?? []);
}

/** Weighted moments of the loss, by arm. */
interface Moments {
  /** Of the neighbours alone. */
  readonly counted: Float64Array;
  readonly weight: Float64Array;
  readonly loss: Float64Array;
  readonly square: Float64Array;
}

function startOf({ means, variances }: UsualLosses, arms: number): Moments {
  const [counted, weight] = [new Float64Array(arms), new Float64Array(arms)];
  const [loss, square] = [new Float64Array(arms), new Float64Array(arms)];
  for (let arm = 0; arm < arms; arm += 1) {
    const mean = means[arm] ?? NaN;
    if (Number.isNaN(mean)) continue;
    weight[arm] = PSEUDO_COUNT;
    loss[arm] = PSEUDO_COUNT * mean;
    square[arm] = PSEUDO_COUNT * ((variances[arm] ?? 0) + mean ** 2);
  }
  return { counted, weight, loss, square };
}

function add(moments: Moments, losses: Float64Array, weight: number): void {
  for (let arm = 0; arm < losses.length; arm += 1) {
    const loss = losses[arm] ?? NaN;
    if (Number.isNaN(loss)) continue;
    moments.counted[arm] = (moments.counted[arm] ?? 0) + weight;
    moments.weight[arm] = (moments.weight[arm] ?? 0) + weight;
    moments.loss[arm] = (moments.loss[arm] ?? 0) + weight * loss;
    moments.square[arm] = (moments.square[arm] ?? 0) + weight * loss * loss;
  }
}

function priorOf(arm: string, moments: Moments, place: number): ArmPrior | undefined {
  const weight = moments.weight[place] ?? 0;
  if (weight === 0) return undefined;
  const mean = (moments.loss[place] ?? 0) / weight;
  const square = (moments.square[place] ?? 0) / weight;
  return { arm, mean, variance: Math.max(0, square - mean * mean), weight: moments.counted[place] ?? 0 };
}
