import type { PodUsage } from '../../loop/monitor/observation.ts';
import { missing, type Reading } from '../../loop/monitor/reading.ts';
import { withinDeadline } from '../within-deadline.ts';
import type { Sample, TimedAnswer } from './answer.ts';
import type { PrometheusClient } from './client.ts';
import type { PrometheusError } from './error.ts';
import { rateWindowSeconds, staleAfterMs, type PrometheusOptions } from './options.ts';
import { readPods, type NamespaceUsage } from './pod-readings.ts';
import { scopeToNamespace, type ScopedQuery } from './promql.ts';
import type { PromqlProblem } from './promql-problem.ts';
import { QueryPauses } from './query-pauses.ts';
import { groupedReadings, sampledQuery, scalarReading, type ReadingLimits } from './readings.ts';
import type { Result } from './result.ts';
import {
  chunkNamespaces,
  nodeAllocatableQuery,
  nodeUsageQuery,
  podUsageQuery,
  type Resource,
} from './usage-queries.ts';

/** What the policies of one round need. Repetitions cost nothing. */
export interface MetricNeeds {
  readonly pods: readonly { readonly namespace: string; readonly resource: Resource }[];
  /** As users wrote them; they are confined to the namespace here. */
  readonly queries: readonly { readonly namespace: string; readonly query: string }[];
}

export interface NodeUsage {
  readonly usage: Readonly<Record<Resource, Reading>>;
  readonly allocatable: Readonly<Record<Resource, Reading>>;
}

type Instant = Result<TimedAnswer<readonly Sample[]>, PrometheusError>;

/** Scoping costs a parse; policies ask the same each tick. Past this many the cache starts anew. */
const MAX_SCOPED = 10_000;

/**
 * Asks Prometheus what all policies need: pod and node metrics once for each metric over all namespaces in use,
 * users' queries once for each distinct query and namespace.
 */
export class WorkloadMetrics {
  readonly #client: PrometheusClient;
  readonly #options: PrometheusOptions;
  readonly #now: () => number;
  readonly #limits: ReadingLimits;
  readonly #windowSeconds: number;
  readonly #pauses = new QueryPauses();
  readonly #scoped = new Map<string, Result<ScopedQuery, PromqlProblem>>();

  /** @param now ms since the epoch */
  constructor(client: PrometheusClient, options: PrometheusOptions, now: () => number) {
    this.#client = client;
    this.#options = options;
    this.#now = now;
    this.#limits = {
      staleAfterMs: staleAfterMs(options),
      maxClockSkewMs: options.maxClockSkewSeconds * 1000,
    };
    this.#windowSeconds = rateWindowSeconds(options);
  }

  /** Never rejects: what could not be learned is a Missing reading. Ends within twice the deadline of a query. */
  async gather(needs: MetricNeeds, signal?: AbortSignal): Promise<Readings> {
    return withinDeadline(this.#options.deadlineSeconds * 2000, signal, (round) =>
      this.#gather(needs, round),
    );
  }

  async #gather(needs: MetricNeeds, round: AbortSignal): Promise<Readings> {
    const usage = new Map<string, NamespaceUsage>();
    const queries = new Map<string, Reading>();
    const tasks: Promise<void>[] = [];
    for (const resource of ['cpu', 'memory'] as const) {
      const namespaces = needs.pods
        .filter((need) => need.resource === resource)
        .map((need) => need.namespace);
      for (const chunk of chunkNamespaces(namespaces))
        tasks.push(this.#gatherPods(resource, chunk, round, usage));
    }
    const distinct = new Map(needs.queries.map((need) => [keyOf(need.namespace, need.query), need]));
    for (const [key, { namespace, query }] of distinct) {
      const task = this.#readQuery(this.#scope(namespace, query), round);
      tasks.push(task.then((reading) => void queries.set(key, reading)));
    }
    await Promise.all(tasks);
    return new Readings(usage, queries);
  }

  /** Use and capacity of each node by name. Nodes that no series names are not in the map. */
  async nodes(signal?: AbortSignal): Promise<ReadonlyMap<string, NodeUsage>> {
    const { nodeLabel } = this.#options;
    const ask = async (query: string, label: string): Promise<NamedReadings> =>
      namedReadings(await this.#instant(query, signal), label, this.#limits);
    const [cpuUsage, memoryUsage, cpuAllocatable, memoryAllocatable] = await Promise.all([
      ask(nodeUsageQuery('cpu', nodeLabel, this.#windowSeconds), nodeLabel),
      ask(nodeUsageQuery('memory', nodeLabel, this.#windowSeconds), nodeLabel),
      ask(nodeAllocatableQuery('cpu'), 'node'),
      ask(nodeAllocatableQuery('memory'), 'node'),
    ]);
    const names = [cpuUsage, memoryUsage, cpuAllocatable, memoryAllocatable].flatMap((one) => [
      ...one.byName.keys(),
    ]);
    const of = (readings: NamedReadings, name: string): Reading =>
      readings.byName.get(name) ?? readings.otherwise;
    return new Map(
      [...new Set(names)].toSorted().map((name) => [
        name,
        {
          usage: { cpu: of(cpuUsage, name), memory: of(memoryUsage, name) },
          allocatable: { cpu: of(cpuAllocatable, name), memory: of(memoryAllocatable, name) },
        },
      ]),
    );
  }

  async #gatherPods(
    resource: Resource,
    namespaces: readonly string[],
    round: AbortSignal,
    usage: Map<string, NamespaceUsage>,
  ): Promise<void> {
    const question = {
      query: (some: readonly string[]) => podUsageQuery(resource, some, this.#windowSeconds),
      ask: (query: string) => this.#instant(query, round),
      limits: this.#limits,
    };
    for (const [namespace, pods] of await readPods(question, namespaces)) {
      usage.set(keyOf(namespace, resource), pods);
    }
  }

  async #readQuery(scoped: Result<ScopedQuery, PromqlProblem>, round: AbortSignal): Promise<Reading> {
    if (!scoped.ok) return missing('QueryFailed', `query: ${scoped.error.message}`);
    const { namespace, text, inputs } = scoped.value;
    const key = keyOf(namespace, text);
    const rested = this.#pauses.resting(key, this.#now());
    if (rested !== undefined) return missing('QueryFailed', rested.message);
    const [answer, sampled] = await Promise.all([
      this.#instant(text, round),
      this.#instant(sampledQuery(inputs), round),
    ]);
    const failed = !answer.ok ? answer : sampled;
    this.#pauses.asked(key, this.#now(), failed.ok ? undefined : failed.error);
    return scalarReading(answer, sampled, this.#limits);
  }

  #scope(namespace: string, query: string): Result<ScopedQuery, PromqlProblem> {
    const key = keyOf(namespace, query);
    const known = this.#scoped.get(key);
    if (known !== undefined) return known;
    if (this.#scoped.size >= MAX_SCOPED) this.#scoped.clear();
    const scoped = scopeToNamespace(query, namespace);
    this.#scoped.set(key, scoped);
    return scoped;
  }

  async #instant(query: string, signal: AbortSignal | undefined): Promise<Instant> {
    return this.#client.instant(signal === undefined ? { query } : { query, signal });
  }
}

/** The readings of one round. */
export class Readings {
  readonly #usage: ReadonlyMap<string, NamespaceUsage>;
  readonly #queries: ReadonlyMap<string, Reading>;

  constructor(usage: ReadonlyMap<string, NamespaceUsage>, queries: ReadonlyMap<string, Reading>) {
    this.#usage = usage;
    this.#queries = queries;
  }

  /** All pods of a namespace that Prometheus knows. */
  namespaceUsage(resource: Resource, namespace: string): NamespaceUsage {
    const usage = this.#usage.get(keyOf(namespace, resource));
    return usage ?? { pods: new Map(), failure: missing('QueryFailed', 'was not asked for in this round') };
  }

  /** One reading for each of `pods`, in their order, as an observation wants it; unknown pods are Missing. */
  podUsage(
    resource: Resource,
    namespace: string,
    pods: readonly string[],
  ): { readonly usage: readonly PodUsage[]; readonly failure?: Reading } {
    const { pods: known, failure } = this.namespaceUsage(resource, namespace);
    const unknown = failure ?? missing('NoData', `no ${resource} series of this pod`);
    const usage = pods.map((pod) => ({ pod, reading: known.get(pod) ?? unknown }));
    return failure === undefined ? { usage } : { usage, failure };
  }

  /** The answer to a user's query, addressed as in the needs. */
  query(namespace: string, query: string): Reading {
    return (
      this.#queries.get(keyOf(namespace, query)) ?? missing('QueryFailed', 'was not asked for in this round')
    );
  }
}

interface NamedReadings {
  readonly byName: ReadonlyMap<string, Reading>;
  /** For names that are not in the map. */
  readonly otherwise: Reading;
}

function namedReadings(answer: Instant, label: string, limits: ReadingLimits): NamedReadings {
  const grouped = groupedReadings(answer, limits);
  if (!grouped.ok) return { byName: new Map(), otherwise: grouped.error };
  const named = grouped.value.map(({ labels, reading }) => [labels.get(label) ?? '', reading] as const);
  const byName = new Map(named.filter(([name]) => name !== ''));
  return { byName, otherwise: missing('NoData', 'no series of this node') };
}

/** Namespaces contain no slash. */
function keyOf(namespace: string, rest: string): string {
  return `${namespace}/${rest}`;
}
