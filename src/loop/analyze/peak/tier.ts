/**
 * How much a forecaster may cost. `Full` remembers seven days minute by minute; `Light` the usual day, has fewer inputs
 * and coarser histograms, and learns once a minute, for fleets.
 */
export type ForecastTier = 'Full' | 'Light';

export interface TierSize {
  /** Bins that are kept one by one, a power of two: the longest statistic and any window ahead fit in. */
  readonly recentBins: number;
  /** Bins that the longest statistic spans. */
  readonly spanBins: number;
  /** Of all arrays together. */
  readonly bytes: number;
  /** Forecasts that wait for their window to be complete. */
  readonly pending: number;
  /** Inputs of the regression on the peak, and of that on the size of its error. */
  readonly inputs: number;
  readonly scaleInputs: number;
  /** Bins from one forecast that is learned from to the next, when the first day is over. */
  readonly learnBins: number;
  /** Share of the newest error at a time of day. */
  readonly errorOfDayRate: number;
  /** Bins of the histograms below and above zero, and their width in e-folds. */
  readonly scaled: HistogramSize;
  readonly unscaled: HistogramSize;
}

export interface HistogramSize {
  readonly below: number;
  readonly above: number;
  readonly width: number;
}

export const TIERS: Readonly<Record<ForecastTier, TierSize>> = {
  Full: {
    recentBins: 512,
    spanBins: 240,
    bytes: 28_728,
    pending: 32,
    inputs: 21,
    scaleInputs: 8,
    learnBins: 1,
    errorOfDayRate: 0.02,
    // Errors of -10 … 850 scales, 16 % apart; quantiles are interpolated within a bin, and 7 % were no better.
    scaled: { below: 26, above: 54, width: 0.16 },
    unscaled: { below: 2, above: 38, width: 0.2 },
  },
  Light: {
    recentBins: 128,
    spanBins: 80,
    bytes: 6_696,
    // Neighbouring windows overlap: all four of a minute teach hardly more than one, and cost four times as much.
    pending: 16,
    inputs: 13,
    scaleInputs: 7,
    learnBins: 4,
    errorOfDayRate: 0.05,
    scaled: { below: 18, above: 38, width: 0.23 },
    unscaled: { below: 2, above: 28, width: 0.27 },
  },
};

/** Longest way from the newest bin to the end of a window: all of it and the window itself are recent. */
export function maxReach(tier: ForecastTier): number {
  return tier === 'Full' ? 240 : 120;
}
