import { createHaarFeatures, FEATURES, observeFeatures, type HaarFeatures } from './haar-features.ts';

/**
 * Adaptive resonance over a time series, after ARTime (Hampton): a window's features go to an unsupervised network that
 * grows, and what matches none of its categories is new. The network is Fuzzy ART (Carpenter, Grossberg and Rosen,
 * Neural Networks 4, 1991): complement coding, choice, vigilance, and learning by the fuzzy minimum. With complement
 * coding a category is a box in the space of the features, and is kept as one.
 *
 * Of ARTime are wavelet features into adaptive resonance and the mismatch as what is scored. These features, the slow
 * learning, the fixed vigilance, the forgetting of unused categories, and a scale from past values alone are our own.
 */
export interface FuzzyArt {
  readonly features: HaarFeatures;
  /** Of each category its box: least, then greatest of each feature. */
  readonly boxes: Float32Array;
  /** Sum of a box's sides. */
  readonly sizes: Float64Array;
  readonly counts: Float64Array;
  readonly lastUsed: Float64Array;
  used: number;
  /** Category that the latest window was in resonance with, −1 for none. */
  resonant: number;
}

const CATEGORIES = 48;
const BOX = 2 * FEATURES;
/** A match below it is a new category. */
const VIGILANCE = 0.9;
/** As a sum over features: the most that box and input together may span. */
const LARGEST_SPAN = (1 - VIGILANCE) * FEATURES;
/** Weight of the category's own size in the choice: near zero prefers the smallest that holds the input. */
const CHOICE = 0.001;
/** Slow learning: one odd window does not stretch a category over it. */
const LEARNING_RATE = 0.1;
/** Windows in which a category's worth falls to 1/e. */
const FADE = 20_000;
/** So that an ordinary score is not among the lowest that are told apart. */
const NOVELTY_SCALE = 8;

export function createFuzzyArt(): FuzzyArt {
  return {
    features: createHaarFeatures(),
    boxes: new Float32Array(CATEGORIES * BOX),
    sizes: new Float64Array(CATEGORIES),
    counts: new Float64Array(CATEGORIES),
    lastUsed: new Float64Array(CATEGORIES),
    used: 0,
    resonant: -1,
  };
}

/** @returns mismatch with the best category before learning, in 0…1; NaN while there is no window or no category */
export function observeNovelty(art: FuzzyArt, value: number): number {
  if (!observeFeatures(art.features, value)) return NaN;
  const mismatch = art.used === 0 ? NaN : search(art);
  if (art.resonant < 0) addCategory(art);
  else learn(art);
  return mismatch;
}

/** Mismatches are small and their tail is short: squared, its slope is like that of other scores. */
export function noveltyScore(mismatch: number): number {
  const scaled = NOVELTY_SCALE * mismatch;
  return scaled * scaled;
}

/** Match of a category: 1 − span ÷ features, where span is the size of its box grown to hold the input. */
function search(art: FuzzyArt): number {
  const { sizes } = art;
  let least = Infinity;
  let activation = -1;
  const last = art.resonant;
  art.resonant = -1;
  // The latest category is likely the best again; with a good one first most others are dropped early.
  for (let i = -1; i < art.used; i++) {
    const k = i < 0 ? last : i;
    if (k < 0 || (i >= 0 && k === last)) continue;
    const size = sizes[k] ?? 0;
    const span = spanOf(art, k, Math.max(least, LARGEST_SPAN));
    least = Math.min(least, span);
    const chosen = (FEATURES - span) / (CHOICE + FEATURES - size);
    if (span > LARGEST_SPAN || chosen <= activation) continue;
    activation = chosen;
    art.resonant = k;
  }
  return least / FEATURES;
}

/** Stops beyond `enough`. */
function spanOf({ boxes, sizes, features: { shares } }: FuzzyArt, k: number, enough: number): number {
  let span = sizes[k] ?? 0;
  let at = k * BOX;
  for (let i = 0; i < FEATURES && span <= enough; i++, at += 2) {
    const share = shares[i] ?? 0;
    const low = boxes[at] ?? 0;
    const high = boxes[at + 1] ?? 0;
    if (share < low) span += low - share;
    else if (share > high) span += share - high;
  }
  return span;
}

function learn(art: FuzzyArt): void {
  const { boxes, features, resonant } = art;
  let size = 0;
  for (let i = 0; i < FEATURES; i++) {
    const at = resonant * BOX + 2 * i;
    const share = features.shares[i] ?? 0;
    const low = boxes[at] ?? 0;
    const high = boxes[at + 1] ?? 0;
    boxes[at] = low + LEARNING_RATE * (Math.min(low, share) - low);
    boxes[at + 1] = high + LEARNING_RATE * (Math.max(high, share) - high);
    size += (boxes[at + 1] ?? 0) - (boxes[at] ?? 0);
  }
  art.sizes[resonant] = size;
  art.counts[resonant] = (art.counts[resonant] ?? 0) + 1;
  art.lastUsed[resonant] = features.points;
}

function addCategory(art: FuzzyArt): void {
  const { boxes, features } = art;
  const k = art.used < CATEGORIES ? art.used++ : leastWorth(art);
  for (let i = 0; i < FEATURES; i++) {
    boxes[k * BOX + 2 * i] = boxes[k * BOX + 2 * i + 1] = features.shares[i] ?? 0;
  }
  art.sizes[k] = 0;
  art.counts[k] = 1;
  art.lastUsed[k] = features.points;
  art.resonant = k;
}

function leastWorth({ counts, lastUsed, features }: FuzzyArt): number {
  let least = 0;
  let worth = Infinity;
  for (let k = 0; k < CATEGORIES; k++) {
    const of = (counts[k] ?? 0) * Math.exp(((lastUsed[k] ?? 0) - features.points) / FADE);
    if (of < worth) {
      worth = of;
      least = k;
    }
  }
  return least;
}
