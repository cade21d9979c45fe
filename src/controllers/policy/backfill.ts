import type { PrometheusClient } from '../../adapters/prometheus/client.ts';
import type { PrometheusError } from '../../adapters/prometheus/error.ts';
import { rangeTotal, workloadTotal, type History } from '../../adapters/prometheus/history.ts';
import type { PrometheusOptions } from '../../adapters/prometheus/options.ts';
import type { ScopedQuery } from '../../adapters/prometheus/promql.ts';
import type { Result } from '../../adapters/prometheus/result.ts';
import type { LoopEvent } from '../../loop/event.ts';
import { demandSources, type DemandSource } from '../../loop/monitor/demand-source.ts';
import type { DemandState } from '../../loop/state.ts';
import type { PolicyEntry } from './policy-entry.ts';
import type { RestoredDemands } from './policy-session.ts';

/** Two weeks in steps of a minute, each with its peak, are an answer that Prometheus gives. */
const STEP_SECONDS = 60;

/** How finely a minute is looked at for its peak: as finely as it is live, with the usual tick. */
const PEAK_STEP_SECONDS = 15;

/**
 * A checkpoint that is older leaves a gap that is read from Prometheus. A shorter one is what each restart leaves, and
 * a series has such gaps from missed scrapes as well.
 */
const SHORT_GAP_MS = 10 * 60_000;

/** So much of the past is asked for as finely as it would have come live. */
const FINE_GAP_MS = 86_400_000;

const DAY_MS = 86_400_000;

export interface HistorySource {
  readonly client: PrometheusClient;
  readonly options: PrometheusOptions;
  readonly days: number;
}

export interface KnownPast {
  readonly now: number;
  /** What goes on from a checkpoint. */
  readonly restored: RestoredDemands | undefined;
  /** A series once more as the checkpoint has it. */
  readonly seriesAt: (demandKey: string) => Promise<DemandState['forecaster'] | undefined>;
}

/** Is there a past of this policy to read at all? */
export function lacksPast(
  demands: readonly DemandState[],
  restored: RestoredDemands | undefined,
  now: number,
): boolean {
  return demands.some(({ key }) => gapOf(key, restored, now) !== undefined);
}

/** Since when a series knows nothing; undefined when it is hardly a gap, and -Infinity when it knows nothing at all. */
function gapOf(key: string, restored: RestoredDemands | undefined, now: number): number | undefined {
  if (restored?.keys.has(key) !== true) return -Infinity;
  return now - restored.at <= SHORT_GAP_MS ? undefined : restored.at;
}

/** One metric whose past is known now, or why it is not. */
export type Backfilled =
  | { readonly ok: true; readonly event: Extract<LoopEvent, { type: 'Backfill' }> }
  | { readonly ok: false; readonly demandKey: string; readonly message: string };

/** Reads the past of each of a policy's metrics, one after the other, so that a hundred new policies are no burst. */
export async function* backfill(
  entry: Extract<PolicyEntry, { valid: true }>,
  history: HistorySource,
  { now, restored, seriesAt }: KnownPast,
): AsyncGenerator<Backfilled> {
  for (const demand of demandSources(entry.view.spec)) {
    const { key } = demand;
    const gap = gapOf(key, restored, now);
    if (gap === undefined) continue;
    const query = queryOf(demand, entry, history.options);
    if (!query.ok) {
      yield { ok: false, demandKey: key, message: query.error.message };
      continue;
    }
    const start = Math.max(gap, now - history.days * DAY_MS);
    const past = await (now - start <= FINE_GAP_MS ? finePast : pastInMinutes)(
      history,
      query.value,
      start,
      now,
    );
    if (!past.ok) {
      yield { ok: false, demandKey: key, message: past.error.message };
      continue;
    }
    // Read only now: while the answer was awaited, the series it was restored to has gone on.
    const after = gap === -Infinity ? undefined : await seriesAt(key);
    const event = { type: 'Backfill', demandKey: key, ...past.value } as const;
    yield { ok: true, event: after === undefined ? event : { ...event, after } };
  }
}

/** The user's own query where there is one; else the use of a resource by the workload's pods. */
function queryOf(
  demand: DemandSource,
  { view, queries }: Extract<PolicyEntry, { valid: true }>,
  options: PrometheusOptions,
): ReturnType<typeof workloadTotal> {
  const scoped = demand.type === 'Requests' ? queries.requests : queries.metrics[demand.index];
  if (scoped !== undefined) return { ok: true, value: scoped };
  const resource = (demand.type === 'Metric' ? demand.metric.resource?.name : undefined) ?? 'cpu';
  const { kind, name } = view.spec.targetRef;
  return workloadTotal(options, resource, { namespace: view.namespace, kind, name });
}

type Past = Result<Pick<History, 'startMs' | 'stepMs' | 'values'>, PrometheusError>;

async function pastInMinutes(
  { client, options }: HistorySource,
  query: Pick<ScopedQuery, 'text'>,
  start: number,
  end: number,
): Promise<Past> {
  return rangeTotal(client, options, { query: peaksOf(query), start, end, stepSeconds: STEP_SECONDS });
}

/** As it would have come live: each value is about the step before it. */
async function finePast(
  { client, options }: HistorySource,
  query: Pick<ScopedQuery, 'text'>,
  start: number,
  end: number,
): Promise<Past> {
  const past = await rangeTotal(client, options, { query, start, end, stepSeconds: PEAK_STEP_SECONDS });
  if (!past.ok) return past;
  const { startMs, stepMs, values } = past.value;
  return { ok: true, value: { startMs: startMs - stepMs, stepMs, values } };
}

/**
 * The peak of each past minute, as the live series has it: the largest of its four quarters, which begin with the
 * minute. A value that averages changes within a minute, and its start alone would show each rise up to a minute late.
 */
function peaksOf(query: Pick<ScopedQuery, 'text'>): Pick<ScopedQuery, 'text'> {
  const rest = STEP_SECONDS - PEAK_STEP_SECONDS;
  return {
    ...query,
    text: `max_over_time((${query.text})[${STEP_SECONDS}s:${PEAK_STEP_SECONDS}s] offset -${rest}s)`,
  };
}
