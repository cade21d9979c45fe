/**
 * Score of one indicator without units, the other candidate for a threshold of the whole fleet (K2): the mean error of
 * one or of three points ÷ (its 99 % quantile + a quarter of its median) of the last seven days.
 */
export interface ScaleFree {
  readonly single: FadingLog;
  readonly triple: FadingLog;
}

interface FadingLog {
  readonly counts: Float64Array;
  readonly forgetting: number;
  total: number;
  weight: number;
}

const BINS = 96;
const BINS_PER_DOUBLING = 6;
const LOWEST = -6;
const DAYS = 7;
const LEAST = 20;

export function createScaleFree(dayPoints: number): ScaleFree {
  const log = (): FadingLog => ({
    counts: new Float64Array(BINS),
    forgetting: 1 - 1 / (DAYS * dayPoints),
    total: 0,
    weight: 1,
  });
  return { single: log(), triple: log() };
}

/** @param single error of the point in scales, @param triple mean of three */
export function scaleFreeScore(state: ScaleFree, single: number, triple: number): number {
  return Math.max(relative(state.single, Math.abs(single)), relative(state.triple, Math.abs(triple)));
}

function relative(log: FadingLog, value: number): number {
  const score = log.total > LEAST * log.weight ? value / (upper(log, 0.01) + 0.25 * upper(log, 0.5)) : 0;
  const place = Math.trunc((Math.log2(value + 1e-9) - LOWEST) * BINS_PER_DOUBLING);
  const bin = Math.min(BINS - 1, Math.max(0, place));
  log.weight /= log.forgetting;
  log.counts[bin] = log.counts[bin]! + log.weight;
  log.total += log.weight;
  return score;
}

/** Middle of the bin that a share of all values is above. */
function upper({ counts, total }: FadingLog, share: number): number {
  let above = 0;
  for (let bin = BINS - 1; bin >= 0; bin--) {
    above += counts[bin]!;
    if (above > share * total) return 2 ** (LOWEST + (bin + 0.5) / BINS_PER_DOUBLING);
  }
  return 2 ** LOWEST;
}
