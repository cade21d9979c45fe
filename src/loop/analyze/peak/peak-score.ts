import { BINS_PER_DAY } from './bins.ts';

/** The level at which the upper bound is measured. */
export const BOUND_LEVEL = 0.95;

/** How the issued forecasts did, older ones forgotten with a half-life of a day. Means, not sums. */
export interface PeakScore {
  /** Share of peaks at or below the bound issued for 95 %. */
  hits: number;
  /** Pinball losses of that bound, and of the last value plus the 95 % quantile of its own rises. */
  loss: number;
  plainLoss: number;
  /** Rise of the peak over the last value: its mean size, and its 95 % quantile. */
  riseSize: number;
  riseBound: number;
  /** |peak − point|, and peaks. */
  error: number;
  peak: number;
  resolved: number;
}

const RATE = Math.LN2 / BINS_PER_DAY;

/** Step of the quantile tracking (Angelopoulos, Candès and Tibshirani, NeurIPS 2023), in usual rises. */
const QUANTILE_STEP = 0.05;

/** Fewer windows than these say nothing about coverage at 95 percent. */
const ENOUGH = 100;

export function createPeakScore(): PeakScore {
  return { hits: 0, loss: 0, plainLoss: 0, riseSize: 0, riseBound: 0, error: 0, peak: 0, resolved: 0 };
}

export interface ScoredPeak {
  readonly peak: number;
  readonly point: number;
  /** Issued at `BOUND_LEVEL`. */
  readonly bound: number;
  /** The newest value then. */
  readonly newest: number;
  /** Bins since the forecast that was scored before it, as usual. */
  readonly bins: number;
}

export function scorePeak(score: PeakScore, { peak, point, bound, newest, bins }: ScoredPeak): void {
  const rate = Math.max(RATE * bins, 1 / ++score.resolved);
  const plain = newest + score.riseBound;
  score.hits += rate * ((peak <= bound ? 1 : 0) - score.hits);
  score.loss += rate * (pinball(peak, bound) - score.loss);
  score.plainLoss += rate * (pinball(peak, plain) - score.plainLoss);
  score.error += rate * (Math.abs(peak - point) - score.error);
  score.peak += rate * (peak - score.peak);
  score.riseSize += rate * (Math.abs(peak - newest) - score.riseSize);
  const miss = peak > plain ? BOUND_LEVEL : BOUND_LEVEL - 1;
  score.riseBound += QUANTILE_STEP * score.riseSize * miss;
}

/** Measured reliability; undefined while too few forecasts have been compared with what came. */
export interface Measured {
  readonly coverage: number | undefined;
  /** 1 − loss ÷ loss of the last value with its usual rise; negative when worse; undefined when nothing ever moves. */
  readonly skill: number | undefined;
  /** 1 − weighted absolute percentage error of the point, not below 0. */
  readonly accuracy: number | undefined;
}

export function measuredOf(score: PeakScore): Measured {
  if (score.resolved < ENOUGH) return { coverage: undefined, skill: undefined, accuracy: undefined };
  const { hits, loss, plainLoss, error, peak } = score;
  const relativeError = peak > 0 ? error / peak : error > 0 ? 1 : 0;
  return {
    coverage: hits,
    skill: plainLoss > 0 ? 1 - loss / plainLoss : undefined,
    accuracy: Math.max(0, 1 - relativeError),
  };
}

function pinball(actual: number, bound: number): number {
  return actual > bound ? BOUND_LEVEL * (actual - bound) : (1 - BOUND_LEVEL) * (bound - actual);
}
