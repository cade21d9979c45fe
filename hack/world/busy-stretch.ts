import { firstIndexAfter, traceDemand, type Trace } from '../../src/simulate/trace-demand.ts';
import type { Demand } from '../../src/simulate/demand.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** What the operator learns from, at most. */
export const HISTORY_MS = 14 * DAY_MS;
/** A quarter of an hour: what a person watches. */
const STRETCH_MINUTES = 15;
/** Five minutes of running median: a single strange sample is no rise and fall. */
const SMOOTHING = 5;
/** Samples further apart are a gap, and what lies in it was not measured. */
const GAP_MS = 10 * MINUTE_MS;

/** A part of a trace, in the trace's own times (ms). */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  /** How far load goes up and comes down again within it: the smaller of both, in the trace's unit. */
  readonly swing: number;
}

/**
 * The quarter of an hour in which load rises and falls by most, with as much of the trace before it as history as
 * can be asked: 14 days, or half of a shorter trace.
 * @throws RangeError when the trace is too short or has no such quarter of an hour without a gap.
 */
export function busyStretch(trace: Trace): Stretch {
  const first = trace.times[0] ?? 0;
  const last = trace.times.at(-1) ?? 0;
  const minutes = Math.floor((last - first) / MINUTE_MS);
  const load = smoothed(traceDemand(trace), first, minutes);
  const earliest = Math.ceil(Math.min(HISTORY_MS, (last - first) / 2) / MINUTE_MS);
  let best: Stretch | undefined;
  for (let at = earliest; at + STRETCH_MINUTES <= minutes; at += 1) {
    const swing = riseAndFall(load.subarray(at, at + STRETCH_MINUTES + 1));
    const start = first + at * MINUTE_MS;
    const end = start + STRETCH_MINUTES * MINUTE_MS;
    if (swing > (best?.swing ?? 0) && !hasGap(trace.times, start, end)) best = { start, end, swing };
  }
  if (best === undefined) {
    throw new RangeError(
      `the trace has no quarter of an hour in which load rises and falls, after ${earliest} minutes of history; it has ${minutes} minutes`,
    );
  }
  return best;
}

function smoothed(demand: Demand, first: number, minutes: number): Float64Array {
  const raw = Float64Array.from({ length: minutes + 1 }, (_, index) => demand(first + index * MINUTE_MS));
  const reach = Math.floor(SMOOTHING / 2);
  return raw.map((_, index) => {
    const around = raw.slice(Math.max(0, index - reach), index + reach + 1).sort();
    return around[Math.floor(around.length / 2)] ?? 0;
  });
}

/** The largest, over all peaks, of the smaller of the rise before the peak and the fall after it. */
function riseAndFall(values: Float64Array): number {
  const lowestAfter = new Float64Array(values.length);
  let low = Infinity;
  for (let i = values.length - 1; i >= 0; i -= 1) {
    low = Math.min(low, values[i] ?? Infinity);
    lowestAfter[i] = low;
  }
  low = Infinity;
  let best = 0;
  for (const [i, value] of values.entries()) {
    low = Math.min(low, value);
    best = Math.max(best, Math.min(value - low, value - (lowestAfter[i] ?? value)));
  }
  return best;
}

function hasGap(times: Float64Array, start: number, end: number): boolean {
  const from = Math.max(0, firstIndexAfter(times, start) - 1);
  const to = Math.min(times.length - 1, firstIndexAfter(times, end));
  for (let i = from; i < to; i += 1) {
    if ((times[i + 1] ?? 0) - (times[i] ?? 0) > GAP_MS) return true;
  }
  return false;
}

/** The factor that makes the trace's 99.9th percentile keep `replicas` replicas of `serviceRate` req/s busy. */
export function scaleToBusyReplicas(trace: Trace, replicas: number, serviceRate: number): number {
  const sorted = trace.values.slice().sort();
  const high = sorted[Math.round(0.999 * (sorted.length - 1))] ?? 0;
  if (high <= 0) throw new RangeError('the trace has no load to scale: its 99.9th percentile is 0');
  return (replicas * serviceRate) / high;
}

/**
 * The trace as if its busy stretch began at `now` (ms). One shift for all of it, so days and weeks keep their length
 * and the history ends where the stretch begins.
 */
export function replayFrom(
  trace: Trace,
  stretch: Stretch,
  now: number,
  scale: number,
): { demand: Demand; from: number } {
  const shiftMs = now - stretch.start;
  const from = Math.max(now - HISTORY_MS, (trace.times[0] ?? 0) + shiftMs);
  return { demand: traceDemand(trace, { scale, shiftMs }), from };
}
