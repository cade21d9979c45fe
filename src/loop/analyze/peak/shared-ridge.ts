import { floatsIn, type Arena } from './arena.ts';

export interface RidgeShape {
  readonly inputs: number;
  readonly targets: number;
}

/**
 * Weighted ridge regression of several targets on the same inputs over a stream: the normal equations are kept and
 * forgotten exponentially, and solved from time to time by Cholesky's factorisation. Unlike the recursion on the inverse
 * (recursive least squares) it cannot wind up or lose symmetry (Björck, Numerical Methods for Least Squares Problems,
 * §2.2 and §3.2). Targets that share their inputs share the matrix, most of memory and time.
 */
export interface SharedRidge extends RidgeShape {
  /**
   * Σ weight·x·xᵀ, lower triangle row by row; then for each target Σ weight·x·y; then each target's weights. Sums are
   * times `gain`. In single precision: what is missing of a term is unbiased, and far less than the ridge.
   */
  readonly sums: Float32Array;
  /** Forgetting is lazy: instead of shrinking all sums, new terms are entered larger by this. */
  gain: number;
}

/** Relative growth of the diagonal: collinear inputs share their weight instead of blowing it up. */
const RIDGE = 1e-3;

/** Growth of the diagonal as a part of its mean: an input that never moved gets the weight 0. */
const FLOOR = 1e-12;

/** Sums of loads of 1e30 then are still numbers. */
const GAIN_LIMIT = 1e3;

export function createSharedRidge(arena: Arena, { inputs, targets }: RidgeShape): SharedRidge {
  return {
    inputs,
    targets,
    sums: floatsIn(arena, row(inputs) + 2 * targets * inputs),
    gain: 1,
  };
}

/** Adds the equations x·w = y, one for each target, with one weight; the weights follow at the next `solveRidge`. */
export function learnRidge(ridge: SharedRidge, x: Float64Array, y: Float64Array, weight: number): void {
  const { inputs, targets, sums } = ridge;
  const scale = weight * ridge.gain;
  let place = 0;
  for (let i = 0; i < inputs; i++) {
    const scaled = scale * (x[i] ?? 0);
    for (let j = 0; j <= i; j++, place++) sums[place] = (sums[place] ?? 0) + scaled * (x[j] ?? 0);
  }
  for (let target = 0; target < targets; target++) {
    const scaled = scale * (y[target] ?? 0);
    for (let i = 0; i < inputs; i++, place++) sums[place] = (sums[place] ?? 0) + scaled * (x[i] ?? 0);
  }
  if (ridge.gain > GAIN_LIMIT) normalize(ridge);
}

/** Counts all equations so far only by this share, 0 … 1: what comes next is learned faster. */
export function discountRidge(ridge: SharedRidge, share: number): void {
  ridge.gain /= share;
}

export function predictRidge(ridge: SharedRidge, target: number, x: Float64Array): number {
  const { inputs, sums } = ridge;
  const from = weightsFrom(ridge, target);
  let sum = 0;
  for (let i = 0; i < inputs; i++) sum += (sums[from + i] ?? 0) * (x[i] ?? 0);
  return sum;
}

/** Weight of one input for one target. */
export function ridgeWeight(ridge: SharedRidge, target: number, input: number): number {
  return ridge.sums[weightsFrom(ridge, target) + input] ?? 0;
}

/** Makes the weights those of all equations so far. Sums that are no numbers any more leave the weights as they are. */
export function solveRidge(ridge: SharedRidge): void {
  const { inputs, targets, sums, gain } = ridge;
  const factor = factorize(ridge);
  if (!factor.every(Number.isFinite)) return;
  for (let target = 0; target < targets; target++) {
    const from = row(inputs) + target * inputs;
    const solution = new Float64Array(inputs);
    for (let i = 0; i < inputs; i++) solution[i] = (sums[from + i] ?? 0) / gain;
    forwardSubstitute(factor, solution);
    backSubstitute(factor, solution);
    if (solution.every(Number.isFinite)) sums.set(solution, weightsFrom(ridge, target));
  }
}

/** Solves L·z = y in place. */
function forwardSubstitute(factor: Float64Array, y: Float64Array): void {
  for (let i = 0; i < y.length; i++) {
    let rest = y[i] ?? 0;
    for (let j = 0; j < i; j++) rest -= (factor[row(i) + j] ?? 0) * (y[j] ?? 0);
    y[i] = rest / (factor[row(i) + i] ?? 1);
  }
}

/** Solves Lᵀ·w = z in place. */
function backSubstitute(factor: Float64Array, z: Float64Array): void {
  for (let i = z.length - 1; i >= 0; i--) {
    let rest = z[i] ?? 0;
    for (let j = i + 1; j < z.length; j++) rest -= (factor[row(j) + i] ?? 0) * (z[j] ?? 0);
    z[i] = rest / (factor[row(i) + i] ?? 1);
  }
}

/** Lower triangular L with L·Lᵀ = the sums with the ridge on their diagonal. */
function factorize({ inputs, sums, gain }: SharedRidge): Float64Array {
  const factor = new Float64Array(row(inputs));
  let trace = 0;
  for (let i = 0; i < factor.length; i++) factor[i] = (sums[i] ?? 0) / gain;
  for (let i = 0; i < inputs; i++) trace += factor[row(i) + i] ?? 0;
  // Without any equation the smallest number keeps the division below meaningful.
  const floor = FLOOR * (trace / inputs) + Number.MIN_VALUE;
  for (let i = 0; i < inputs; i++) {
    const diagonal = row(i) + i;
    factor[diagonal] = (1 + RIDGE) * (factor[diagonal] ?? 0) + floor;
    for (let j = 0; j < i; j++) {
      factor[row(i) + j] = (factor[row(i) + j] ?? 0) - productOfRows(factor, i, j);
      factor[row(i) + j] = (factor[row(i) + j] ?? 0) / (factor[row(j) + j] ?? 1);
    }
    // The ridge keeps the pivot positive but for rounding.
    factor[diagonal] = Math.sqrt(Math.max((factor[diagonal] ?? 0) - productOfRows(factor, i, i), floor));
  }
  return factor;
}

/** Σ over k < j of L[i,k]·L[j,k]. */
function productOfRows(factor: Float64Array, i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < j; k++) sum += (factor[row(i) + k] ?? 0) * (factor[row(j) + k] ?? 0);
  return sum;
}

/** Where row `i` of a packed lower triangle begins. */
function row(i: number): number {
  return (i * (i + 1)) / 2;
}

function weightsFrom({ inputs, targets }: SharedRidge, target: number): number {
  return row(inputs) + (targets + target) * inputs;
}

function normalize(ridge: SharedRidge): void {
  const { sums } = ridge;
  const end = weightsFrom(ridge, 0);
  for (let i = 0; i < end; i++) sums[i] = (sums[i] ?? 0) / ridge.gain;
  ridge.gain = 1;
}
