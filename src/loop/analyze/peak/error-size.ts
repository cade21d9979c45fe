import type { Arena } from './arena.ts';
import { BINS_PER_DAY } from './bins.ts';
import { LEAST_LOAD } from './plausible.ts';
import {
  createSharedRidge,
  discountRidge,
  learnRidge,
  predictRidge,
  solveRidge,
  type SharedRidge,
} from './shared-ridge.ts';
import type { TierSize } from './tier.ts';

/**
 * How large the error of the next point forecast will be: a ridge regression on the size of past errors, now, over
 * the day and at this time of day, and on the swing of demand itself. Errors divided by it are of one kind, and the
 * quantiles of that kind can be learned.
 */
export interface ErrorSize {
  readonly ridge: SharedRidge;
  /** Exponentially weighted |error|, over 20 windows and over six hours of them. */
  fast: number;
  slow: number;
  learned: number;
}

/** What the size is expected from beside demand; kept until the outcome is known. */
export interface SizeOrigin {
  fast: number;
  slow: number;
  atThisTime: number;
}

const FAST_RATE = 1 / 20;
const SLOW_RATE = 1 / 1440;

/** Never below this part of the usual error: calm now says little about the burst to come. */
const SLOW_SHARE = 0.15;

/** Nor below a thousandth of the level, plus the smallest load. */
const LEVEL_SHARE = 1e-3;

/**
 * In the first hour nobody knows how this series moves: a tenth of its level, less the more has been seen.
 */
const YOUNG_SHARE = 0.1;
const YOUNG_WINDOWS = 240;

/** One error counts at most as ten expected ones. */
const CLIP = 10;

export function createErrorSize(arena: Arena, { scaleInputs }: TierSize): ErrorSize {
  return {
    ridge: createSharedRidge(arena, { inputs: scaleInputs, targets: 1 }),
    fast: 0,
    slow: 0,
    learned: 0,
  };
}

/** Notes in `origin` what is known now. @param atThisTime usual |error| at the time of day; NaN when unknown */
export function noteSizeOrigin(size: ErrorSize, origin: SizeOrigin, atThisTime: number): void {
  origin.fast = size.fast;
  origin.slow = size.slow;
  origin.atThisTime = Number.isNaN(atThisTime) ? size.slow : atThisTime;
}

/** Demand as far as the size of errors depends on it. */
export interface Swing {
  readonly level: number;
  readonly newest: number;
  /** Largest less smallest of 20 bins. */
  readonly swing: number;
  /** Mean steps over 20 and 240 bins. */
  readonly step20: number;
  readonly step240: number;
}

/** Fills the inputs of the regression, as many as it has. */
export function describeSize(x: Float64Array, { fast, slow, atThisTime }: SizeOrigin, demand: Swing): void {
  x[0] = 0.1 * demand.level;
  x[1] = demand.newest;
  x[2] = fast;
  x[3] = slow;
  x[4] = atThisTime;
  x[5] = demand.swing;
  x[6] = demand.step20;
  x[7] = demand.step240;
}

/** The expected |error|. @param x of `describeSize` */
export function expectSize(size: ErrorSize, x: Float64Array, level: number): number {
  const { learned, slow } = size;
  const young = learned < YOUNG_WINDOWS ? YOUNG_SHARE * (1 - learned / YOUNG_WINDOWS) : 0;
  return Math.max(
    predictRidge(size.ridge, 0, x),
    SLOW_SHARE * slow,
    Math.max(LEVEL_SHARE, young) * level + LEAST_LOAD,
  );
}

export interface SizeOutcome {
  /** What `expectSize` said. */
  readonly expected: number;
  readonly absoluteError: number;
  readonly weight: number;
}

/** What is left of older equations: they are forgotten by a factor e in three days of bins. */
export const RIDGE_MEMORY = Math.exp(-1 / (3 * BINS_PER_DAY));

const TARGET = new Float64Array(1);

/** @param x of `describeSize`, as it was when the forecast was made */
export function learnSize(size: ErrorSize, x: Float64Array, outcome: SizeOutcome): void {
  const { expected, absoluteError, weight } = outcome;
  size.learned++;
  // A plain mean while young: an exponential one would remember its arbitrary start.
  size.fast += Math.max(FAST_RATE, 1 / size.learned) * (absoluteError - size.fast);
  size.slow += Math.max(SLOW_RATE, 1 / size.learned) * (absoluteError - size.slow);
  TARGET[0] = size.learned <= BINS_PER_DAY ? absoluteError : Math.min(absoluteError, CLIP * expected);
  discountRidge(size.ridge, RIDGE_MEMORY);
  learnRidge(size.ridge, x, TARGET, weight);
}

export function solveSize(size: ErrorSize): void {
  solveRidge(size.ridge);
}

/** What was learned counts only by this share from now on, and errors are expected larger by `factor`. */
export function unsettleSize(size: ErrorSize, share: number, factor: number): void {
  discountRidge(size.ridge, share);
  size.fast *= factor;
  size.slow *= factor;
}
