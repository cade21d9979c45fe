import type { PeakWindow } from './bins.ts';
import type { DemandHistory } from './demand-history.ts';
import { recentBin } from './recent-bins.ts';
import { extremeOf } from './rolling-extreme.ts';
import { meanOf } from './rolling-mean.ts';
import { seasonalAt, seasonalMax } from './seasonal-bins.ts';

/**
 * Inputs of the regression on "maximum over the window − newest value", in the unit of demand, in the order of the
 * array. All but the first are differences or swings, so that the weights do not depend on the level (as in NLinear,
 * Zeng et al., AAAI 2023); numbers are bins.
 */
export const PEAK_FEATURES = [
  'level / 10',
  'newest − mean of 2',
  'newest − 2 ago',
  'newest − 4 ago',
  'newest − 8 ago',
  'newest − mean of 4',
  'newest − mean of 20',
  'newest − mean of 60',
  'newest − mean of 240',
  'max of 20 − newest',
  'newest − min of 20',
  'max of 80 − newest',
  'mean step of 20',
  'profile: window max − now',
  'profile now − newest',
  'yesterday: window max − now',
  'last week: window max − then',
  'last week then − newest',
] as const;

/** Where a forecast is made: `bin` is the newest one measured, `window` counts from the bin of the decision. */
export interface PeakOrigin {
  readonly bin: number;
  readonly decisionBin: number;
  readonly window: PeakWindow;
}

/** Fills `features`; the bin of the origin is known and the newest of the history. What is unknown says nothing: 0. */
export function describePeakOrigin(features: Float64Array, history: DemandHistory, origin: PeakOrigin): void {
  const { values } = history;
  const newest = recentBin(values, origin.bin);
  features[0] = 0.1 * history.level;
  features[1] = newest - meanOf(history.mean2);
  features[2] = rise(history, origin.bin, 2);
  features[3] = rise(history, origin.bin, 4);
  features[4] = rise(history, origin.bin, 8);
  features[5] = newest - meanOf(history.mean4);
  features[6] = newest - meanOf(history.mean20);
  features[7] = newest - meanOf(history.mean60);
  features[8] = newest - meanOf(history.mean240);
  features[9] = extremeOf(history.max20, values) - newest;
  features[10] = newest - extremeOf(history.min20, values);
  features[11] = extremeOf(history.max80, values) - newest;
  features[12] = meanOf(history.step20);
  describeSeason(features, history, origin, newest);
}

function rise({ values }: DemandHistory, bin: number, ago: number): number {
  const before = recentBin(values, bin - ago);
  return Number.isNaN(before) ? 0 : recentBin(values, bin) - before;
}

function describeSeason(
  features: Float64Array,
  { seasonal }: DemandHistory,
  { bin, decisionBin, window }: PeakOrigin,
  newest: number,
): void {
  const from = decisionBin + window.from;
  const to = decisionBin + window.to;
  const profile = seasonalAt(seasonal.profile, bin);
  const lastWeek = seasonalAt(seasonal.lastWeek, bin);
  features[13] = knownOr0(seasonalMax(seasonal.profile, from, to) - profile);
  features[14] = knownOr0(profile - newest);
  features[15] = knownOr0(seasonalMax(seasonal.yesterday, from, to) - seasonalAt(seasonal.yesterday, bin));
  features[16] = knownOr0(seasonalMax(seasonal.lastWeek, from, to) - lastWeek);
  features[17] = knownOr0(lastWeek - newest);
}

function knownOr0(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
