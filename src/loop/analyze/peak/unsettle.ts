import { followReaction, reachOf, type WantedReaction } from './adopted-reaction.ts';
import { enlargeErrorsOfDay } from './errors-of-day.ts';
import { unsettleSize } from './error-size.ts';
import type { PeakForecaster } from './forecaster-state.ts';
import { unsettledFactor } from './learn-peak.ts';
import { unsettlePastErrors } from './peak-nodes.ts';
import { dropPending } from './pending-peaks.ts';
import { discountRidge } from './shared-ridge.ts';

/** Other windows: what was learned of the old ones counts by half. */
const WINDOW_SHARE = 0.5;

/** Windows whose end moves by less are the same for all that was learned. */
const SAME_SHARE = 0.1;

export interface Unsettling {
  /** Share by which what was learned still counts. */
  readonly share: number;
  /** On expected errors, less and less from the bin `since` on. */
  readonly factor: number;
  readonly since: number;
}

/** Something has changed about the series: forecasts become wider for a while, and learn faster. */
export function unsettle(f: PeakForecaster, { share, factor, since }: Unsettling): void {
  f.unsettled.factor = Math.max(factor, unsettledFactor(f, since));
  f.unsettled.since = since;
  discountRidge(f.ridge, share);
  for (const { size, past } of [f.up, f.hold]) {
    unsettleSize(size, share, 1);
    unsettlePastErrors(past, share);
  }
}

/** All errors so far count as if they had been larger by this. */
export function enlargeErrors(f: PeakForecaster, factor: number): void {
  for (const { size, past } of [f.up, f.hold]) {
    unsettleSize(size, 1, factor);
    unsettlePastErrors(past, 1, factor);
  }
  enlargeErrorsOfDay(f.errorsOfDay, factor);
}

/** Follows a reaction that has changed; what was learned for other windows is kept as far as it makes sense. */
export function adoptReaction(f: PeakForecaster, wanted: WantedReaction, live: boolean): void {
  const before = reachOf(f.reaction);
  if (!followReaction(f.reaction, wanted, live)) return;
  dropPending(f.pending);
  const ratio = reachOf(f.reaction) / before;
  if (f.learned === 0 || Math.abs(ratio - 1) < SAME_SHARE) return;
  unsettle(f, { share: WINDOW_SHARE, factor: 1, since: f.newest });
  // Errors grow with the root of the distance, as those of a random walk; smaller ones are soon seen.
  enlargeErrors(f, Math.max(1, Math.sqrt(ratio)));
}
