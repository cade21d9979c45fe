import { rangeTotal } from '../../adapters/prometheus/history.ts';
import { rateWindowSeconds } from '../../adapters/prometheus/options.ts';
import { scopeToNamespace, type ScopedQuery } from '../../adapters/prometheus/promql.ts';
import type { PromqlProblem } from '../../adapters/prometheus/promql-problem.ts';
import type { Result } from '../../adapters/prometheus/result.ts';
import { PAST_SIGNALS, signalHistoryQuery } from '../../adapters/prometheus/signal-history.ts';
import { MINUTE_MS } from '../../loop/analyze/anomaly/minute-means.ts';
import { SIGNAL, WATCHED_SIGNALS, type WatchedSignal } from '../../loop/analyze/anomaly/watched-signals.ts';
import type { LoopEvent } from '../../loop/event.ts';
import { demandSources } from '../../loop/monitor/demand-source.ts';
import { featureSources } from '../../loop/monitor/features/sources.ts';
import { metricName } from '../../loop/monitor/metric-name.ts';
import { demandQuery, type HistorySource } from './backfill.ts';
import type { PolicyEntry } from './policy-entry.ts';

type ValidEntry = Extract<PolicyEntry, { valid: true }>;
type Query = Pick<ScopedQuery, 'text'>;

const DAY_MINUTES = 1440;

export interface SignalPast {
  readonly events: readonly Extract<LoopEvent, { type: 'SignalHistory' }>[];
  /** What could not be read, in words. */
  readonly problems: readonly string[];
}

/**
 * The past of what anomalies are looked for in, from `since` on (ms; -Infinity for all): a new policy need not wait two
 * weeks until it is known what is usual. Day by day, so that learning it keeps nothing else waiting for long.
 */
export async function signalPast(
  entry: ValidEntry,
  history: HistorySource,
  { now, since }: { readonly now: number; readonly since: number },
): Promise<SignalPast> {
  const oldest = now - history.days * DAY_MINUTES * MINUTE_MS;
  const firstMinute = Math.ceil(Math.max(since, oldest) / MINUTE_MS);
  const minutes = Math.floor(now / MINUTE_MS) - firstMinute;
  if (minutes <= 0) return { events: [], problems: [] };
  const problems: string[] = [];
  const read = async (query: Query): Promise<Float64Array> => {
    // A value at a time stands for the minute before it.
    const start = (firstMinute + 1) * MINUTE_MS;
    const end = (firstMinute + minutes) * MINUTE_MS;
    const answer = await rangeTotal(history.client, history.options, { query, start, end, stepSeconds: 60 });
    if (answer.ok) return answer.value.values;
    problems.push(answer.error.message);
    return new Float64Array(minutes).fill(NaN);
  };
  const values: Float64Array[] = WATCHED_SIGNALS.map(() => new Float64Array(minutes).fill(NaN));
  for (const [signal, queries] of signalQueries(entry, history)) {
    const [value = new Float64Array(), ofAll] = await inTurn(queries, read);
    values[SIGNAL[signal]] =
      ofAll === undefined ? value : value.map((part, i) => share(part, ofAll[i] ?? NaN));
  }
  const anew = since === -Infinity;
  return { events: byDay(firstMinute, values, anew), problems };
}

async function inTurn<In, Out>(all: readonly In[], each: (one: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  for (const one of all) results.push(await each(one));
  return results;
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : NaN;
}

function byDay(firstMinute: number, values: readonly Float64Array[], anew: boolean): SignalPast['events'] {
  const minutes = values[0]?.length ?? 0;
  const days = Math.ceil(minutes / DAY_MINUTES);
  return Array.from({ length: days }, (_, day) => ({
    type: 'SignalHistory' as const,
    firstMinute: firstMinute + day * DAY_MINUTES,
    values: values.map((all) => all.subarray(day * DAY_MINUTES, (day + 1) * DAY_MINUTES)),
    anew: anew && day === 0,
  }));
}

/** What to ask for each signal that the policy or cAdvisor measures: one query, or two whose quotient it is. */
function signalQueries(entry: ValidEntry, { options }: HistorySource): [WatchedSignal, readonly Query[]][] {
  const { namespace, spec } = entry.view;
  const sources = featureSources(spec);
  const found: [WatchedSignal, readonly Query[]][] = [];
  const add = (signal: WatchedSignal, ...queries: (Result<Query, PromqlProblem> | undefined)[]): void => {
    const usable = queries.flatMap((query) => (query?.ok === true ? [query.value] : []));
    if (usable.length === queries.length) found.push([signal, usable]);
  };
  const scoped = (query: string | undefined): Result<Query, PromqlProblem> | undefined =>
    query === undefined ? undefined : scopeToNamespace(query, namespace);
  const indicator = (index: number | undefined): Result<Query, PromqlProblem> | undefined =>
    scoped(spec.objective?.indicators[index ?? -1]?.query);

  const demand = demandSources(spec).find(({ name }) => name === sources.demand);
  if (demand !== undefined) add('load', demandQuery(demand, entry, options));
  add('latency', indicator(sources.latency));
  const requests = spec.objective?.requests;
  if (requests === undefined) add('errors', indicator(sources.errors));
  else add('errors', scoped(requests.badQuery), scoped(requests.totalQuery));
  const queue = sources.queueLag;
  if (queue !== undefined && 'indicator' in queue) add('queue', indicator(queue.indicator));
  else if (queue !== undefined) {
    const metric = spec.metrics.find((each) => metricName(each) === queue.metric);
    add('queue', scoped(metric?.prometheus?.query));
  }
  const workload = { namespace, kind: spec.targetRef.kind, name: spec.targetRef.name };
  for (const signal of PAST_SIGNALS) {
    if (signal === 'cpu' && sources.demand === sources.cpu) continue;
    add(signal, signalHistoryQuery(signal, workload, Math.max(60, rateWindowSeconds(options))));
  }
  return found;
}
