import type { HotIndex } from './hot-index.ts';
import type { LossWeights } from './loss.ts';
import { ownerFactors, type RecallQuery } from './nearest.ts';

/** Loss of each arm whatever the situation, by the arms' places in the index; NaN for one that was never replayed. */
export interface UsualLosses {
  readonly means: Float64Array;
  /** Of one window. */
  readonly variances: Float64Array;
}

/** A window a week old counts a fifth of one of today: the discount of follow-the-leader that did best of several. */
const DISCOUNT = 0.995;
const WINDOW_MS = 1_800_000;

/** As many of others' windows say what is usual for arms; more would only cost time. */
const FLEET_SAMPLE = 256;

/**
 * Until its own windows weigh so much, a workload's means lean on the fleet's. On the development traces 5 and 12 did the
 * first day equally well, and more held later days back.
 */
const FLEET_PSEUDO_COUNT = 5;

/** Sums over windows, by arm: weights, weighted losses and squares. */
interface Sums {
  readonly weight: Float64Array;
  readonly loss: Float64Array;
  readonly square: Float64Array;
}

/**
 * What arms usually come to for this workload, from its own windows and, as long as they are few, from a sample of others'.
 *
 * @param own rows of the policy's own windows, as `nearest` finds them
 */
export function usualLosses(
  index: HotIndex,
  query: RecallQuery,
  own: readonly number[],
  weights: LossWeights,
): UsualLosses {
  const { arms, columns } = index;
  const losses = new Float64Array(arms.length);
  const [owned, fleet] = [createSums(arms.length), createSums(arms.length)];
  for (const row of own) {
    const age = (query.knownBy - (columns.endsAt[row] ?? NaN)) / WINDOW_MS;
    readLosses(index, row, weights, losses);
    add(owned, losses, DISCOUNT ** age);
  }
  for (const row of sampleOfOthers(index, query)) {
    readLosses(index, row, weights, losses);
    add(fleet, losses, 1);
  }
  return combine(owned, fleet);
}

/** Every n-th row, if it is another's that may be looked at. */
function sampleOfOthers({ size, columns, owners }: HotIndex, query: RecallQuery): readonly number[] {
  const factors = ownerFactors(owners.entries, query);
  const stride = Math.max(1, Math.floor(size / FLEET_SAMPLE));
  const rows: number[] = [];
  for (let row = 0; row < size; row += stride) {
    const factor = factors[columns.owner[row] ?? 0] ?? 0;
    if (factor > 1 && (columns.endsAt[row] ?? Infinity) <= query.knownBy) rows.push(row);
  }
  return rows;
}

function createSums(arms: number): Sums {
  return { weight: new Float64Array(arms), loss: new Float64Array(arms), square: new Float64Array(arms) };
}

function add(sums: Sums, losses: Float64Array, weight: number): void {
  for (let arm = 0; arm < losses.length; arm += 1) {
    const loss = losses[arm] ?? NaN;
    if (Number.isNaN(loss)) continue;
    sums.weight[arm] = (sums.weight[arm] ?? 0) + weight;
    sums.loss[arm] = (sums.loss[arm] ?? 0) + weight * loss;
    sums.square[arm] = (sums.square[arm] ?? 0) + weight * loss * loss;
  }
}

/** Writes the loss of each arm in one row to `losses`; NaN where it was not replayed. As `lossOf`, without an object. */
export function readLosses(
  { columns, armLimit }: HotIndex,
  row: number,
  { penalty, most }: LossWeights,
  losses: Float64Array,
): void {
  const { costs, violated } = columns;
  const first = row * armLimit;
  for (let arm = 0; arm < losses.length; arm += 1) {
    const loss = (costs[first + arm] ?? NaN) + penalty * (violated[first + arm] ?? NaN);
    losses[arm] = loss > most ? most : loss;
  }
}

function combine(own: Sums, fleet: Sums): UsualLosses {
  const means = new Float64Array(own.loss.length);
  const variances = new Float64Array(own.loss.length);
  for (let arm = 0; arm < means.length; arm += 1) {
    const others = fleet.weight[arm] ?? 0;
    const scale = others > 0 ? Math.min(1, FLEET_PSEUDO_COUNT / others) : 0;
    const weight = (own.weight[arm] ?? 0) + scale * others;
    const mean = ((own.loss[arm] ?? 0) + scale * (fleet.loss[arm] ?? 0)) / weight;
    const square = ((own.square[arm] ?? 0) + scale * (fleet.square[arm] ?? 0)) / weight;
    means[arm] = mean;
    variances[arm] = Math.max(0, square - mean * mean);
  }
  return { means, variances };
}
