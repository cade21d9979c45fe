/**
 * How rare a score is among its own past: −log₁₀ p, so that scores of any detector, scale and series compare. The body
 * is a histogram with six bins to each doubling; the rarest 2 % is a Hill tail (Hill, Annals of Statistics 1975),
 * because a p-value of 1e-4 is wanted long before 10,000 points were seen.
 */
export interface TailCalibrator {
  readonly counts: Float32Array;
  /** Sums of twelve bins each: the mass above a bin is a few reads, a new score two writes. */
  readonly blocks: Float32Array;
  readonly forgetting: number;
  readonly robust: boolean;
  /** Forgetting is lazy: new scores count more instead of old ones less. */
  weight: number;
  total: number;
  /** First bin of the tail, where the last search for it ended, and the mass from there on. */
  tailBin: number;
  tailMass: number;
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

/** p of 1e-12: beyond it the tail's shape, not the data, speaks. */
export const LARGEST_SURPRISE = 12;

const BINS = 96;
const BLOCK = 12;
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
    counts: new Float32Array(BINS),
    blocks: new Float32Array(BINS / BLOCK),
    forgetting: 1 - 1 / effectiveSamples,
    robust,
    weight: 1,
    total: 0,
    tailBin: BINS,
    tailMass: 0,
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

function binOf(log: number): number {
  if (log < LOWEST) return 0;
  return Math.min(BINS - 1, Math.trunc(Math.min(BINS, (log - LOWEST) * BINS_PER_DOUBLING)));
}

function rarityOf(calibrator: TailCalibrator, log: number, bin: number): number {
  const { counts, weight, total } = calibrator;
  if (total <= LEAST_SCORES * weight) return 0;
  findTail(calibrator);
  if (bin >= calibrator.tailBin) return tailRarity(calibrator, log);
  const above = massFrom(calibrator, bin + 1) + 0.5 * (counts[bin] ?? 0);
  return clip(-Math.log10((above + 0.5 * weight) / (total + weight)));
}

/** Mass in this bin and above. */
function massFrom({ counts, blocks }: TailCalibrator, first: number): number {
  const block = Math.ceil(first / BLOCK);
  let mass = 0;
  for (let bin = first; bin < block * BLOCK; bin++) mass += counts[bin] ?? 0;
  for (let k = block; k < BINS / BLOCK; k++) mass += blocks[k] ?? 0;
  return mass;
}

/** The tail begins in the lowest bin with at most its share at or above it, which moves little from score to score. */
function findTail(calibrator: TailCalibrator): void {
  const { counts } = calibrator;
  const most = TAIL_SHARE * calibrator.total;
  let { tailBin: bin, tailMass: mass } = calibrator;
  while (bin > 0 && mass + (counts[bin - 1] ?? 0) <= most) mass += counts[--bin] ?? 0;
  while (bin < BINS && mass > most) mass -= counts[bin++] ?? 0;
  if (bin === calibrator.tailBin) return;
  calibrator.tailBin = bin;
  calibrator.tailMass = massFrom(calibrator, bin);
}

function tailRarity({ counts, weight, total, tailBin, tailMass }: TailCalibrator, log: number): number {
  let excess = 0;
  for (let bin = tailBin; bin < BINS; bin++) excess += (counts[bin] ?? 0) * (bin + 0.5 - tailBin);
  const observed = (excess * BIN_LOG) / weight + PRIOR_SCORES * PRIOR_INDEX;
  const index = Math.max(LEAST_INDEX, observed / (tailMass / weight + PRIOR_SCORES));
  const distance = Math.max(0, (log - LOWEST) * Math.LN2 - tailBin * BIN_LOG);
  const atTail = -Math.log10((tailMass + 0.5 * weight) / (total + weight));
  return clip(atTail + (distance / index) * Math.LOG10E);
}

function learn(calibrator: TailCalibrator, bin: number, rarity: number): void {
  const { counts, blocks } = calibrator;
  calibrator.weight /= calibrator.forgetting;
  const counted = calibrator.robust && rarity > RARE ? RARE_WEIGHT * calibrator.weight : calibrator.weight;
  const block = Math.trunc(bin / BLOCK);
  counts[bin] = (counts[bin] ?? 0) + counted;
  blocks[block] = (blocks[block] ?? 0) + counted;
  calibrator.total += counted;
  if (bin >= calibrator.tailBin) calibrator.tailMass += counted;
  if (calibrator.weight > WEIGHT_LIMIT) rescale(calibrator);
}

function rescale(calibrator: TailCalibrator): void {
  const { counts, blocks, weight } = calibrator;
  for (let bin = 0; bin < BINS; bin++) counts[bin] = (counts[bin] ?? 0) / weight;
  for (let k = 0; k < blocks.length; k++) blocks[k] = (blocks[k] ?? 0) / weight;
  calibrator.total = massFrom(calibrator, 0);
  calibrator.tailMass = massFrom(calibrator, calibrator.tailBin);
  calibrator.weight = 1;
}

function clip(rarity: number): number {
  return Math.min(LARGEST_SURPRISE, Math.max(0, rarity));
}
