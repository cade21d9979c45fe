import {
  ACCURACY_SIZE,
  COVERED,
  LOSS,
  PATH_BINS_PER_DAY,
  PROFILE_LOSS,
  SCORED,
  WEEK_LOSS,
  YARDSTICK,
  type PathShape,
} from './path-shape.ts';
import type { PathForecaster } from './path-state.ts';

/** How one outcome was forecast; losses in scaled units. */
export interface Outcome {
  readonly loss: number;
  readonly yardstick: number;
  /** 1 within the 80 % interval, 0 outside. */
  readonly covered: number;
  /** Of last week's and the daily profile's quantiles; 0 for both until a week is known. */
  readonly week: number;
  readonly profile: number;
}

/** A knot's accuracy is that of the last three days, the older the less. */
const MEMORY_DAYS = 3;

/** Enters the outcome into the knot's fading sums, and into the day that is under way. */
export function countAccuracy(slab: Float32Array, shape: PathShape, k: number, outcome: Outcome): void {
  const memory = 1 - (shape.strides[k] ?? 1) / (MEMORY_DAYS * PATH_BINS_PER_DAY);
  enter(slab, shape.at.accuracy + k * ACCURACY_SIZE, memory, outcome);
  enter(slab, shape.at.accuracyDays, 1, outcome);
}

function enter(slab: Float32Array, from: number, memory: number, outcome: Outcome): void {
  slab[from + LOSS] = memory * (slab[from + LOSS] ?? 0) + outcome.loss;
  slab[from + YARDSTICK] = memory * (slab[from + YARDSTICK] ?? 0) + outcome.yardstick;
  slab[from + COVERED] = memory * (slab[from + COVERED] ?? 0) + outcome.covered;
  slab[from + SCORED] = memory * (slab[from + SCORED] ?? 0) + 1;
  slab[from + WEEK_LOSS] = memory * (slab[from + WEEK_LOSS] ?? 0) + outcome.week;
  slab[from + PROFILE_LOSS] = memory * (slab[from + PROFILE_LOSS] ?? 0) + outcome.profile;
}

/** The day that was under way becomes the newest of those that are remembered. */
export function closeAccuracyDay({ slab }: PathForecaster, { at, accuracyDays }: PathShape): void {
  const from = at.accuracyDays;
  slab.copyWithin(from + ACCURACY_SIZE, from, from + accuracyDays * ACCURACY_SIZE);
  slab.fill(0, from, from + ACCURACY_SIZE);
}

/** Measured on outcomes, none of which the forecast knew. */
export interface Accuracy {
  /** Share of outcomes within the 80 % interval: 0.8 is right. */
  readonly coverage: number;
  /** 1 − loss ÷ that of the quantiles of the time of day over a week: above 0 is better. */
  readonly skill: number;
  /** Outcomes counted. */
  readonly scored: number;
}

/** Of the last days at the knot; undefined before any outcome. */
export function accuracyOf({ slab }: PathForecaster, { at }: PathShape, k: number): Accuracy | undefined {
  return read(slab, at.accuracy + k * ACCURACY_SIZE);
}

/** Of each remembered day over all knots, newest first; days without outcomes are left out. */
export function accuracyHistory({ slab }: PathForecaster, { at, accuracyDays }: PathShape): Accuracy[] {
  return Array.from({ length: accuracyDays }, (_, day) =>
    read(slab, at.accuracyDays + (day + 1) * ACCURACY_SIZE),
  ).filter((day) => day !== undefined);
}

function read(slab: Float32Array, from: number): Accuracy | undefined {
  const scored = slab[from + SCORED] ?? 0;
  if (scored === 0) return undefined;
  const yardstick = slab[from + YARDSTICK] ?? 0;
  const loss = slab[from + LOSS] ?? 0;
  return {
    coverage: (slab[from + COVERED] ?? 0) / scored,
    skill: yardstick > 0 ? 1 - loss / yardstick : loss > 0 ? -1 : 0,
    scored,
  };
}

/** How much less than the daily profile last week alone lost, at the knots of two hours and more; as a share. */
export function weeklyGain({ slab }: PathForecaster, { at, knots }: PathShape): number | undefined {
  let week = 0;
  let profile = 0;
  for (const [k, knot] of knots.entries()) {
    if (knot < 24) continue;
    week += slab[at.accuracy + k * ACCURACY_SIZE + WEEK_LOSS] ?? 0;
    profile += slab[at.accuracy + k * ACCURACY_SIZE + PROFILE_LOSS] ?? 0;
  }
  return profile > 0 ? 1 - week / profile : undefined;
}
