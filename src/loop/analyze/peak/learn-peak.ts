import { reachOf } from './adopted-reaction.ts';
import { BINS_PER_DAY } from './bins.ts';
import { lookAheadInDays } from './seven-days.ts';
import { errorAtTimeOf, learnErrorOfDay } from './errors-of-day.ts';
import {
  describeSize,
  expectSize,
  learnSize,
  noteSizeOrigin,
  RIDGE_MEMORY,
  solveSize,
} from './error-size.ts';
import type { PeakForecaster, WindowErrors } from './forecaster-state.ts';
import {
  below20,
  describeFull,
  describeLight,
  seasonalRise,
  swingFromInputs,
  type PeakOrigin,
} from './peak-inputs.ts';
import { fillPeakNodes, learnPastError, PEAK_NODES, PEAK_WEIGHTS, peakQuantile } from './peak-nodes.ts';
import { BOUND_LEVEL, scorePeak } from './peak-score.ts';
import {
  createIssuedPeak,
  isToWait,
  noteLatest,
  readPeak,
  takePeak,
  waitForOutcome,
  type IssuedPeak,
  type IssuedWindow,
} from './pending-peaks.ts';
import { createRecentSummary, knownMax, recentAt, summarizeRecent } from './recent-demand.ts';
import { discountRidge, learnRidge, predictRidge, solveRidge } from './shared-ridge.ts';
import { TIERS } from './tier.ts';

/** Bins between two solutions: an hour, and a quarter of one on the first day. */
const SOLVE_BINS = 240;
const YOUNG_SOLVE_BINS = 60;

/** An outcome teaches at most so many expected errors: one burst must not turn the weights over. */
const CLIP = 8;

/** Least level, requests per second: keeps the weights of an idle series finite. */
const LEAST_LEVEL = 1e-6;

/** What was unsettled is half as unsettled two hours later. */
const SETTLING_BINS = 480;

/** Overwritten by each forecast: nothing is allocated bin by bin. */
const ISSUED = {
  Full: createIssuedPeak(TIERS.Full.inputs),
  Light: createIssuedPeak(TIERS.Light.inputs),
};
const SUMMARY = createRecentSummary();
const SIZE_X = new Float64Array(TIERS.Full.scaleInputs);
const NODES = new Float64Array(PEAK_NODES);
const RISES = new Float64Array(2);

/** How much larger than learned errors are expected to be at `bin`. */
export function unsettledFactor({ unsettled }: PeakForecaster, bin: number): number {
  if (unsettled.factor === 1) return 1;
  return 1 + (unsettled.factor - 1) * 0.5 ** (Math.max(0, bin - unsettled.since) / SETTLING_BINS);
}

/** Makes the forecast at the newest bin, whose value is known. */
export function issuePeak(f: PeakForecaster): void {
  const { tier, recent, newest, reaction, pending } = f;
  const { spanBins } = TIERS[tier];
  const issued = ISSUED[tier];
  const decisionBin = newest + reaction.lagBins;
  summarizeRecent(SUMMARY, recent, newest, spanBins);
  describe(f, issued, decisionBin);
  issued.newest = SUMMARY.newest;
  issued.level = f.level;
  issued.swing = SUMMARY.max20 - SUMMARY.min20;
  issued.step20 = SUMMARY.step20;
  issued.step240 = SUMMARY.step240;
  const atThisTime = errorAtTimeOf(f.errorsOfDay, decisionBin);
  issueWindow(f, issued, { target: 0, atThisTime });
  issueWindow(f, issued, { target: 1, atThisTime });
  const waits = isToWait(pending, { origin: newest, reach: reachOf(reaction), stride: strideOf(f) });
  issued.boundRise = waits ? upperBound(f, issued) - issued.newest : 0;
  noteLatest(pending, issued, newest);
  if (waits) waitForOutcome(pending);
}

/** Of the up window: what the measured coverage is about. */
function upperBound(f: PeakForecaster, { newest, up }: IssuedPeak): number {
  fillPeakNodes(NODES, f.up.past, {
    point: newest + up.rise,
    scale: up.scale * unsettledFactor(f, f.newest),
    record: Math.max(f.plausibility.record, newest),
  });
  return peakQuantile(NODES, PEAK_WEIGHTS, BOUND_LEVEL);
}

/** Learns from the forecast whose windows the newest bin completes, if all of them is known. */
export function learnPeak(f: PeakForecaster): void {
  const { tier, reaction, pending, recent, newest, plausibility } = f;
  const origin = newest - reachOf(reaction);
  const place = takePeak(pending, origin);
  if (place === undefined) return;
  const upPeak = knownMax(recent, newest - (reaction.to - reaction.from), newest);
  const holdPeak = knownMax(recent, newest - reaction.to, newest);
  if (Number.isNaN(holdPeak) || plausibility.suspects > 0) return;
  const issued = ISSUED[tier];
  readPeak(pending, place, recentAt(recent, origin), issued);
  swingFromInputs(tier, issued);
  const { newest: then, boundRise } = issued;
  scorePeak(f.score, {
    peak: upPeak,
    point: then + issued.up.rise,
    bound: then + boundRise,
    newest: then,
    bins: Math.max(strideOf(f), Math.round(f.clock.cadence)),
  });
  learnOutcome(f, issued, { upPeak, holdPeak, decisionBin: newest - reaction.to });
  f.learned++;
  f.unsolved++;
  if (f.unsolved < (f.learned < BINS_PER_DAY ? YOUNG_SOLVE_BINS : SOLVE_BINS)) return;
  solveRidge(f.ridge);
  solveSize(f.up.size);
  solveSize(f.hold.size);
  f.unsolved = 0;
}

/** Bins from one forecast that is learned from to the next. */
function strideOf({ tier, known }: PeakForecaster): number {
  return known < BINS_PER_DAY ? 1 : TIERS[tier].learnBins;
}

function describe(f: PeakForecaster, { x }: IssuedPeak, decisionBin: number): void {
  const { recent, newest: bin, level, reaction } = f;
  const origin: PeakOrigin = {
    bin,
    decisionBin,
    windows: reaction,
    level,
    ago2: recentAt(recent, bin - 2),
    ago4: recentAt(recent, bin - 4),
    ago8: recentAt(recent, bin - 8),
  };
  if (f.days !== undefined) {
    lookAheadInDays(f.days, bin, bin + reachOf(reaction));
    describeFull(x, SUMMARY, f.days, origin);
  } else if (f.profile !== undefined) {
    describeLight(x, SUMMARY, f.profile, origin);
  }
}

function issueWindow(
  f: PeakForecaster,
  issued: IssuedPeak,
  { target, atThisTime }: { target: 0 | 1; atThisTime: number },
): void {
  const { size } = target === 0 ? f.up : f.hold;
  const window = target === 0 ? issued.up : issued.hold;
  window.rise = Math.max(-issued.newest, predictRidge(f.ridge, target, issued.x));
  noteSizeOrigin(size, window, atThisTime);
  describeSize(SIZE_X, window, issued);
  window.scale = expectSize(size, SIZE_X, f.level);
}

interface Outcome {
  readonly upPeak: number;
  readonly holdPeak: number;
  readonly decisionBin: number;
}

function learnOutcome(f: PeakForecaster, issued: IssuedPeak, outcome: Outcome): void {
  const { upPeak, holdPeak, decisionBin } = outcome;
  const { x, newest, up, hold } = issued;
  const mean20 = newest - below20(f.tier, x);
  // Errors of a larger load are larger: each equation counts by the load at its time.
  const weight = 1 / (mean20 + 0.3 * issued.level + LEAST_LEVEL);
  RISES[0] = clippedRise(up, upPeak - newest, seasonalRise(f.tier, x, 0));
  RISES[1] = clippedRise(hold, holdPeak - newest, seasonalRise(f.tier, x, 1));
  discountRidge(f.ridge, RIDGE_MEMORY);
  learnRidge(f.ridge, x, RISES, weight);
  learnError(f.up, issued, { window: up, rise: upPeak - newest, weight });
  learnError(f.hold, issued, { window: hold, rise: holdPeak - newest, weight });
  const size = Math.abs(holdPeak - newest - hold.rise);
  learnErrorOfDay(f.errorsOfDay, decisionBin, size, TIERS[f.tier].errorOfDayRate);
}

/** What an earlier day had, too, is no outlier. */
function clippedRise({ rise: expected, scale }: IssuedWindow, rise: number, known: number): number {
  return Math.min(Math.max(expected + CLIP * scale, known), Math.max(expected - CLIP * scale, rise));
}

function learnError(
  { size, past }: WindowErrors,
  issued: IssuedPeak,
  result: {
    readonly window: IssuedWindow;
    readonly rise: number;
    readonly weight: number;
  },
): void {
  const { window, rise, weight } = result;
  const error = rise - window.rise;
  learnPastError(past, error, window.scale);
  describeSize(SIZE_X, window, issued);
  learnSize(size, SIZE_X, {
    expected: window.scale,
    absoluteError: Math.abs(error),
    weight,
  });
}
