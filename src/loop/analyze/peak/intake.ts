import { BINS_PER_DAY } from './bins.ts';
import { storeInProfile } from './daily-profile.ts';
import { createPeakForecaster, type PeakForecaster } from './forecaster-state.ts';
import { UNKNOWN } from './half.ts';
import { issuePeak, learnPeak } from './learn-peak.ts';
import { dropPending, dropPendingSince } from './pending-peaks.ts';
import { forgetSuspects, judgeValue, LEAST_LOAD, plausibleLimit } from './plausible.ts';
import { knownMax, recentAt, setRecent } from './recent-demand.ts';
import { forgetDays, storeInDays } from './seven-days.ts';
import { enlargeErrors, unsettle } from './unsettle.ts';

const RECORD_DECAY = 0.5 ** (1 / (8 * BINS_PER_DAY));

/** Until so many bins are known, a beginning that is beyond all that follows it is forgotten. */
const YOUNG_BINS = 20;
const YOUNG_FACTOR = 100;
const YOUNG_KEPT = 3;

export interface BinValue {
  readonly bin: number;
  readonly value: number;
}

/**
 * Takes in a bin later than the newest, learns from the windows that it completes and makes the next forecast. Up to
 * `usual` bins after the newest there is no gap: demand was in between.
 */
export function takeIn(f: PeakForecaster, { bin, value }: BinValue, usual: number): void {
  const { recent, newest, plausibility } = f;
  const gap = bin - newest;
  const before = plausibility.record;
  const doubted = plausibility.suspects > 0;
  const verdict = judgeValue(plausibility, value, {
    bin,
    decay: gap === 1 ? RECORD_DECAY : RECORD_DECAY ** gap,
  });
  if (verdict === 'Lasting') beginLevel(f, before);
  else if (doubted && verdict === 'Plausible') withdrawSuspects(f);
  const counted = Math.fround(verdict === 'Suspect' ? plausibleLimit(plausibility) : value);
  const from = recentAt(recent, newest);
  const joined = verdict === 'Plausible' && gap <= usual && !Number.isNaN(from);
  // After so long a gap nothing recent is left.
  for (let b = Math.max(newest + 1, bin - recent.length); b < bin; b++) {
    append(f, b, joined ? from + ((b - newest) / gap) * (counted - from) : NaN);
    learnPeak(f);
  }
  append(f, bin, counted);
  if (f.known <= YOUNG_BINS) forgetBeginning(f);
  learnPeak(f);
  issuePeak(f);
}

/** Another sample of the newest bin: it is their mean. False when nothing changed. */
export function refineNewest(f: PeakForecaster, value: number, samples: number): boolean {
  const { recent, newest, plausibility } = f;
  const before = recentAt(recent, newest);
  if (plausibility.suspects > 0 || Number.isNaN(before) || value > plausibleLimit(plausibility)) return false;
  setRecent(recent, newest, before + (value - before) / samples);
  plausibility.record = Math.max(plausibility.record, recentAt(recent, newest));
  issuePeak(f);
  return true;
}

/** A late sample fills a bin of which nothing is known, but teaches no more. False when nothing changed. */
export function fillPast(
  { recent, newest, plausibility }: PeakForecaster,
  { bin, value }: BinValue,
): boolean {
  if (bin >= newest || bin <= newest - recent.length || value > plausibleLimit(plausibility)) return false;
  if (!Number.isNaN(recentAt(recent, bin))) return false;
  setRecent(recent, bin, value);
  return true;
}

/** The clock had been ahead: what was recorded for later than `newest` is unknown again. */
export function turnBack(f: PeakForecaster, newest: number): void {
  const { recent } = f;
  for (let bin = Math.max(newest + 1, f.newest - recent.length + 1); bin <= f.newest; bin++) {
    setRecent(recent, bin, NaN);
  }
  f.newest = newest;
  forgetSuspects(f.plausibility);
  dropPending(f.pending);
}

function append(f: PeakForecaster, bin: number, value: number): void {
  setRecent(f.recent, bin, value);
  f.newest = bin;
  if (Number.isNaN(value) || f.plausibility.suspects > 0) return;
  f.known++;
  f.level += (value - f.level) / Math.min(f.known, BINS_PER_DAY);
  if (f.days !== undefined) storeInDays(f.days, bin, value);
  if (f.profile !== undefined) storeInProfile(f.profile, bin, value);
}

/** What was doubted did not last: it is unknown, and forecasts made from it are void. */
function withdrawSuspects({ recent, newest, pending, plausibility }: PeakForecaster): void {
  const { since } = plausibility;
  for (let bin = Math.max(since, newest - recent.length + 1); bin <= newest; bin++)
    setRecent(recent, bin, NaN);
  dropPendingSince(pending, since);
}

/** A new revision is not as strange as a level ten times all before: of what was learned nearly nothing holds. */
const NEW_LEVEL_SHARE = 0.1;
const NEW_LEVEL_FACTOR = 1.5;

/**
 * Demand is beyond all before and stays there: another unit, a launch. Nothing before has its scale; errors are taken
 * to be as many times larger as demand is.
 */
function beginLevel(f: PeakForecaster, recordBefore: number): void {
  const { recent, newest, plausibility } = f;
  const { since, record } = plausibility;
  const kept = Math.min(newest - since + 1, recent.length);
  recent.fill(NaN);
  for (let bin = newest - kept + 1; bin <= newest; bin++) setRecent(recent, bin, record);
  if (f.days !== undefined) forgetDays(f.days);
  f.profile?.usual.fill(UNKNOWN);
  f.level = record;
  dropPending(f.pending);
  unsettle(f, { share: NEW_LEVEL_SHARE, factor: NEW_LEVEL_FACTOR, since: newest });
  if (recordBefore >= LEAST_LOAD) enlargeErrors(f, record / recordBefore);
}

/** The first values were beyond all that follows: begins anew with those. */
function forgetBeginning(f: PeakForecaster): void {
  const { recent, newest, known, plausibility } = f;
  if (known <= YOUNG_KEPT) return;
  const first = newest - YOUNG_KEPT + 1;
  const usual = knownMax(recent, first, newest);
  if (!(usual >= LEAST_LOAD && plausibility.record > YOUNG_FACTOR * usual)) return;
  const kept = Array.from({ length: YOUNG_KEPT }, (_, i) => recentAt(recent, first + i));
  const { clock, reaction } = f;
  Object.assign(f, createPeakForecaster(f.tier), { clock, reaction });
  f.plausibility.record = usual;
  kept.forEach((value, i) => {
    append(f, first + i, value);
  });
}
