import type { PrometheusClient } from './client.ts';
import type { PrometheusError } from './error.ts';
import { rangeTotal, type History } from './history.ts';
import { rateWindowSeconds, type PrometheusOptions } from './options.ts';
import type { OutlookResource, OutlookWorkload } from './outlook-queries.ts';
import { outlookQuery } from './outlook-queries.ts';
import type { PromqlProblem } from './promql-problem.ts';
import { ok, type Result } from './result.ts';

/** The past of one resource by the hour. Both arrays begin with the same hour; NaN where too little of it is known. */
export interface HourlyHistory {
  /** Hours since the epoch, UTC. */
  readonly firstHour: number;
  readonly means: Float64Array;
  readonly maxima: Float64Array;
  readonly warnings: readonly string[];
}

export interface OutlookRequest {
  readonly resource: OutlookResource;
  readonly workload: OutlookWorkload;
  /** Hours since the epoch: the first wanted, and the first that is not over. */
  readonly firstHour: number;
  readonly endHour: number;
  readonly signal?: AbortSignal;
}

const HOUR_MS = 3_600_000;

/**
 * Parts of an hour whose means are asked for: with twelve, four weeks are one answer of 8,064 points, and its largest
 * is the peak of five minutes, which is about what a replica more or less makes a difference for.
 */
const PARTS = 12;
const STEP_SECONDS = 3600 / PARTS;

/** Of twelve, so many must be known before they stand for the hour. */
const LEAST_PARTS = 6;

/**
 * The hourly means and maxima of what all pods of a workload together used, past pods included. One range query, halved
 * where the server cannot answer it whole; no recording rules.
 */
export async function outlookHistory(
  client: PrometheusClient,
  options: PrometheusOptions,
  { resource, workload, firstHour, endHour, signal }: OutlookRequest,
): Promise<Result<HourlyHistory, PrometheusError | PromqlProblem>> {
  const windowSeconds = Math.max(STEP_SECONDS, rateWindowSeconds(options));
  const query = outlookQuery(resource, workload, windowSeconds);
  if (!query.ok) return query;
  const history = await rangeTotal(client, options, {
    query: query.value,
    // A value at a time is that of the five minutes before it.
    start: firstHour * HOUR_MS + STEP_SECONDS * 1000,
    end: endHour * HOUR_MS,
    stepSeconds: STEP_SECONDS,
    ...(signal === undefined ? {} : { signal }),
  });
  return history.ok ? ok({ firstHour, ...hourly(history.value), warnings: history.value.warnings }) : history;
}

function hourly({ values }: History): Pick<HourlyHistory, 'means' | 'maxima'> {
  const hours = Math.floor(values.length / PARTS);
  const means = new Float64Array(hours).fill(NaN);
  const maxima = new Float64Array(hours).fill(NaN);
  for (let hour = 0; hour < hours; hour++) {
    const known = values.subarray(hour * PARTS, (hour + 1) * PARTS).filter((value) => !Number.isNaN(value));
    if (known.length < LEAST_PARTS) continue;
    means[hour] = known.reduce((sum, value) => sum + value, 0) / known.length;
    maxima[hour] = Math.max(...known);
  }
  return { means, maxima };
}
