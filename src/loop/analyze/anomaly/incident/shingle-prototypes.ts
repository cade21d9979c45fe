/**
 * Shapes seen before: the last eight values, on a logarithmic scale around their mean, against a few prototypes
 * (leader clustering, Hartigan 1975). A shape far from all of them is new, and becomes one.
 */
export interface ShinglePrototypes {
  readonly prototypes: Float32Array;
  readonly counts: Float64Array;
  readonly lastUsed: Float64Array;
  readonly recent: Float64Array;
  readonly shape: Float64Array;
  used: number;
  points: number;
  mean: number;
  variance: number;
}

const LENGTH = 8;
const PROTOTYPES = 32;
/** Root mean square distance, in log deviations, beyond which a shape is new. */
const NEW_BEYOND = 0.3;
const SLOWEST_RATE = 0.02;
/** Of mean and variance: two thousand points. */
const SLOWEST_SCALE_RATE = 0.0005;
const CLIP_DEVIATIONS = 4;
const POINTS_BEFORE_CLIP = 50;
/** Points in which a prototype's worth falls to 1/e: a little-used old one gives way. */
const FADE = 20_000;

export function createShinglePrototypes(): ShinglePrototypes {
  return {
    prototypes: new Float32Array(PROTOTYPES * LENGTH),
    counts: new Float64Array(PROTOTYPES),
    lastUsed: new Float64Array(PROTOTYPES),
    recent: new Float64Array(LENGTH),
    shape: new Float64Array(LENGTH),
    used: 0,
    points: 0,
    mean: 0,
    variance: 0,
  };
}

/** @returns root mean square distance to the nearest prototype before learning; 0 until there is one */
export function observeShape(state: ShinglePrototypes, value: number): number {
  scaleTo(state, value);
  const { recent, points } = state;
  recent.copyWithin(1, 0, LENGTH - 1);
  recent[0] = value;
  if (points < LENGTH || state.variance <= 0) return 0;
  formShape(state);
  const nearest = nearestPrototype(state);
  if (nearest < 0) {
    replace(state);
    return 0;
  }
  const distance = Math.sqrt(distanceTo(state, nearest, Infinity) / LENGTH);
  if (distance > NEW_BEYOND) replace(state);
  else moveTo(state, nearest);
  return distance;
}

function scaleTo(state: ShinglePrototypes, value: number): void {
  if (state.points === 0) state.mean = value;
  state.points++;
  const rate = Math.max(1 / state.points, SLOWEST_SCALE_RATE);
  const deviation = value - state.mean;
  state.mean += rate * deviation;
  const limit = state.points > POINTS_BEFORE_CLIP ? CLIP_DEVIATIONS * Math.sqrt(state.variance) : Infinity;
  const clipped = Math.min(Math.abs(deviation), limit);
  state.variance += rate * (clipped * clipped - state.variance);
}

function formShape({ recent, shape, mean, variance }: ShinglePrototypes): void {
  const deviation = Math.sqrt(variance);
  for (let i = 0; i < LENGTH; i++) {
    const v = ((recent[i] ?? 0) - mean) / deviation;
    shape[i] = v < 0 ? -Math.log1p(-v) : Math.log1p(v);
  }
}

/** −1 when there is none. */
function nearestPrototype(state: ShinglePrototypes): number {
  let nearest = -1;
  let least = Infinity;
  for (let k = 0; k < state.used; k++) {
    const squares = distanceTo(state, k, least);
    if (squares < least) {
      least = squares;
      nearest = k;
    }
  }
  return nearest;
}

/** Sum of squares; it stops once beyond `enough`. */
function distanceTo({ prototypes, shape }: ShinglePrototypes, k: number, enough: number): number {
  const from = k * LENGTH;
  let squares = 0;
  for (let i = 0; i < LENGTH && squares <= enough; i++) {
    const d = (shape[i] ?? 0) - (prototypes[from + i] ?? 0);
    squares += d * d;
  }
  return squares;
}

function replace(state: ShinglePrototypes): void {
  const k = state.used < PROTOTYPES ? state.used++ : leastWorth(state);
  state.prototypes.set(state.shape, k * LENGTH);
  state.counts[k] = 1;
  state.lastUsed[k] = state.points;
}

function leastWorth({ counts, lastUsed, points }: ShinglePrototypes): number {
  let least = 0;
  let worth = Infinity;
  for (let k = 0; k < PROTOTYPES; k++) {
    const of = (counts[k] ?? 0) * Math.exp(((lastUsed[k] ?? 0) - points) / FADE);
    if (of < worth) {
      worth = of;
      least = k;
    }
  }
  return least;
}

function moveTo(state: ShinglePrototypes, k: number): void {
  const { prototypes, shape, counts, lastUsed } = state;
  const count = (counts[k] ?? 0) + 1;
  const rate = Math.max(SLOWEST_RATE, 1 / count);
  const from = k * LENGTH;
  for (let i = 0; i < LENGTH; i++) {
    const old = prototypes[from + i] ?? 0;
    prototypes[from + i] = old + rate * ((shape[i] ?? 0) - old);
  }
  counts[k] = count;
  lastUsed[k] = state.points;
}
