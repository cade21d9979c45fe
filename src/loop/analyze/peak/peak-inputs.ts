import type { ReactionWindows } from './bins.ts';
import { usualAt, usualMax, type DailyProfile } from './daily-profile.ts';
import type { RecentSummary } from './recent-demand.ts';
import { seasonAt, seasonMax, type SevenDays } from './seven-days.ts';
import type { ForecastTier } from './tier.ts';

/** What a part of the forecast comes from, as people are told it. */
export type PeakPart = 'level' | 'trend' | 'recent' | 'spread' | 'season';

interface Input {
  readonly name: string;
  readonly part: PeakPart;
}

function inputs(part: PeakPart, names: readonly string[]): readonly Input[] {
  return names.map((name) => ({ name, part }));
}

/**
 * Inputs of the regression on "maximum over the window − newest value", in the unit of demand and in the order of the
 * array. All but the first are differences or swings, so that the weights do not depend on the level (as in NLinear,
 * Zeng et al., AAAI 2023); numbers are bins. Both windows have the same inputs, and so one matrix.
 */
export const PEAK_INPUTS: Readonly<Record<ForecastTier, readonly Input[]>> = {
  Full: [
    ...inputs('level', ['level / 10']),
    ...inputs('trend', ['newest − mean of 2', 'newest − 2 ago', 'newest − 4 ago', 'newest − 8 ago']),
    ...inputs('recent', ['newest − mean of 4', 'newest − mean of 20', 'newest − mean of 60']),
    ...inputs('recent', ['newest − mean of 240', 'max of 20 − newest', 'newest − min of 20']),
    ...inputs('recent', ['max of 80 − newest']),
    ...inputs('spread', ['mean step of 20']),
    ...inputs('season', ['profile now − newest', 'last week then − newest']),
    ...inputs('season', ['profile: up max − now', 'yesterday: up max − then', 'last week: up max − then']),
    ...inputs('season', [
      'profile: hold max − now',
      'yesterday: hold max − then',
      'last week: hold max − then',
    ]),
  ],
  Light: [
    ...inputs('level', ['level / 10']),
    ...inputs('trend', ['newest − mean of 2', 'newest − 8 ago']),
    ...inputs('recent', ['newest − mean of 4', 'newest − mean of 20', 'newest − mean of 60']),
    ...inputs('recent', ['max of 20 − newest', 'newest − min of 20', 'max of 80 − newest']),
    ...inputs('spread', ['mean step of 20']),
    ...inputs('season', ['profile now − newest', 'profile: up max − now', 'profile: hold max − now']),
  ],
};

/** Where a forecast is made: `bin` is the newest one measured, windows count from the bin of the decision. */
export interface PeakOrigin {
  readonly bin: number;
  readonly decisionBin: number;
  readonly windows: ReactionWindows;
  readonly level: number;
  /** Values 2, 4 and 8 bins ago; NaN when unknown. */
  readonly ago2: number;
  readonly ago4: number;
  readonly ago8: number;
}

/** Fills the first 21 places of `x`. What is unknown says nothing: 0. */
export function describeFull(
  x: Float64Array,
  recent: RecentSummary,
  season: SevenDays,
  origin: PeakOrigin,
): void {
  const { newest } = recent;
  const { profile, yesterday, lastWeek } = season;
  const now = seasonAt(profile, origin.bin);
  const dayAgo = seasonAt(yesterday, origin.bin);
  const weekAgo = seasonAt(lastWeek, origin.bin);
  x[0] = 0.1 * origin.level;
  x[1] = newest - recent.mean2;
  x[2] = knownOr0(newest - origin.ago2);
  x[3] = knownOr0(newest - origin.ago4);
  x[4] = knownOr0(newest - origin.ago8);
  x[5] = newest - recent.mean4;
  x[6] = newest - recent.mean20;
  x[7] = newest - recent.mean60;
  x[8] = newest - recent.mean240;
  x[9] = recent.max20 - newest;
  x[10] = newest - recent.min20;
  x[11] = recent.max80 - newest;
  x[12] = recent.step20;
  x[13] = knownOr0(now - newest);
  x[14] = knownOr0(weekAgo - newest);
  const first = origin.decisionBin + origin.windows.from;
  const last = origin.decisionBin + origin.windows.to;
  x[15] = knownOr0(seasonMax(profile, first, last) - now);
  x[16] = knownOr0(seasonMax(yesterday, first, last) - dayAgo);
  x[17] = knownOr0(seasonMax(lastWeek, first, last) - weekAgo);
  x[18] = knownOr0(seasonMax(profile, origin.decisionBin, last) - now);
  x[19] = knownOr0(seasonMax(yesterday, origin.decisionBin, last) - dayAgo);
  x[20] = knownOr0(seasonMax(lastWeek, origin.decisionBin, last) - weekAgo);
}

/** Fills the first 13 places of `x`. */
export function describeLight(
  x: Float64Array,
  recent: RecentSummary,
  profile: DailyProfile,
  origin: PeakOrigin,
): void {
  const { newest } = recent;
  const first = origin.decisionBin + origin.windows.from;
  const last = origin.decisionBin + origin.windows.to;
  const now = usualAt(profile, origin.bin);
  x[0] = 0.1 * origin.level;
  x[1] = newest - recent.mean2;
  x[2] = knownOr0(newest - origin.ago8);
  x[3] = newest - recent.mean4;
  x[4] = newest - recent.mean20;
  x[5] = newest - recent.mean60;
  x[6] = recent.max20 - newest;
  x[7] = newest - recent.min20;
  x[8] = recent.max80 - newest;
  x[9] = recent.step20;
  x[10] = knownOr0(now - newest);
  x[11] = knownOr0(usualMax(profile, first, last) - now);
  x[12] = knownOr0(usualMax(profile, origin.decisionBin, last) - now);
}

/** Level, swing and mean step, as far as the inputs tell them. */
export function swingFromInputs(
  tier: ForecastTier,
  issued: { readonly x: Float64Array; level: number; swing: number; step20: number },
): void {
  const { x } = issued;
  const at = (place: number): number => x[place] ?? 0;
  issued.level = 10 * at(0);
  issued.swing = tier === 'Full' ? at(9) + at(10) : at(6) + at(7);
  issued.step20 = tier === 'Full' ? at(12) : at(9);
}

/** The largest rise that earlier days had in the window of a target, not below 0. */
export function seasonalRise(tier: ForecastTier, x: Float64Array, target: 0 | 1): number {
  if (tier === 'Light') return Math.max(0, x[11 + target] ?? 0);
  const from = 15 + 3 * target;
  return Math.max(0, x[from] ?? 0, x[from + 1] ?? 0, x[from + 2] ?? 0);
}

/** Mean of 20 bins less the newest. */
export function below20(tier: ForecastTier, x: Float64Array): number {
  return x[tier === 'Full' ? 6 : 4] ?? 0;
}

function knownOr0(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
