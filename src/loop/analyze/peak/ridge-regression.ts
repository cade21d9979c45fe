/**
 * Weighted ridge regression over a stream: the normal equations are kept and forgotten exponentially, and solved from
 * time to time by Cholesky's factorisation. Unlike the recursion on the inverse (recursive least squares) it cannot
 * wind up or lose symmetry (Björck, Numerical Methods for Least Squares Problems, §2.2 and §3.2).
 */
export interface RidgeRegression {
  readonly inputs: number;
  /** Share that one update leaves of all before it, 0 … 1. */
  readonly memory: number;
  /** Σ weight·x·xᵀ, lower triangle row by row, and Σ weight·x·y, both times `gain`. */
  readonly products: Float64Array;
  readonly moments: Float64Array;
  readonly weights: Float64Array;
  /** Forgetting is lazy: instead of shrinking all sums, new terms are entered larger by this. */
  gain: number;
}

/** Relative growth of the diagonal: collinear inputs share their weight instead of blowing it up. */
const RIDGE = 1e-3;

/** Growth of the diagonal as a part of its mean: an input that never moved gets the weight 0. */
const FLOOR = 1e-12;

/** Far from the end of the doubles, and rarely reached. */
const GAIN_LIMIT = 1e100;

export function createRidgeRegression(inputs: number, memory: number): RidgeRegression {
  return {
    inputs,
    memory,
    products: new Float64Array((inputs * (inputs + 1)) / 2),
    moments: new Float64Array(inputs),
    weights: new Float64Array(inputs),
    gain: 1,
  };
}

/** Adds the equation x·w = y with a weight; the weights follow at the next `solveRidge`. */
export function learnRidge(ridge: RidgeRegression, x: Float64Array, y: number, weight: number): void {
  const { inputs, products, moments } = ridge;
  ridge.gain /= ridge.memory;
  const scale = weight * ridge.gain;
  let place = 0;
  for (let i = 0; i < inputs; i++) {
    const scaled = scale * (x[i] ?? 0);
    for (let j = 0; j <= i; j++, place++) products[place] = (products[place] ?? 0) + scaled * (x[j] ?? 0);
    moments[i] = (moments[i] ?? 0) + scaled * y;
  }
  if (ridge.gain > GAIN_LIMIT) normalize(ridge);
}

export function predictRidge({ inputs, weights }: RidgeRegression, x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < inputs; i++) sum += (weights[i] ?? 0) * (x[i] ?? 0);
  return sum;
}

/** Makes the weights those of all equations so far. Sums beyond the doubles leave the weights as they are. */
export function solveRidge(ridge: RidgeRegression): void {
  const factor = factorize(ridge);
  if (!factor.every(Number.isFinite)) return;
  const solution = ridge.moments.map((sum) => sum / ridge.gain);
  forwardSubstitute(factor, solution);
  backSubstitute(factor, solution);
  ridge.weights.set(solution);
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
function factorize({ inputs, products, gain }: RidgeRegression): Float64Array {
  const factor = products.map((sum) => sum / gain);
  let trace = 0;
  for (let i = 0; i < inputs; i++) trace += factor[row(i) + i] ?? 0;
  // Without any equation the smallest number keeps the division below meaningful.
  const floor = FLOOR * (trace / inputs) + Number.MIN_VALUE;
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = factor[row(i) + j] ?? 0;
      if (i === j) rest += RIDGE * rest + floor;
      for (let k = 0; k < j; k++) rest -= (factor[row(i) + k] ?? 0) * (factor[row(j) + k] ?? 0);
      // The ridge keeps the pivot positive but for rounding.
      factor[row(i) + j] = i === j ? Math.sqrt(Math.max(rest, floor)) : rest / (factor[row(j) + j] ?? 1);
    }
  }
  return factor;
}

/** Where row `i` of a packed lower triangle begins. */
function row(i: number): number {
  return (i * (i + 1)) / 2;
}

function normalize(ridge: RidgeRegression): void {
  for (const sums of [ridge.products, ridge.moments]) {
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) / ridge.gain;
  }
  ridge.gain = 1;
}
