import type { KubeClient } from '../adapters/kubernetes/client.ts';
import { errorFromStatus } from '../adapters/kubernetes/errors.ts';
import type { KubeObject, StatusBody } from '../adapters/kubernetes/objects.ts';
import type { Clock } from './clock.ts';
import { CorruptLineError, splitLines } from './line-splitter.ts';
import { accepting, selectors, type Collection } from './list-pages.ts';
import { SilentStreamError } from './retry-plan.ts';

const EVENT_TYPES = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'] as const;

export interface WatchEvent {
  readonly type: (typeof EVENT_TYPES)[number];
  readonly object: KubeObject;
}

interface WatchOptions {
  readonly client: Pick<KubeClient, 'stream'>;
  readonly collection: Collection;
  readonly resourceVersion: string;
  /** After so long the server ends the watch, in whole seconds. */
  readonly timeoutSeconds: number;
  /** After so long without a byte the stream is taken for dead, in ms. */
  readonly silenceMs: number;
  readonly maxLineBytes: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Bytes arrived, or the server accepted the watch. */
  readonly onContact: () => void;
}

/** How much later than asked the server may end the watch before this side does. */
const OVERTIME_MS = 15_000;

/**
 * One watch request: its events until the server ends it. Throws ApiError when the connection breaks or the server
 * reports an error inside the stream, SilentStreamError when nothing comes, CorruptLineError for anything that is
 * not an event.
 */
export async function* watchCollection(options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
  const { client, collection, clock, signal, onContact } = options;
  const watchdog = new Watchdog(options);
  const abort = (): void => watchdog.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    const bytes = await client.stream({
      path: collection.path,
      query: {
        ...selectors(collection),
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion: options.resourceVersion,
        timeoutSeconds: options.timeoutSeconds,
      },
      ...accepting(collection, 'PartialObjectMetadata'),
      signal: watchdog.signal,
    });
    const contact = (): void => {
      watchdog.feed(clock.monotonic());
      onContact();
    };
    contact();
    void watchdog.run();
    for await (const line of splitLines(tap(bytes, contact), options.maxLineBytes)) {
      yield parseEvent(collection, line);
    }
  } finally {
    signal.removeEventListener('abort', abort);
    watchdog.abort();
  }
}

/** Aborts a stream that has been silent, or has outlived what was asked for. One timer, however many chunks. */
class Watchdog {
  readonly #options: WatchOptions;
  readonly #controller = new AbortController();
  #fedAt = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  feed(now: number): void {
    this.#fedAt = now;
  }

  abort(reason?: unknown): void {
    this.#controller.abort(reason);
  }

  async run(): Promise<void> {
    const { clock, silenceMs, timeoutSeconds } = this.#options;
    const end = clock.monotonic() + timeoutSeconds * 1000 + OVERTIME_MS;
    try {
      for (;;) {
        const now = clock.monotonic();
        const left = Math.min(this.#fedAt + silenceMs, end) - now;
        if (left <= 0) {
          this.abort(
            new SilentStreamError(
              now >= end ? 'the watch outlived its timeout' : `no byte for ${silenceMs} ms`,
            ),
          );
          return;
        }
        await clock.sleep(left, this.signal);
      }
    } catch {
      // Aborted: the stream has ended.
    }
  }
}

async function* tap(bytes: AsyncIterable<Uint8Array>, seen: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    seen();
    yield chunk;
  }
}

function parseEvent(collection: Collection, line: string): WatchEvent {
  const { type, object } = parseLine(line);
  if (type === 'ERROR') throw errorFromStatus(`WATCH ${collection.path}`, (object ?? {}) as StatusBody);
  if (!isEventType(type) || typeof object?.metadata?.resourceVersion !== 'string') {
    throw new CorruptLineError(`a line of the watch is not an event: type ${JSON.stringify(type)}`);
  }
  return { type, object: object as KubeObject };
}

function isEventType(type: unknown): type is WatchEvent['type'] {
  return (EVENT_TYPES as readonly unknown[]).includes(type);
}

function parseLine(line: string): { type?: unknown; object?: Partial<KubeObject> | null } {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Reported below, like every line that is no object.
  }
  throw new CorruptLineError('a line of the watch is not a JSON object');
}
