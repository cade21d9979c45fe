import type { Series, TimedAnswer } from './answer.ts';
import type { PrometheusClient } from './client.ts';
import { prometheusError, type PrometheusError, type PrometheusErrorCode } from './error.ts';
import { rateWindowSeconds, staleAfterMs, type PrometheusOptions } from './options.ts';
import { podNamePattern } from './pod-names.ts';
import type { ScopedQuery } from './promql.ts';
import { scopeToNamespace } from './promql.ts';
import type { PromqlProblem } from './promql-problem.ts';
import { ok, type Result } from './result.ts';
import { totalUsageQuery, type Resource } from './usage-queries.ts';

/** Prometheus refuses more than 11,000 points for each series (web/api/v1/api.go). */
const MAX_POINTS = 10_000;
/** Smallest part that a period is cut into when the server cannot answer the whole. */
const MIN_POINTS = 100;

/** What a shorter period may cure. */
const CURABLE: ReadonlySet<PrometheusErrorCode> = new Set(['QueryRejected', 'Timeout', 'TooLarge']);

/**
 * The past of one number on an even grid. `values[i]` belongs to `startMs + i × stepMs`; NaN where nothing usable is
 * known: no sample, or one that is negative, infinite or part of an answer with warnings. A typed array, because two
 * weeks at fifteen seconds are 80,640 points, and NaN, because it cannot be mistaken for a demand of zero.
 */
export interface History {
  readonly startMs: number;
  readonly stepMs: number;
  readonly values: Float64Array;
  readonly warnings: readonly string[];
}

export interface HistoryRequest {
  /** Confined to a namespace wherever somebody else than the administrator wrote it. */
  readonly query: Pick<ScopedQuery, 'text'>;
  /** ms since the epoch. The grid is that of whole steps since the epoch, so that repetitions agree. */
  readonly start: number;
  readonly end: number;
  readonly stepSeconds: number;
  readonly signal?: AbortSignal;
}

/** Reads the past of a query that answers one series, part by part; a gap in the series stays a gap. */
export async function rangeTotal(
  client: PrometheusClient,
  options: PrometheusOptions,
  request: HistoryRequest,
): Promise<Result<History, PrometheusError>> {
  const stepMs = request.stepSeconds * 1000;
  if (!Number.isInteger(stepMs) || stepMs <= 0) {
    throw new RangeError(
      `stepSeconds must be a positive number of whole milliseconds, found ${request.stepSeconds}`,
    );
  }
  const startMs = Math.ceil(request.start / stepMs) * stepMs;
  const points = Math.max(0, Math.floor((request.end - startMs) / stepMs) + 1);
  const values = new Float64Array(points).fill(Number.NaN);
  const warnings = new Set<string>();
  let size = MAX_POINTS;
  for (let first = 0; first < points;) {
    const count = Math.min(size, points - first);
    const answer = await client.range({
      query: request.query.text,
      startMs: startMs + first * stepMs,
      endMs: startMs + (first + count - 1) * stepMs,
      stepMs,
      // A live reading older than this is Stale; the past is judged alike instead of filling gaps for five minutes.
      lookbackMs: staleAfterMs(options),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    if (!answer.ok && CURABLE.has(answer.error.code) && count > MIN_POINTS) {
      size = Math.max(MIN_POINTS, Math.floor(count / 2));
      continue;
    }
    if (!answer.ok) return answer;
    const problem = place(answer.value, values, { startMs, stepMs });
    if (problem !== undefined) return problem;
    for (const warning of answer.value.warnings) warnings.add(warning);
    first += count;
  }
  return ok({ startMs, stepMs, values, warnings: [...warnings] });
}

function place(
  answer: TimedAnswer<readonly Series[]>,
  values: Float64Array,
  grid: { readonly startMs: number; readonly stepMs: number },
): Result<never, PrometheusError> | undefined {
  const [series] = answer.data;
  if (answer.data.length > 1) {
    const found = `the query answers ${answer.data.length} series, wanted is one`;
    return prometheusError('UnusableResult', `${found}: aggregate them in the query, for example with sum()`);
  }
  if (series === undefined || answer.warnings.length > 0) return undefined;
  for (const [index, at] of series.at.entries()) {
    const value = series.values[index] ?? Number.NaN;
    const slot = Math.round((at - grid.startMs) / grid.stepMs);
    if (Number.isFinite(value) && value >= 0 && slot >= 0 && slot < values.length) values[slot] = value;
  }
  return undefined;
}

/** The query for what all pods of a workload together used, past pods included; cores or bytes. */
export function workloadTotal(
  options: PrometheusOptions,
  resource: Resource,
  workload: {
    readonly namespace: string;
    readonly kind: 'Deployment' | 'StatefulSet';
    readonly name: string;
  },
): Result<ScopedQuery, PromqlProblem> {
  const pattern = podNamePattern(workload.kind, workload.name);
  return scopeToNamespace(totalUsageQuery(resource, pattern, rateWindowSeconds(options)), workload.namespace);
}
