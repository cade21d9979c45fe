import { LARGEST_SURPRISE } from './p-value.ts';

/**
 * How rare a score is among its own past: −log₁₀ p, so that scores of any detector, scale and series compare. The body
 * is a histogram with six bins to each doubling; the rarest 2 % is a Hill tail (Hill, Annals of Statistics 1975),
 * because a p-value of 1e-4 is wanted long before 10,000 points were seen.
 */
export interface TailCalibrator {
  /**
   * Mass of each bin; of twelve bins each, so that the mass above a bin is a few reads and a new score two writes; of all;
   * and of the tail. One array, because a fleet's calibrators are read from memory, not from the caches.
   */
  readonly mass: Float32Array;
  readonly forgetting: number;
  readonly robust: boolean;
  /** Forgetting is lazy: new scores count more instead of old ones less. */
  weight: number;
  /** First bin of the tail, where the last search for it ended. */
  tailBin: number;
}

export interface TailCalibratorOptions {
  /** Mean age of what is remembered, in scores; Infinity never forgets. */
  readonly effectiveSamples: number;
  /**
   * Rare scores count a tenth, so that unlabelled anomalies of the past do not hide later ones. Its p-values are then
   * too small in the tail (3 to 60 times at 1e-4): for alarms with a fixed threshold, not for what must be calibrated.
   */
  readonly robust: boolean;
}

const BINS = 96;
const BLOCK = 12;
const TOTAL = BINS + BINS / BLOCK;
const TAIL = TOTAL + 1;
const BINS_PER_DOUBLING = 6;
/** log₂ of where the first bin ends being "zero"; 96 bins reach to 2^10. */
const LOWEST = -6;
const BIN_LOG = Math.LN2 / BINS_PER_DOUBLING;
/** So that a score of zero has a logarithm. */
const TINY = 1e-9;
/** So many scores, or fewer, say nothing of what is rare. */
export const LEAST_SCORES = 20;
const TAIL_SHARE = 0.02;
const PRIOR_SCORES = 30;
/** The tail's index begins as if that many scores had been seen with this one: p falls as the score to the fourth. */
export const PRIOR_INDEX = 0.25;
const LEAST_INDEX = 0.05;
/** p of 1e-3, and what a rarer score then counts. */
const RARE = 3;
const RARE_WEIGHT = 0.1;
/** So that counts stay far below the largest that single precision has. */
const WEIGHT_LIMIT = 1e12;

/** @throws RangeError when `effectiveSamples` is not above 1. */
export function createTailCalibrator({ effectiveSamples, robust }: TailCalibratorOptions): TailCalibrator {
  if (!(effectiveSamples > 1))
    throw new RangeError(
      `effectiveSamples is ${effectiveSamples}; it must be above 1, Infinity to never forget`,
    );
  return {
    mass: new Float32Array(TAIL + 1),
    forgetting: 1 - 1 / effectiveSamples,
    robust,
    weight: 1,
    tailBin: BINS,
  };
}

/**
 * −log₁₀ of the chance of a score this large, in 0…12, from the scores before it; then learns it. Zero while no more
 * than 20 scores were seen. @param score at least 0; NaN is answered with NaN and learnt nothing of.
 */
export function surprise(calibrator: TailCalibrator, score: number): number {
  if (Number.isNaN(score)) return NaN;
  const log = Math.log2(Math.max(0, score) + TINY);
  const bin = binOf(log);
  const rarity = rarityOf(calibrator, log, bin);
  learn(calibrator, bin, rarity);
  return rarity;
}

/** The same without learning the score. */
export function surpriseUnlearnt(calibrator: TailCalibrator, score: number): number {
  if (Number.isNaN(score)) return NaN;
  const log = Math.log2(Math.max(0, score) + TINY);
  return rarityOf(calibrator, log, binOf(log));
}

function binOf(log: number): number {
  if (log < LOWEST) return 0;
  return Math.min(BINS - 1, Math.trunc(Math.min(BINS, (log - LOWEST) * BINS_PER_DOUBLING)));
}

function rarityOf(calibrator: TailCalibrator, log: number, bin: number): number {
  const { mass, weight } = calibrator;
  const total = mass[TOTAL] ?? 0;
  if (total <= LEAST_SCORES * weight) return 0;
  findTail(calibrator, TAIL_SHARE * total);
  if (bin >= calibrator.tailBin) return tailRarity(calibrator, log);
  const above = massFrom(mass, bin + 1) + 0.5 * (mass[bin] ?? 0);
  return clip(-Math.log10((above + 0.5 * weight) / (total + weight)));
}

/** Mass in this bin and above. */
function massFrom(mass: Float32Array, first: number): number {
  const block = Math.ceil(first / BLOCK);
  let sum = 0;
  for (let bin = first; bin < block * BLOCK; bin++) sum += mass[bin] ?? 0;
  for (let k = BINS + block; k < TOTAL; k++) sum += mass[k] ?? 0;
  return sum;
}

/** The tail begins in the lowest bin with at most so much at or above it, which moves little from score to score. */
function findTail(calibrator: TailCalibrator, most: number): void {
  const { mass } = calibrator;
  let bin = calibrator.tailBin;
  let tail = mass[TAIL] ?? 0;
  while (bin > 0 && tail + (mass[bin - 1] ?? 0) <= most) tail += mass[--bin] ?? 0;
  while (bin < BINS && tail > most) tail -= mass[bin++] ?? 0;
  if (bin === calibrator.tailBin) return;
  calibrator.tailBin = bin;
  mass[TAIL] = massFrom(mass, bin);
}

function tailRarity({ mass, weight, tailBin }: TailCalibrator, log: number): number {
  const tail = mass[TAIL] ?? 0;
  let excess = 0;
  for (let bin = tailBin; bin < BINS; bin++) excess += (mass[bin] ?? 0) * (bin + 0.5 - tailBin);
  const observed = (excess * BIN_LOG) / weight + PRIOR_SCORES * PRIOR_INDEX;
  const index = Math.max(LEAST_INDEX, observed / (tail / weight + PRIOR_SCORES));
  const distance = Math.max(0, (log - LOWEST) * Math.LN2 - tailBin * BIN_LOG);
  const atTail = -Math.log10((tail + 0.5 * weight) / ((mass[TOTAL] ?? 0) + weight));
  return clip(atTail + (distance / index) * Math.LOG10E);
}

function learn(calibrator: TailCalibrator, bin: number, rarity: number): void {
  const { mass } = calibrator;
  calibrator.weight /= calibrator.forgetting;
  const counted = calibrator.robust && rarity > RARE ? RARE_WEIGHT * calibrator.weight : calibrator.weight;
  add(mass, bin, counted);
  add(mass, BINS + Math.trunc(bin / BLOCK), counted);
  add(mass, TOTAL, counted);
  if (bin >= calibrator.tailBin) add(mass, TAIL, counted);
  if (calibrator.weight > WEIGHT_LIMIT) rescale(calibrator);
}

function add(mass: Float32Array, place: number, counted: number): void {
  mass[place] = (mass[place] ?? 0) + counted;
}

function rescale(calibrator: TailCalibrator): void {
  const { mass, weight } = calibrator;
  for (let k = 0; k < mass.length; k++) mass[k] = (mass[k] ?? 0) / weight;
  calibrator.weight = 1;
}

function clip(rarity: number): number {
  return Math.min(LARGEST_SURPRISE, Math.max(0, rarity));
}
