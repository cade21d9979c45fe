import { createAdoptedReaction, type AdoptedReaction } from './adopted-reaction.ts';
import { createArena } from './arena.ts';
import { createDailyProfile, type DailyProfile } from './daily-profile.ts';
import { createErrorsOfDay, type ErrorsOfDay } from './errors-of-day.ts';
import { createErrorSize, type ErrorSize } from './error-size.ts';
import { createPastErrors, type PastErrors } from './peak-nodes.ts';
import { createPeakScore, type PeakScore } from './peak-score.ts';
import { createPendingPeaks, type PendingPeaks } from './pending-peaks.ts';
import { createPlausibility, type Plausibility } from './plausible.ts';
import { createRecentDemand, type RecentDemand } from './recent-demand.ts';
import { createSampleClock, type SampleClock } from './sample-clock.ts';
import { createSevenDays, type SevenDays } from './seven-days.ts';
import { createSharedRidge, type SharedRidge } from './shared-ridge.ts';
import { TIERS, type ForecastTier } from './tier.ts';

/** What is learned of the errors in one window. */
export interface WindowErrors {
  readonly size: ErrorSize;
  readonly past: PastErrors;
}

/** Errors are expected larger for a while: by `factor` at the bin `since`, less and less after it. */
export interface Unsettled {
  factor: number;
  since: number;
}

/**
 * Forecasts of the maximum of one demand series over the two windows of a reaction. Plain numbers and typed arrays:
 * `structuredClone` copies it; the same samples give the same state, and nothing later than the newest enters it.
 */
export interface PeakForecaster {
  readonly tier: ForecastTier;
  readonly recent: RecentDemand;
  /** The one that the tier has. */
  readonly days: SevenDays | undefined;
  readonly profile: DailyProfile | undefined;
  /** Targets: the rise over the newest value in the up and in the hold window. */
  readonly ridge: SharedRidge;
  readonly up: WindowErrors;
  readonly hold: WindowErrors;
  readonly errorsOfDay: ErrorsOfDay;
  readonly pending: PendingPeaks;
  readonly score: PeakScore;
  readonly clock: SampleClock;
  readonly plausibility: Plausibility;
  readonly reaction: AdoptedReaction;
  readonly unsettled: Unsettled;
  /** Mean of the last day: a running mean on the first day, exponentially weighted with α = 1 day⁻¹ after it. */
  level: number;
  /** Bins with a believed value so far. */
  known: number;
  /** The newest bin; -Infinity before the first. */
  newest: number;
  /** Windows completed, and how many of them since the regressions were last solved. */
  learned: number;
  unsolved: number;
}

export function createPeakForecaster(tier: ForecastTier): PeakForecaster {
  const size = TIERS[tier];
  const arena = createArena(size.bytes);
  const errors = (): WindowErrors => ({
    size: createErrorSize(arena, size),
    past: createPastErrors(arena, size),
  });
  return {
    tier,
    ridge: createSharedRidge(arena, { inputs: size.inputs, targets: 2 }),
    up: errors(),
    hold: errors(),
    errorsOfDay: createErrorsOfDay(arena),
    recent: createRecentDemand(arena, size.recentBins),
    days: tier === 'Full' ? createSevenDays(arena) : undefined,
    profile: tier === 'Light' ? createDailyProfile(arena) : undefined,
    pending: createPendingPeaks(arena, size),
    score: createPeakScore(),
    clock: createSampleClock(),
    plausibility: createPlausibility(),
    reaction: createAdoptedReaction(),
    unsettled: { factor: 1, since: 0 },
    level: 0,
    known: 0,
    newest: -Infinity,
    learned: 0,
    unsolved: 0,
  };
}
