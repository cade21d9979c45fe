/** What is remembered of one counter. Times in ms since the epoch. */
export interface Counter {
  /** Of the last sample that counted; NaN before the first. */
  at: number;
  value: number;
  /** Per second between the last two samples; NaN when that is not known. */
  rate: number;
  /** Steps and, of these, falls that did not end near zero; both are halved now and then, so that the old fades. */
  steps: number;
  shallowFalls: number;
}

/** A sample so much older than the last one is not late: the clock was set back. */
const MAX_LATE_MS = 300_000;

/** Where a counter of 32 bits begins again. */
const ROLLOVER = 2 ** 32;
/** One that went round goes on at about its speed; one that was restarted has lost nearly all of it. */
const ROLLOVER_MAX_SPEEDUP = 4;

/** A process that restarts counts from zero: a fall to more than half of the value is no restart. */
const SHALLOW_FALL = 0.5;
const MIN_SHALLOW_FALLS = 3;
const SUSPICIOUS_SHARE = 0.1;
const MEMORY_STEPS = 64;

export function createCounter(): Counter {
  return { at: NaN, value: NaN, rate: NaN, steps: 0, shallowFalls: 0 };
}

/**
 * By how much the counter rose since its last sample; NaN when that is not known: the first sample, one that is late,
 * no number, or a value that behaves as a gauge. Never negative: a counter that fell was reset and has counted `value`
 * since, as Prometheus's rate() has it (promql/functions.go, extrapolatedRate), unless it went round at 2^32.
 */
export function observeCounter(counter: Counter, at: number, value: number): number {
  if (!Number.isFinite(at) || !Number.isFinite(value) || value < 0) return NaN;
  if (at <= counter.at && counter.at - at <= MAX_LATE_MS) return NaN;
  const seconds = (at - counter.at) / 1000;
  const increase = seconds > 0 ? increaseTo(counter, value, seconds) : NaN;
  if (seconds > 0) noteStep(counter, value);
  counter.at = at;
  counter.value = value;
  counter.rate = increase / seconds;
  return looksLikeGauge(counter) ? NaN : increase;
}

/** It falls again and again, and not to zero: somebody took a gauge for a counter. Its increases mean nothing. */
export function looksLikeGauge({ steps, shallowFalls }: Counter): boolean {
  return shallowFalls >= MIN_SHALLOW_FALLS && shallowFalls > SUSPICIOUS_SHARE * steps;
}

function increaseTo({ value: before, rate }: Counter, value: number, seconds: number): number {
  if (value >= before) return value - before;
  const around = value + ROLLOVER - before;
  const wentRound = before < ROLLOVER && around <= ROLLOVER_MAX_SPEEDUP * rate * seconds;
  return wentRound ? around : value;
}

function noteStep(counter: Counter, value: number): void {
  counter.steps += 1;
  if (value < counter.value && value > SHALLOW_FALL * counter.value) counter.shallowFalls += 1;
  if (counter.steps < MEMORY_STEPS) return;
  counter.steps /= 2;
  counter.shallowFalls /= 2;
}
