import type { PrometheusClient } from '../../adapters/prometheus/client.ts';
import { rangeTotal, workloadTotal } from '../../adapters/prometheus/history.ts';
import type { PrometheusOptions } from '../../adapters/prometheus/options.ts';
import type { ScopedQuery } from '../../adapters/prometheus/promql.ts';
import type { LoopEvent } from '../../loop/event.ts';
import { demandSources } from '../../loop/monitor/demand-source.ts';
import type { PolicyEntry } from './policy-entry.ts';

/** The forecaster's bins have a minute; what it keeps of each is the peak. */
const STEP_SECONDS = 60;

/** How finely a minute is looked at for its peak: as finely as it is live, with the usual tick. */
const PEAK_STEP_SECONDS = 15;

const DAY_MS = 86_400_000;

export interface HistorySource {
  readonly client: PrometheusClient;
  readonly options: PrometheusOptions;
  readonly days: number;
}

/** One metric whose past is known now, or why it is not. */
export type Backfilled =
  | { readonly ok: true; readonly event: Extract<LoopEvent, { type: 'Backfill' }> }
  | { readonly ok: false; readonly demandKey: string; readonly message: string };

/** Reads the past of each of a policy's metrics, one after the other, so that a hundred new policies are no burst. */
export async function* backfill(
  entry: Extract<PolicyEntry, { valid: true }>,
  history: HistorySource,
  now: number,
): AsyncGenerator<Backfilled> {
  const { view, queries } = entry;
  for (const demand of demandSources(view.spec)) {
    const { key } = demand;
    const scoped = demand.type === 'Requests' ? queries.requests : queries.metrics[demand.index];
    const resource = (demand.type === 'Metric' ? demand.metric.resource?.name : undefined) ?? 'cpu';
    const workload = {
      namespace: view.namespace,
      kind: view.spec.targetRef.kind,
      name: view.spec.targetRef.name,
    };
    const query =
      scoped === undefined
        ? workloadTotal(history.options, resource, workload)
        : ({ ok: true, value: scoped } as const);
    if (!query.ok) {
      yield { ok: false, demandKey: key, message: query.error.message };
      continue;
    }
    const past = await rangeTotal(history.client, history.options, {
      query: peaksOf(query.value),
      start: now - history.days * DAY_MS,
      end: now,
      stepSeconds: STEP_SECONDS,
    });
    if (past.ok) {
      const { startMs, stepMs, values } = past.value;
      yield { ok: true, event: { type: 'Backfill', demandKey: key, startMs, stepMs, values } };
    } else {
      yield { ok: false, demandKey: key, message: past.error.message };
    }
  }
}

/**
 * The peak of each past minute, as the live series has it: the largest of its four quarters, which begin with the
 * minute. A value that averages changes within a minute, and its start alone would show each rise up to a minute late.
 */
function peaksOf(query: ScopedQuery): ScopedQuery {
  const rest = STEP_SECONDS - PEAK_STEP_SECONDS;
  return {
    ...query,
    text: `max_over_time((${query.text})[${STEP_SECONDS}s:${PEAK_STEP_SECONDS}s] offset -${rest}s)`,
  };
}
