import { armPriors, type ArmPrior } from './arm-priors.ts';
import { confidenceOf, type RecallConfidence } from './confidence.ts';
import { similarOutcomes, tellNeighbour, type RecalledSituation, type SimilarOutcomes } from './evidence.ts';
import type { HotIndex } from './hot-index.ts';
import { effectiveSize, weigh, type Weighted } from './kernel.ts';
import { DEFAULT_WEIGHTS, type LossWeights } from './loss.ts';
import { nearest, type RecallQuery } from './nearest.ts';
import { usualLosses } from './usual-losses.ts';

/** What the past says about a situation: plain data of at most some 5 KiB, whatever the index holds. */
export interface Recall {
  /** ms since the epoch: nothing that came later takes part. */
  readonly knownBy: number;
  /** Situations that were compared, neighbours that were found, and those of the same policy among them. */
  readonly searched: number;
  readonly found: number;
  readonly own: number;
  /** Effective number of neighbours, and their weighted mean distance; 0 and NaN-free where there are none. */
  readonly effective: number;
  readonly distance: number;
  readonly confidence: RecallConfidence;
  /** How those ended that are similar enough to be counted. */
  readonly similar: SimilarOutcomes;
  /** By arm: what to expect of it. Empty where nothing is known. */
  readonly priors: readonly ArmPrior[];
  /** The nearest, at most five. */
  readonly neighbours: readonly RecalledSituation[];
}

export interface RecallOptions {
  readonly weights?: LossWeights;
  /** Neighbours that are looked for. */
  readonly count?: number;
}

/**
 * Of 20 to 60, all chose nearly as well on the development traces; fewer are found sooner. This, the kernel's width and the
 * pseudo-counts of the priors are the outcome of some 55 combinations tried on these same traces: what was won there is
 * more than what is to be expected of other workloads.
 */
const NEIGHBOURS = 30;
const TOLD_NEIGHBOURS = 5;

/**
 * What came of situations like this one. That nothing is found is an answer.
 * @throws RangeError naming the situation when its embedding cannot be compared.
 */
export function recall(
  index: HotIndex,
  query: RecallQuery,
  { weights = DEFAULT_WEIGHTS, count = NEIGHBOURS }: RecallOptions = {},
): Recall {
  const found = nearest(index, query, count);
  const neighbours = weigh(found);
  const priors = armPriors(index, neighbours, usualLosses(index, query, found.own, weights), weights);
  const told = [...found.rows.subarray(0, TOLD_NEIGHBOURS)].map((row, place) =>
    tellNeighbour(index, row, { policyUid: query.policy.uid, distance: found.distances[place] ?? NaN }),
  );
  const grounds = {
    effective: effectiveSize(neighbours.weights),
    distance: meanDistance(neighbours),
  };
  return {
    knownBy: query.knownBy,
    searched: found.searched,
    found: found.rows.length,
    own: countOwn(index, found.rows, query.policy.uid),
    ...grounds,
    confidence: confidenceOf({ ...grounds, ...bestOf(priors) }),
    similar: similarOutcomes(index, found),
    priors,
    neighbours: told,
  };
}

function countOwn({ columns, owners }: HotIndex, rows: Int32Array, policyUid: string): number {
  return rows.reduce((count, row) => {
    const owner = owners.entries[columns.owner[row] ?? -1];
    return owner?.policy.uid === policyUid ? count + 1 : count;
  }, 0);
}

function meanDistance({ distances, weights }: Weighted): number {
  let sum = 0;
  let weight = 0;
  for (const [place, distance] of distances.entries()) {
    const counted = weights[place] ?? 0;
    sum += counted * distance;
    weight += counted;
  }
  return weight > 0 ? sum / weight : 0;
}

/** Of the arm that is expected to lose least. */
function bestOf(priors: readonly ArmPrior[]): { readonly mean: number; readonly variance: number } {
  let best = { mean: NaN, variance: NaN };
  for (const { mean, variance } of priors) if (!(mean >= best.mean)) best = { mean, variance };
  return best;
}
