import type { PrometheusClient } from '../../adapters/prometheus/client.ts';
import type { PrometheusError } from '../../adapters/prometheus/error.ts';
import { rangeTotal, workloadTotal } from '../../adapters/prometheus/history.ts';
import type { PrometheusOptions } from '../../adapters/prometheus/options.ts';
import type { ScopedQuery } from '../../adapters/prometheus/promql.ts';
import { ok, type Result } from '../../adapters/prometheus/result.ts';
import type { LoopEvent, PastStretch } from '../../loop/event.ts';
import { demandSources, type DemandSource } from '../../loop/monitor/demand-source.ts';
import type { DemandState } from '../../loop/state.ts';
import { averagedSeconds } from './measure.ts';
import type { PolicyEntry } from './policy-entry.ts';
import type { RestoredDemands } from './policy-session.ts';

/** As finely as it comes live with the usual tick. The last day in such steps is a single answer of Prometheus. */
const FINE_STEP_SECONDS = 15;
const FINE_MS = 86_400_000;

/** Before that day: the shape of the days, which the forecaster keeps in steps of a minute. */
const COARSE_STEP_SECONDS = 60;

/**
 * A checkpoint that is older leaves a gap that is read from Prometheus. A shorter one is what each restart leaves, and
 * a series has such gaps from missed scrapes as well.
 */
const SHORT_GAP_MS = 10 * 60_000;

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
  const averaged = averagedSeconds(entry, history.options);
  for (const demand of demandSources(entry.view.spec)) {
    const { key } = demand;
    const gap = gapOf(key, restored, now);
    if (gap === undefined) continue;
    const query = demandQuery(demand, entry, history.options);
    if (!query.ok) {
      yield { ok: false, demandKey: key, message: query.error.message };
      continue;
    }
    const start = Math.max(gap, now - history.days * DAY_MS);
    const past = await stretches(history, query.value, start, now);
    if (!past.ok) {
      yield { ok: false, demandKey: key, message: past.error.message };
      continue;
    }
    // Read only now: while the answer was awaited, the series it was restored to has gone on.
    const after = gap === -Infinity ? undefined : await seriesAt(key);
    const event = {
      type: 'Backfill',
      demandKey: key,
      past: past.value,
      averagedSeconds: (demand.type === 'Requests' ? averaged.requests : averaged.metrics[demand.index]) ?? 0,
    } as const;
    yield { ok: true, event: after === undefined ? event : { ...event, after } };
  }
}

/** The user's own query where there is one; else the use of a resource by the workload's pods. */
export function demandQuery(
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

/** The last day as it would have come live, and the days before it in minutes: plain values, for all are means. */
async function stretches(
  { client, options }: HistorySource,
  query: Pick<ScopedQuery, 'text'>,
  start: number,
  end: number,
): Promise<Result<readonly PastStretch[], PrometheusError>> {
  const fineFrom = Math.max(start, end - FINE_MS);
  const parts = [
    { start, end: fineFrom - 1, stepSeconds: COARSE_STEP_SECONDS },
    { start: fineFrom, end, stepSeconds: FINE_STEP_SECONDS },
  ];
  const past: PastStretch[] = [];
  for (const part of parts) {
    if (part.end < part.start) continue;
    const answer = await rangeTotal(client, options, { query, ...part });
    if (!answer.ok) return answer;
    const { startMs, stepMs, values } = answer.value;
    if (values.length > 0) past.push({ startMs, stepMs, values });
  }
  return ok(past);
}
