/**
 * For each arm a Bayesian linear regression of reward on what describes the situation, reward ≈ offset + θ·x, where the offset is
 * what was expected of the arm anyway (by replay, where there is one). Kept as the square root of its information: the Cholesky
 * factor L of A = λI + Σ w x xᵀ with one more row, z = L⁻¹ Σ w x (reward − offset), and the root of the squared error that is left.
 * A new pair is one rotation of all of it (Golub and Van Loan, Matrix Computations, §6.5), the mean is z·L⁻¹x and the variance
 * |L⁻¹x|²: one forward substitution. A root keeps in 32 bits what a covariance would need 64 for.
 */
export interface LinearModel {
  readonly arms: number;
  readonly features: number;
  /** λ: how firmly θ is believed to be 0; so many situations of every feature alone. */
  readonly ridge: number;
  /** What each step leaves of the past, above 0 and at most 1. */
  readonly memory: number;
  /** By arm `rowsOf(features)` numbers: the lower triangle row by row. */
  readonly roots: Float32Array;
  /** By arm: weight of its rewards, and the step at which that was. */
  readonly weights: Float64Array;
  /** Rewards of all arms so far. */
  step: number;
}

export interface LinearOptions {
  readonly arms: number;
  readonly features: number;
  readonly ridge?: number;
  readonly memory?: number;
}

/** As many features as describe a situation well; more would be learned in weeks. */
export const MOST_FEATURES = 32;

/** Before anything was measured a residual is taken to be so large: 0.1 of a reward, as two of them had come. */
const PRIOR_VARIANCE = 0.01;
const PRIOR_DEGREES = 2;

/** @throws RangeError naming what cannot be */
export function createLinearModel({ arms, features, ridge = 1, memory = 0.997 }: LinearOptions): LinearModel {
  if (!(Number.isInteger(features) && features > 0 && features <= MOST_FEATURES))
    throw new RangeError(`features must be a whole number from 1 to ${MOST_FEATURES}, found ${features}`);
  if (!(ridge > 0 && ridge < Infinity)) throw new RangeError(`ridge must be above 0, found ${ridge}`);
  if (!(memory > 0 && memory <= 1))
    throw new RangeError(`memory must be above 0 and at most 1, found ${memory}`);
  const size = sizeOf(features);
  const roots = new Float32Array(arms * size);
  for (let arm = 0; arm < arms; arm += 1) {
    for (let i = 0; i < features; i += 1) roots[arm * size + diagonal(i)] = Math.sqrt(ridge);
    roots[arm * size + diagonal(features)] = Math.sqrt(PRIOR_DEGREES * PRIOR_VARIANCE);
  }
  return { arms, features, ridge, memory, roots, weights: new Float64Array(2 * arms), step: 0 };
}

/** Of the triangle with its additional row. */
function sizeOf(features: number): number {
  return ((features + 1) * (features + 2)) / 2;
}

function diagonal(i: number): number {
  return (i * (i + 3)) / 2;
}

const incoming = new Float64Array(MOST_FEATURES + 1);
const solved = new Float64Array(MOST_FEATURES);

/** One reward of one arm. */
export interface LinearReward {
  readonly arm: number;
  readonly features: Float64Array;
  /** Reward − offset. */
  readonly residual: number;
}

/**
 * Takes a reward in; false, and nothing changed, where a number is not finite or the features are not as many as they must be.
 */
export function learnLinear(model: LinearModel, { arm, features, residual }: LinearReward): boolean {
  if (features.length !== model.features || !(arm >= 0 && arm < model.arms)) return false;
  if (!Number.isFinite(residual) || !features.every((value) => Number.isFinite(value))) return false;
  model.step += 1;
  fade(model, arm);
  incoming.set(features);
  incoming[model.features] = residual;
  rotate(model, arm);
  model.weights[2 * arm] = (model.weights[2 * arm] ?? 0) + 1;
  return true;
}

/** What has passed since the arm's last reward is forgotten; the belief that θ is 0 is not. */
function fade(model: LinearModel, arm: number): void {
  const { features, roots, weights, step } = model;
  const left = leftOf(model, arm);
  weights[2 * arm + 1] = step;
  if (left === 1) return;
  weights[2 * arm] = (weights[2 * arm] ?? 0) * left;
  const size = sizeOf(features);
  const root = Math.sqrt(left);
  for (let i = arm * size; i < (arm + 1) * size; i += 1) roots[i] = (roots[i] ?? 0) * root;
  giveRidgeBack(model, arm, 1 - left);
  const last = arm * size + diagonal(features);
  roots[last] = Math.hypot(roots[last] ?? 0, Math.sqrt((1 - left) * PRIOR_DEGREES * PRIOR_VARIANCE));
}

/** Of a loss beyond it every coordinate needs its part at once. */
const MUCH_LOST = 0.1;

/**
 * What the ridge has lost: usually one coordinate gets it for all, which costs one rotation and not one for each feature. Which
 * one, the golden ratio says: no rhythm in which arms take turns leaves a coordinate out (Knuth, TAOCP 3, 6.4).
 */
function giveRidgeBack(model: LinearModel, arm: number, lost: number): void {
  const { features, ridge, step } = model;
  const one = Math.floor(((Math.imul(step, 0x9e3779b1) >>> 0) / 2 ** 32) * features);
  const all = lost > MUCH_LOST;
  for (let i = all ? 0 : one; i < (all ? features : one + 1); i += 1) {
    incoming.fill(0);
    incoming[i] = Math.sqrt(lost * ridge * (all ? 1 : features));
    rotate(model, arm);
  }
}

/** Share of what an arm knew at its last reward. */
function leftOf({ memory, weights, step }: LinearModel, arm: number): number {
  const since = step - (weights[2 * arm + 1] ?? 0);
  return memory === 1 || since === 0 ? 1 : memory ** since;
}

/** Rotates the numbers in `incoming` into the triangle (a Givens rotation for each column); they are used up. */
function rotate({ features, roots }: LinearModel, arm: number): void {
  const first = arm * sizeOf(features);
  for (let k = 0; k <= features; k += 1) {
    const entry = incoming[k] ?? 0;
    if (entry === 0) continue;
    const at = first + diagonal(k);
    const before = roots[at] ?? 0;
    const after = Math.sqrt(before * before + entry * entry);
    const cosine = before / after;
    const sine = entry / after;
    roots[at] = after;
    let place = at + k + 1;
    for (let i = k + 1; i <= features; i += 1) {
      const value = roots[place] ?? 0;
      const other = incoming[i] ?? 0;
      roots[place] = cosine * value + sine * other;
      incoming[i] = cosine * other - sine * value;
      place += i + 1;
    }
  }
}

/** What is expected of an arm beyond its offset. */
export interface LinearEstimate {
  mean: number;
  /** Standard deviation of that mean. */
  deviation: number;
}

/** Writes into `out`, which comes back. */
export function estimateLinear(
  model: LinearModel,
  arm: number,
  { features, out }: { readonly features: Float64Array; readonly out: LinearEstimate },
): LinearEstimate {
  const { roots, ridge } = model;
  const count = model.features;
  let place = arm * sizeOf(count);
  let square = 0;
  let length = 0;
  for (let i = 0; i < count; i += 1) {
    const value = features[i] ?? 0;
    let rest = value;
    for (let k = 0; k < i; k += 1, place += 1) rest -= (roots[place] ?? 0) * (solved[k] ?? 0);
    const part = rest / (roots[place] ?? 1);
    place += 1;
    solved[i] = part;
    square += part * part;
    length += value * value;
  }
  let mean = 0;
  for (let i = 0; i < count; i += 1, place += 1) mean += (roots[place] ?? 0) * (solved[i] ?? 0);
  const left = leftOf(model, arm);
  // With time an arm is known less, down to what was believed at first.
  const variance = Math.min(square / left, length / ridge);
  out.mean = mean;
  out.deviation = Math.sqrt(noiseOf(model, arm, roots[place] ?? 0) * variance);
  return out;
}

/** Variance of what the line leaves unexplained. */
function noiseOf({ weights }: LinearModel, arm: number, rootOfErrors: number): number {
  return (rootOfErrors * rootOfErrors) / (PRIOR_DEGREES + (weights[2 * arm] ?? 0));
}
