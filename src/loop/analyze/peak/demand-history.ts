import { BINS_PER_DAY } from './bins.ts';
import { createRecentBins, recentBin, RECENT_BINS, setRecentBin, type RecentBins } from './recent-bins.ts';
import { createRollingExtreme, moveExtreme, type RollingExtreme } from './rolling-extreme.ts';
import { createRollingMean, moveMean, type RollingMean } from './rolling-mean.ts';
import {
  clearSeasonal,
  createSeasonalBins,
  lookAhead,
  storeSeasonal,
  type SeasonalBins,
} from './seasonal-bins.ts';

/**
 * What one demand series has been: the last two hours bin by bin, their rolling statistics, and seven days by time
 * of day. About 180 KB of plain numbers and typed arrays; numbers in the names are bins.
 */
export interface DemandHistory {
  readonly values: RecentBins;
  /** Absolute differences between neighbouring bins. */
  readonly steps: RecentBins;
  readonly mean2: RollingMean;
  readonly mean4: RollingMean;
  readonly mean20: RollingMean;
  readonly mean60: RollingMean;
  readonly mean240: RollingMean;
  readonly step20: RollingMean;
  readonly step240: RollingMean;
  readonly max20: RollingExtreme;
  readonly max80: RollingExtreme;
  readonly min20: RollingExtreme;
  readonly seasonal: SeasonalBins;
  /** The level of the last day: a running mean on the first day, exponentially weighted with α = 1 day⁻¹ after it. */
  level: number;
  /** The largest value seen, forgotten with a half-life of 8 days. */
  record: number;
  /** Bins with a value so far. */
  known: number;
  /** The newest bin; -Infinity before the first. */
  newest: number;
}

const RECORD_DECAY = 0.5 ** (1 / (8 * BINS_PER_DAY));

/** @param reach How far ahead of the newest bin the season will be asked for, in bins. */
export function createDemandHistory(reach: number): DemandHistory {
  return {
    values: createRecentBins(),
    steps: createRecentBins(),
    mean2: createRollingMean(2),
    mean4: createRollingMean(4),
    mean20: createRollingMean(20),
    mean60: createRollingMean(60),
    mean240: createRollingMean(240),
    step20: createRollingMean(20),
    step240: createRollingMean(240),
    max20: createRollingExtreme(20, 1),
    max80: createRollingExtreme(80, 1),
    min20: createRollingExtreme(20, -1),
    seasonal: createSeasonalBins(reach),
    level: 0,
    record: 0,
    known: 0,
    newest: -Infinity,
  };
}

/** Takes in `bin`, later than the newest; bins that were left out in between are unknown. */
export function recordBin(history: DemandHistory, bin: number, value: number): void {
  // After so long a gap every window holds nothing but unknown bins: it need not be walked through.
  const walked = Math.max(history.newest + 1, bin - RECENT_BINS);
  if (history.newest > -Infinity) forgetDays(history, history.newest, walked);
  else history.newest = walked - 1;
  for (let gap = walked; gap < bin; gap++) append(history, gap, NaN);
  append(history, bin, value);
  history.known++;
  history.level += (value - history.level) / Math.min(history.known, BINS_PER_DAY);
  history.record = Math.max(value, history.record * RECORD_DECAY);
  lookAhead(history.seasonal, bin);
}

function append(history: DemandHistory, bin: number, value: number): void {
  const { values, steps } = history;
  setRecentBin(values, bin, value);
  setRecentBin(steps, bin, Math.abs(value - recentBin(values, bin - 1)));
  moveMean(history.mean2, values, bin);
  moveMean(history.mean4, values, bin);
  moveMean(history.mean20, values, bin);
  moveMean(history.mean60, values, bin);
  moveMean(history.mean240, values, bin);
  moveMean(history.step20, steps, bin);
  moveMean(history.step240, steps, bin);
  moveExtreme(history.max20, values, bin);
  moveExtreme(history.max80, values, bin);
  moveExtreme(history.min20, values, bin);
  storeSeasonal(history.seasonal, bin - 1, smoothed(values, bin - 1));
  history.newest = bin;
}

/** The bins after `newest` and before `walked` are unknown in the days, too. */
function forgetDays({ seasonal }: DemandHistory, newest: number, walked: number): void {
  if (walked - newest > 7 * BINS_PER_DAY) clearSeasonal(seasonal);
  else for (let bin = newest; bin < walked - 1; bin++) storeSeasonal(seasonal, bin, NaN);
}

/** Mean of a bin and its two neighbours, unknown ones left out; NaN when all three are. */
function smoothed(values: RecentBins, bin: number): number {
  let sum = 0;
  let known = 0;
  for (let b = bin - 1; b <= bin + 1; b++) {
    const value = recentBin(values, b);
    if (Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return known === 0 ? NaN : sum / known;
}
