import type { KubeClient } from '../adapters/kubernetes/client.ts';
import { isNotFound, isTransient } from '../adapters/kubernetes/errors.ts';
import type { Clock } from './clock.ts';
import { EventSeries, type EventObject, type EventOccurrence } from './event-series.ts';

export interface EventRecorderOptions {
  readonly client: Pick<KubeClient, 'request'>;
  readonly clock: Clock;
  /** The pod's name. */
  readonly reportingInstance: string;
  /** An event was not written: there are too many of them, or the server refused it. */
  readonly onDropped?: (reason: 'RateLimited' | 'QueueFull' | 'Refused', error?: unknown) => void;
}

/** Events that wait for a server that does not answer (client-go: maxQueuedEvents). */
const MAX_QUEUED = 1000;
/** Two minutes of trying, as client-go's broadcaster. */
const MAX_TRIES = 12;
const RETRY_MS = 10_000;
/** How often the counts of running series are written. */
const COUNTS_MS = 30_000;

/**
 * Writes `events.k8s.io/v1` Events. `record` returns at once and never throws: telling people must not harm the
 * work it tells about. Repetitions become one Event with a count (`series`).
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #series: EventSeries;
  readonly #queue: EventObject[] = [];
  #wake = Promise.withResolvers<undefined>();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#series = new EventSeries(options.reportingInstance);
  }

  record(occurrence: EventOccurrence): void {
    const { clock, onDropped } = this.#options;
    const event = this.#series.add(occurrence, { wall: clock.now(), steady: clock.monotonic() });
    if (event === 'limited') onDropped?.('RateLimited');
    else if (event !== undefined) this.#enqueue([event]);
  }

  /** Sends what is recorded until the signal aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const counts = new AbortController();
      const timer = this.#options.clock.sleep(COUNTS_MS, AbortSignal.any([signal, counts.signal]));
      await Promise.race([this.#wake.promise, timer]).catch(() => undefined);
      counts.abort();
      this.#enqueue(this.#series.changed(this.#options.clock.monotonic()));
      await this.#sendAll(signal, MAX_TRIES);
    }
  }

  /** Sends all that is known, trying each once: for the end of the program, after `run`. */
  async flush(signal: AbortSignal): Promise<void> {
    this.#enqueue(this.#series.changed(this.#options.clock.monotonic()));
    await this.#sendAll(signal, 1);
  }

  #enqueue(events: readonly EventObject[]): void {
    for (const event of events) {
      if (this.#queue.length < MAX_QUEUED) this.#queue.push(event);
      else this.#options.onDropped?.('QueueFull');
    }
    if (events.length > 0) this.#wake.resolve(undefined);
  }

  async #sendAll(signal: AbortSignal, maxTries: number): Promise<void> {
    this.#wake = Promise.withResolvers();
    for (let event = this.#queue[0]; event !== undefined && !signal.aborted; event = this.#queue[0]) {
      const outcome = await this.#send(event, signal, maxTries);
      if (outcome === 'aborted') return;
      this.#queue.shift();
    }
  }

  async #send(event: EventObject, signal: AbortSignal, maxTries: number): Promise<'over' | 'aborted'> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#write(event, signal);
        return 'over';
      } catch (error) {
        if (signal.aborted) return 'aborted';
        if (!isTransient(error) || tries >= maxTries) {
          this.#options.onDropped?.('Refused', error);
          return 'over';
        }
        await this.#options.clock.sleep(RETRY_MS, signal).catch(() => undefined);
      }
    }
  }

  async #write(event: EventObject, signal: AbortSignal): Promise<void> {
    const { client } = this.#options;
    const path = `/apis/events.k8s.io/v1/namespaces/${event.metadata.namespace}/events`;
    if (event.series !== undefined) {
      try {
        await client.request({
          method: 'PATCH',
          path: `${path}/${event.metadata.name}`,
          contentType: 'application/merge-patch+json',
          body: { series: event.series },
          signal,
        });
        return;
      } catch (error) {
        // The server keeps Events for an hour: a long series outlives its first one.
        if (!isNotFound(error)) throw error;
      }
    }
    await client.request({ method: 'POST', path, body: event, signal });
  }
}
