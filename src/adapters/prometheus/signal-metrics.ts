import { missing, type Reading } from '../../loop/monitor/reading.ts';
import { MEASURED_SIGNALS, type MeasuredSignal } from '../../loop/monitor/signals.ts';
import type { PrometheusClient } from './client.ts';
import { rateWindowSeconds, staleAfterMs, type PrometheusOptions } from './options.ts';
import { readPods, type NamespaceUsage } from './pod-readings.ts';
import { QueryPauses } from './query-pauses.ts';
import { signalQuery } from './signal-queries.ts';
import { chunkNamespaces } from './usage-queries.ts';

/**
 * Signals of all pods, read beside the rounds. No decision waits for them: a round starts the reading and takes what the
 * last one brought. They are asked one after the other, so that of the queries at the same time at most one is theirs,
 * and one that keeps failing by its own fault rests.
 */
export class SignalMetrics {
  readonly #client: PrometheusClient;
  readonly #options: PrometheusOptions;
  readonly #now: () => number;
  readonly #pauses = new QueryPauses();
  #known = new SignalReadings(new Map(), Infinity);
  #reading: Promise<void> | undefined;

  /** @param now ms since the epoch */
  constructor(client: PrometheusClient, options: PrometheusOptions, now: () => number) {
    this.#client = client;
    this.#options = options;
    this.#now = now;
  }

  /** What is known by now. */
  get latest(): SignalReadings {
    return this.#known;
  }

  /** Begins to read all signals of these namespaces, unless that is still under way. Resolves when it is done; never rejects. */
  async refresh(namespaces: readonly string[], signal?: AbortSignal): Promise<void> {
    this.#reading ??= this.#readAll(namespaces, signal).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readAll(namespaces: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const usage = new Map<string, NamespaceUsage>();
    for (const name of MEASURED_SIGNALS) {
      for (const chunk of chunkNamespaces(namespaces)) {
        for (const [namespace, pods] of await this.#read(name, chunk, signal)) {
          usage.set(keyOf(name, namespace), pods);
        }
      }
    }
    this.#known = new SignalReadings(usage, staleAfterMs(this.#options));
  }

  async #read(
    name: MeasuredSignal,
    namespaces: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, NamespaceUsage>> {
    const key = `${name}/${namespaces.join()}`;
    const rested = this.#pauses.resting(key, this.#now());
    if (rested !== undefined) {
      const failure = missing('QueryFailed', rested.message);
      return new Map(namespaces.map((namespace) => [namespace, { pods: new Map(), failure }]));
    }
    const question = {
      query: (some: readonly string[]) => signalQuery(name, some, rateWindowSeconds(this.#options)),
      ask: async (query: string) => {
        const answer = await this.#client.instant(signal === undefined ? { query } : { query, signal });
        this.#pauses.asked(key, this.#now(), answer.ok ? undefined : answer.error);
        return answer;
      },
      limits: {
        staleAfterMs: staleAfterMs(this.#options),
        maxClockSkewMs: this.#options.maxClockSkewSeconds * 1000,
      },
    };
    return readPods(question, namespaces);
  }
}

/** The signals as they were read last. */
export class SignalReadings {
  readonly #usage: ReadonlyMap<string, NamespaceUsage>;
  readonly #staleAfterMs: number;

  constructor(usage: ReadonlyMap<string, NamespaceUsage>, staleAfterMs: number) {
    this.#usage = usage;
    this.#staleAfterMs = staleAfterMs;
  }

  /** One pod's signal as it is to be taken at `now` (ms since the epoch): what was fresh when read may have aged since. */
  of(signal: MeasuredSignal, namespace: string, pod: string, now: number): Reading {
    const usage = this.#usage.get(keyOf(signal, namespace));
    if (usage === undefined) return missing('NoData', 'not measured yet');
    const reading = usage.failure ?? usage.pods.get(pod) ?? missing('NoData', 'no series of this pod');
    const aged = reading.quality === 'Fresh' && now - reading.at > this.#staleAfterMs;
    return aged ? { ...reading, quality: 'Stale' } : reading;
  }
}

function keyOf(signal: MeasuredSignal, namespace: string): string {
  return `${signal}/${namespace}`;
}
