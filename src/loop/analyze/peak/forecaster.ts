import { wantedReaction, type Reaction } from './adopted-reaction.ts';
import type { PeakForecaster } from './forecaster-state.ts';
import { fillPast, refineNewest, takeIn, turnBack } from './intake.ts';
import { BIN_MS, binOfSample, noteSample, usualGap } from './sample-clock.ts';
import { maxReach } from './tier.ts';
import { adoptReaction, unsettle } from './unsettle.ts';

/** One measured value: mean demand per second. */
export interface PeakSample {
  /** End of the time that it describes, ms since the epoch. */
  readonly at: number;
  readonly value: number;
}

export type PeakRefusal = 'NotANumber' | 'OutOfRange' | 'InFuture' | 'TooOld';

/**
 * What became of a sample. `Accepted`: it is the newest, and a forecast was made. `Merged`: it filled or refined a bin
 * that had begun already. `Duplicate`: nothing changed.
 */
export type PeakSampleOutcome =
  | { readonly status: 'Accepted' | 'Merged' | 'Duplicate' }
  | { readonly status: 'Refused'; readonly reason: PeakRefusal; readonly message: string };

/** How far ahead of the local clock a sample may be: scrape and operator clocks differ by seconds. */
export const CLOCK_TOLERANCE_MS = 60_000;

/** Largest rate that can be meant; squares of it still fit the doubles. */
const MAX_DEMAND = 1e30;

/** Largest time value of ECMAScript. */
const MAX_TIME = 8.64e15;

/** A new revision: errors half as large again, and what was learned counts by a third. */
const REVISION_FACTOR = 1.5;
const REVISION_SHARE = 1 / 3;

/** History in minutes hides the swing within them. */
const COARSE_SHARE = 0.3;

/**
 * Takes in one sample, learns from the windows that it completes and makes the next forecast. The same samples give
 * the same state; a refused one changes nothing.
 */
export function observePeakDemand(
  f: PeakForecaster,
  sample: PeakSample,
  reaction: Reaction,
): PeakSampleOutcome {
  const refusal = refusalOf(f, sample, reaction);
  if (refusal !== undefined) return refusal;
  const { clock } = f;
  const { at, value } = sample;
  if (clock.newestAt > reaction.now + CLOCK_TOLERANCE_MS) {
    turnBack(f, binOfSample(clock, at) - 1);
    clock.newestAt = at - 1;
  }
  const bin = binOfSample(clock, at);
  if (at <= clock.newestAt) return mergedIf(f, fillPast(f, { bin, value }));
  if (bin <= f.newest) {
    clock.newestAt = at;
    return mergedIf(f, refineNewest(f, value, ++clock.inNewest));
  }
  adoptReaction(f, wantedReaction(reaction, at, maxReach(f.tier)), true);
  const gap = bin - f.newest;
  takeIn(f, { bin, value }, usualGap(clock));
  noteSample(clock, at, gap);
  return { status: 'Accepted' };
}

/** A measured past, oldest first. */
export interface PeakHistory {
  /** Beginning of the first step, ms since the epoch. */
  readonly startMs: number;
  /** 15 s, or a multiple of it. */
  readonly stepMs: number;
  /** Mean demand per second in each step; NaN when unknown. */
  readonly values: Float64Array;
}

/**
 * Learns from a measured past, as far as it is newer than what is known. Steps longer than 15 s are joined by straight
 * lines, and forecasts are made only where a step ends: within a line the next value would be known.
 */
export function backfillPeak(
  f: PeakForecaster,
  { startMs, stepMs, values }: PeakHistory,
  reaction: Reaction,
): void {
  const bins = Math.round(stepMs / BIN_MS);
  if (!(bins >= 1 && Math.abs(bins * BIN_MS - stepMs) < 1 && Number.isFinite(startMs))) {
    throw new RangeError(
      `history needs a start and steps of a multiple of ${BIN_MS} ms, found ${startMs} and ${stepMs} ms`,
    );
  }
  adoptReaction(f, wantedReaction(reaction, undefined, maxReach(f.tier)), false);
  const { clock } = f;
  const before = f.known;
  values.forEach((value, i) => {
    const at = startMs + (i + 1) * stepMs;
    if (!(value >= 0 && value <= MAX_DEMAND && at > 0) || at <= clock.newestAt) return;
    const bin = binOfSample(clock, at);
    const gap = bin - f.newest;
    if (gap <= 0) return;
    takeIn(f, { bin, value }, bins);
    noteSample(clock, at, gap);
  });
  // Live samples come at their own pace.
  clock.cadence = 1;
  clock.lastGap = 1;
  if (bins > 1 && f.known > before) unsettle(f, { share: COARSE_SHARE, factor: 1, since: f.newest });
}

/** A new revision of the workload may meet other demand: forecasts are wider for hours, and learn faster. */
export function noteRevision(f: PeakForecaster, at: number): void {
  unsettle(f, { share: REVISION_SHARE, factor: REVISION_FACTOR, since: Math.floor(at / BIN_MS) });
}

function mergedIf({ clock }: PeakForecaster, changed: boolean): PeakSampleOutcome {
  if (changed) clock.samples++;
  return { status: changed ? 'Merged' : 'Duplicate' };
}

function refusalOf(
  { clock, recent }: PeakForecaster,
  { at, value }: PeakSample,
  { now }: Reaction,
): PeakSampleOutcome | undefined {
  if (!Number.isFinite(value) || !Number.isFinite(at) || !Number.isFinite(now)) {
    return refused('NotANumber', `a sample needs finite numbers, found value ${value} at ${at} (now ${now})`);
  }
  if (value < 0 || value > MAX_DEMAND || at < 0 || at > MAX_TIME) {
    return refused('OutOfRange', `demand must be within 0 … ${MAX_DEMAND}, found ${value} at ${at}`);
  }
  if (at > now + CLOCK_TOLERANCE_MS) {
    return refused('InFuture', `the sample is ${(at - now) / 1000} s ahead of the local clock`);
  }
  const kept = (recent.length - 1) * BIN_MS;
  if (Math.min(clock.newestAt, now) - at > kept) {
    return refused(
      'TooOld',
      `the sample is older than the ${Math.floor(kept / 60_000)} minutes that are kept`,
    );
  }
  return undefined;
}

function refused(reason: PeakRefusal, message: string): PeakSampleOutcome {
  return { status: 'Refused', reason, message };
}
