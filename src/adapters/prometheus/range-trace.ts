import type { PrometheusClient } from './client.ts';
import { prometheusError, type PrometheusError } from './error.ts';
import { rangeTotal, type History, type HistoryRequest } from './history.ts';
import type { PrometheusOptions } from './options.ts';
import { ok, type Result } from './result.ts';

/** The samples that Prometheus has of one number. */
export interface RangeTrace {
  /** ms since the epoch, strictly rising, on the grid of whole steps; at least two. */
  readonly times: Float64Array;
  /** As many as times, finite and not negative. */
  readonly values: Float64Array;
  readonly warnings: readonly string[];
}

/** Share of the range that may be missing at either end: a rate needs its window, and retention cuts in blocks. */
const MISSING_AT_ENDS = 0.01;

/**
 * A whole past range as a trace. A gap within stays a gap; a range of which the server has not the beginning or the
 * end is an error that says what it has, because whoever asks for 14 days and gets 3 would not notice.
 */
export async function rangeTrace(
  client: PrometheusClient,
  options: PrometheusOptions,
  request: HistoryRequest,
): Promise<Result<RangeTrace, PrometheusError>> {
  const history = await rangeTotal(client, options, request);
  if (!history.ok) return history;
  const { warnings } = history.value;
  const { times, values } = samplesOf(history.value);
  const [first] = times;
  const last = times.at(-1);
  if (first === undefined || last === undefined || first === last) {
    const why = warnings.length === 0 ? '' : `; Prometheus warns: ${warnings.join(', ')}`;
    return prometheusError('UnusableResult', `no data ${between(request)}${why}`);
  }
  const tolerance = Math.max(MISSING_AT_ENDS * (request.end - request.start), 2000 * request.stepSeconds);
  if (first - request.start > tolerance) {
    return prometheusError('UnusableResult', `no data before ${iso(first)}, asked for ${between(request)}`);
  }
  if (request.end - last > tolerance) {
    return prometheusError('UnusableResult', `no data after ${iso(last)}, asked for ${between(request)}`);
  }
  return ok({ times, values, warnings });
}

function samplesOf({ startMs, stepMs, values }: History): { times: Float64Array; values: Float64Array } {
  const known = values.filter((value) => !Number.isNaN(value));
  const times = new Float64Array(known.length);
  let count = 0;
  for (const [index, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    times[count] = startMs + index * stepMs;
    count += 1;
  }
  return { times, values: known };
}

function between({ start, end }: HistoryRequest): string {
  return `from ${iso(start)} to ${iso(end)}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
