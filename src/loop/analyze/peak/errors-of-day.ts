import { halvesIn, type Arena } from './arena.ts';
import { BINS_PER_DAY } from './bins.ts';
import { fromPositiveHalf, toPositiveHalf, UNKNOWN } from './half.ts';

/**
 * Exponentially weighted |error| of the hold window for each five minutes of the day, in halves. Both windows use it:
 * they err at the same times of day, and how much of it is theirs their regressions learn.
 */
export type ErrorsOfDay = Uint16Array;

const PARTS = 288;

export function createErrorsOfDay(arena: Arena): ErrorsOfDay {
  return halvesIn(arena, PARTS).fill(UNKNOWN);
}

/** NaN before the first error at this time of day. */
export function errorAtTimeOf(errors: ErrorsOfDay, bin: number): number {
  return fromPositiveHalf(errors[partOf(bin)] ?? UNKNOWN);
}

/** @param rate share of the newest error */
export function learnErrorOfDay(errors: ErrorsOfDay, bin: number, size: number, rate: number): void {
  const before = errorAtTimeOf(errors, bin);
  errors[partOf(bin)] = toPositiveHalf(Number.isNaN(before) ? size : before + rate * (size - before));
}

export function enlargeErrorsOfDay(errors: ErrorsOfDay, factor: number): void {
  for (let part = 0; part < errors.length; part++) {
    errors[part] = toPositiveHalf(factor * fromPositiveHalf(errors[part] ?? UNKNOWN));
  }
}

function partOf(bin: number): number {
  const phase = bin % BINS_PER_DAY;
  return Math.floor(((phase < 0 ? phase + BINS_PER_DAY : phase) * PARTS) / BINS_PER_DAY);
}
