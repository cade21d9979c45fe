import type { Trace } from '../../simulate/trace-demand.ts';

/** A load to replay, as it came in. */
export interface Load extends Trace {
  /** Unique in one run. */
  readonly name: string;
  /** Loads of one origin are not independent. */
  readonly group: string;
  /** What messages call it: a path, or a query. */
  readonly source: string;
  readonly skippedRows: number;
}

const DAY_MS = 86_400_000;

/** Its first `days`, in memory that worker threads share. */
export function firstDays(load: Load, days: number): Load {
  const end = (load.times[0] ?? 0) + days * DAY_MS;
  const count = load.times.findLastIndex((time) => time <= end) + 1;
  return { ...load, times: shared(load.times, count), values: shared(load.values, count) };
}

function shared(values: Float64Array, count: number): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(8 * count));
  copy.set(values.subarray(0, count));
  return copy;
}

/** An interval this many times the usual one holds missing samples. */
const GAP_FROM = 1.5;

/** Seconds without samples that straight lines bridge: what intervals have beyond the usual one, which is the median. */
export function gapSeconds({ times }: Trace): number {
  const intervals = Float64Array.from(times.subarray(1), (time, index) => time - (times[index] ?? time));
  const usual = intervals.toSorted()[Math.floor(intervals.length / 2)] ?? 0;
  const missing = intervals.filter((interval) => interval > GAP_FROM * usual);
  return missing.reduce((sum, interval) => sum + interval - usual, 0) / 1000;
}
