import { CODED, createHaarFeatures, observeFeatures, type HaarFeatures } from './haar-features.ts';

/**
 * Adaptive resonance over a time series, after ARTime (Hampton): a window's features go to an unsupervised network that
 * grows, and what matches none of its categories is new. The network is Fuzzy ART (Carpenter, Grossberg and Rosen,
 * Neural Networks 4, 1991): complement coding, choice, vigilance, and learning by the fuzzy minimum. Of ARTime are wavelet
 * features into Fuzzy ART and the mismatch as what is scored; these features, the slow learning, one fixed vigilance,
 * forgetting of unused categories, and a scale from past values alone instead of the whole file's are this module's own.
 */
export interface FuzzyArt {
  readonly features: HaarFeatures;
  /** One row for each category, as coded features; its sum beside it. */
  readonly weights: Float32Array;
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  readonly lastUsed: Float64Array;
  used: number;
  /** Of the latest search: the category in resonance, −1 for none, and the best match of any. */
  resonant: number;
  bestMatch: number;
}

const CATEGORIES = 48;
/** A match below it is a new category. */
const VIGILANCE = 0.9;
/** Weight of the category's own size in the choice: near zero prefers the smallest that holds the input. */
const CHOICE = 0.001;
/** Slow learning: one odd window does not stretch a category over it. */
const LEARNING_RATE = 0.1;
/** Windows in which a category's worth falls to 1/e. */
const FADE = 20_000;

export function createFuzzyArt(): FuzzyArt {
  return {
    features: createHaarFeatures(),
    weights: new Float32Array(CATEGORIES * CODED),
    sums: new Float64Array(CATEGORIES),
    counts: new Float64Array(CATEGORIES),
    lastUsed: new Float64Array(CATEGORIES),
    used: 0,
    resonant: -1,
    bestMatch: 0,
  };
}

/** @returns mismatch with the best category before learning, in 0…1; NaN while there is no window or no category */
export function observeNovelty(art: FuzzyArt, value: number): number {
  if (!observeFeatures(art.features, value)) return NaN;
  const mismatch = art.used === 0 ? NaN : search(art);
  if (art.used === 0 || art.resonant < 0) addCategory(art);
  else learn(art);
  return mismatch;
}

function search(art: FuzzyArt): number {
  let choice = -1;
  art.resonant = -1;
  art.bestMatch = 0;
  for (let k = 0; k < art.used; k++) {
    const common = overlap(art, k);
    const match = common / (CODED / 2);
    art.bestMatch = Math.max(art.bestMatch, match);
    const activation = common / (CHOICE + (art.sums[k] ?? 0));
    if (match < VIGILANCE || activation <= choice) continue;
    choice = activation;
    art.resonant = k;
  }
  return 1 - art.bestMatch;
}

/** Size of the fuzzy intersection of input and category. */
function overlap({ weights, features: { coded } }: FuzzyArt, k: number): number {
  const from = k * CODED;
  let sum = 0;
  for (let i = 0; i < CODED; i++) {
    const input = coded[i] ?? 0;
    const weight = weights[from + i] ?? 0;
    sum += input < weight ? input : weight;
  }
  return sum;
}

function learn(art: FuzzyArt): void {
  const { weights, features, resonant } = art;
  const from = resonant * CODED;
  let sum = 0;
  for (let i = 0; i < CODED; i++) {
    const weight = weights[from + i] ?? 0;
    const moved = weight + LEARNING_RATE * (Math.min(weight, features.coded[i] ?? 0) - weight);
    weights[from + i] = moved;
    sum += moved;
  }
  art.sums[resonant] = sum;
  art.counts[resonant] = (art.counts[resonant] ?? 0) + 1;
  art.lastUsed[resonant] = features.points;
}

function addCategory(art: FuzzyArt): void {
  const k = art.used < CATEGORIES ? art.used++ : leastWorth(art);
  art.weights.set(art.features.coded, k * CODED);
  art.sums[k] = CODED / 2;
  art.counts[k] = 1;
  art.lastUsed[k] = art.features.points;
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
