import { BINS_PER_DAY } from './bins.ts';
import type { DemandHistory } from './demand-history.ts';
import { recentBin } from './recent-bins.ts';
import {
  createRidgeRegression,
  learnRidge,
  predictRidge,
  solveRidge,
  type RidgeRegression,
} from './ridge-regression.ts';
import { extremeOf } from './rolling-extreme.ts';
import { meanOf } from './rolling-mean.ts';

/** Places of an array of inputs. */
export const SCALE_INPUTS = 8;

/**
 * How large the error of the next point forecast will be: a ridge regression on the size of past errors, now, over
 * the day and at this time of day, and on the swing of demand itself. Errors divided by it are of one kind, and the
 * quantiles of that kind can be learned.
 */
export interface ErrorScale {
  readonly ridge: RidgeRegression;
  /** Exponentially weighted |error|, over 20 windows and over six hours of them. */
  fast: number;
  slow: number;
  /** Exponentially weighted |error| for each five minutes of the day; NaN before the first. */
  readonly timeOfDay: Float64Array;
}

const FAST_RATE = 1 / 20;
const SLOW_RATE = 1 / 1440;
const TIME_OF_DAY_RATE = 0.02;
const SLOTS = 288;

/** Never below this part of the usual error: calm now says little about the burst to come. */
const SLOW_SHARE = 0.15;

/** Nor below a thousandth of the level, plus the smallest rate that is a load at all. */
const LEVEL_SHARE = 1e-3;
const LEAST = 1e-6;

/** One error counts at most as ten expected ones. */
const CLIP = 10;

export function createErrorScale(memory: number): ErrorScale {
  return {
    ridge: createRidgeRegression(SCALE_INPUTS, memory),
    fast: 0,
    slow: 0,
    timeOfDay: new Float64Array(SLOTS).fill(NaN),
  };
}

/** Fills `inputs` and returns the expected |error| of the forecast made at the newest bin for `decisionBin`. */
export function predictScale(
  scale: ErrorScale,
  inputs: Float64Array,
  history: DemandHistory,
  decisionBin: number,
): number {
  const { fast, slow, timeOfDay } = scale;
  const atThisTime = timeOfDay[slotOf(decisionBin)] ?? NaN;
  inputs[0] = 0.1 * history.level;
  inputs[1] = recentBin(history.values, history.newest);
  inputs[2] = fast;
  inputs[3] = slow;
  inputs[4] = Number.isNaN(atThisTime) ? slow : atThisTime;
  inputs[5] = extremeOf(history.max20, history.values) - extremeOf(history.min20, history.values);
  inputs[6] = meanOf(history.step20);
  inputs[7] = meanOf(history.step240);
  const expected = predictRidge(scale.ridge, inputs);
  return Math.max(expected, SLOW_SHARE * slow, LEVEL_SHARE * history.level + LEAST);
}

export interface ScaleOutcome {
  readonly inputs: Float64Array;
  /** What `predictScale` said. */
  readonly expected: number;
  readonly absoluteError: number;
  readonly decisionBin: number;
  readonly weight: number;
  /** Expected sizes mean nothing yet: the error counts in full. */
  readonly young: boolean;
}

export function learnScale(scale: ErrorScale, outcome: ScaleOutcome): void {
  const { inputs, expected, absoluteError, decisionBin, weight, young } = outcome;
  scale.fast += FAST_RATE * (absoluteError - scale.fast);
  scale.slow += SLOW_RATE * (absoluteError - scale.slow);
  const slot = slotOf(decisionBin);
  const before = scale.timeOfDay[slot] ?? NaN;
  scale.timeOfDay[slot] = Number.isNaN(before)
    ? absoluteError
    : before + TIME_OF_DAY_RATE * (absoluteError - before);
  const size = young ? absoluteError : Math.min(absoluteError, CLIP * expected);
  learnRidge(scale.ridge, inputs, size, weight);
}

export function solveScale(scale: ErrorScale): void {
  solveRidge(scale.ridge);
}

function slotOf(bin: number): number {
  const phase = bin % BINS_PER_DAY;
  return Math.floor(((phase < 0 ? phase + BINS_PER_DAY : phase) * SLOTS) / BINS_PER_DAY);
}
