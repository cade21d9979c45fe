import type { Demand } from './demand.ts';

/** A measured load: at least one sample, times in ms since the epoch and strictly rising. */
export interface Trace {
  readonly times: Float64Array;
  /** As many as times, finite and not negative. */
  readonly values: Float64Array;
}

/**
 * A trace as a load at any time: straight lines between samples, also across gaps, and the first and the last
 * value held outside. `shiftMs` is added to the trace's own times; one shift for all of it keeps days and weeks whole.
 */
export function traceDemand(trace: Trace, { scale = 1, shiftMs = 0 } = {}): Demand {
  const { times, values } = trace;
  if (times.length === 0 || times.length !== values.length) {
    throw new RangeError(
      `a trace needs samples, and a time for each: found ${values.length} values, ${times.length} times`,
    );
  }
  const at = (index: number): number => values[Math.min(values.length - 1, Math.max(0, index))] ?? 0;
  return (timeMs) => {
    const own = timeMs - shiftMs;
    const after = firstIndexAfter(times, own);
    const left = times[after - 1];
    const right = times[after];
    if (left === undefined || right === undefined) return scale * at(after - (right === undefined ? 1 : 0));
    return scale * (at(after - 1) + ((at(after) - at(after - 1)) * (own - left)) / (right - left));
  };
}

/** Index of the first sample later than `time`; the length when there is none. */
export function firstIndexAfter(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Infinity) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
