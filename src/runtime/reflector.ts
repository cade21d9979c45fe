import type { KubeClient } from '../adapters/kubernetes/client.ts';
import { ApiError } from '../adapters/kubernetes/errors.ts';
import type { KubeObject } from '../adapters/kubernetes/objects.ts';
import { Backoff, REFLECTOR_BACKOFF } from './backoff.ts';
import type { Clock, Random } from './clock.ts';
import { listAll, type Collection } from './list-pages.ts';
import { ObjectStore, objectKey, type StoreEvent, type StoredObject } from './object-store.ts';
import { planRetry } from './retry-plan.ts';
import { watchCollection, type WatchEvent } from './watch-stream.ts';

export interface ReflectorTimings {
  /** The server ends a watch after a random time in this range, so that many clients do not return together. */
  readonly watchSeconds: readonly [number, number];
  /** The collection is listed again after a random time in this range: what a watch lost unseen is found then. */
  readonly relistMs: readonly [number, number];
  readonly silenceMs: number;
  readonly forbiddenRetryMs: number;
  readonly absentRetryMs: number;
}

const DEFAULT_TIMINGS: ReflectorTimings = {
  watchSeconds: [300, 600],
  relistMs: [600_000, 1_800_000],
  // A stream that says nothing cannot be told from one whose other end is gone. Servers send a bookmark about
  // every 60 s, so a quiet kind is asked again at this pace: one cheap request that resumes where it was. In
  // exchange a half-open connection, which TCP may hold for hours, hides changes for 45 s at most.
  silenceMs: 45_000,
  // Until a person mends the role; a denied request costs the server little.
  forbiddenRetryMs: 60_000,
  absentRetryMs: 300_000,
};

/** Longest watch line, in bytes: etcd's objects end at 1.5 MiB, and JSON escapes may double that. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
/** A Retry-After beyond this is taken for a mistake. */
const MAX_RETRY_AFTER_MS = 300_000;
/** A watch that the server ends sooner than this counts as a failure, or the two would spin (client-node#1933). */
const SHORT_WATCH_MS = 5000;

/** What happened, for logs and metrics. */
export type ReflectorNote =
  | { readonly what: 'Listed'; readonly objects: number; readonly changes: number }
  | { readonly what: 'WatchStarted' | 'WatchEnded' }
  | {
      readonly what: 'Failed';
      readonly during: 'list' | 'watch';
      readonly error: unknown;
      readonly retryInMs: number;
    }
  /** A handler or `transform` threw; the object is left out of the store in the second case. */
  | { readonly what: 'HandlerFailed' | 'TransformFailed'; readonly key: string; readonly error: unknown };

export interface ReflectorOptions<T> {
  readonly client: Pick<KubeClient, 'request' | 'stream'>;
  readonly collection: Collection;
  /** Makes the slim copy that is kept. It must not keep hold of its argument. */
  readonly transform: (object: KubeObject) => T;
  /** Must return quickly: it should put a key into a queue and nothing else. */
  readonly onEvent: (event: StoreEvent<T>) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly timings?: Partial<ReflectorTimings>;
  readonly observe?: (note: ReflectorNote) => void;
}

/**
 * Keeps a local copy of a collection in step with the API server, whatever happens to the connection: list, then
 * watch from there, for ever (Kubernetes API concepts, "Efficient detection of changes").
 *
 * The copy may be old: `lastContactAt` says how old at most. Whoever acts must read the object again.
 */
export class Reflector<T> {
  readonly #options: ReflectorOptions<T>;
  readonly #timings: ReflectorTimings;
  readonly #backoff: Backoff;
  readonly #store = new ObjectStore<T>();
  readonly #synced = Promise.withResolvers<undefined>();
  #isSynced = false;
  #absent = false;
  #problem: ApiError | undefined;
  #lastContactAt: number | undefined;
  #resourceVersion: string | undefined;
  #relistAt = 0;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#timings = { ...DEFAULT_TIMINGS, ...options.timings };
    this.#backoff = new Backoff(REFLECTOR_BACKOFF, options.random);
  }

  /** By `namespace/name`; always the same map. Frozen objects. */
  get objects(): ReadonlyMap<string, T> {
    return this.#store.objects;
  }

  /** The store has held a complete list once. Until then, absence means nothing. */
  get synced(): boolean {
    return this.#isSynced;
  }

  /** The server does not know the kind: the store is empty for that reason. */
  get absent(): boolean {
    return this.#absent;
  }

  /** Why there is no contact now; undefined when all is well. */
  get problem(): ApiError | undefined {
    return this.#problem;
  }

  /** Steady ms of the last list or watch bytes; undefined before the first. */
  get lastContactAt(): number | undefined {
    return this.#lastContactAt;
  }

  whenSynced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Runs until the signal aborts, then resolves without delay. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let during: 'list' | 'watch' = 'list';
    while (!signal.aborted) {
      try {
        if (this.#resourceVersion === undefined || this.#options.clock.monotonic() >= this.#relistAt) {
          during = 'list';
          await this.#list(signal);
        }
        during = 'watch';
        await this.#watch(signal);
      } catch (error) {
        if (!isAborted(signal)) await this.#recover(error, during, signal);
      }
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { client, collection } = this.#options;
    const convert = (object: KubeObject): StoredObject<T>[] => this.#convert(object);
    const { items, resourceVersion } = await listAll({ client, collection, signal, convert });
    signal.throwIfAborted();
    this.#absent = false;
    this.#resourceVersion = resourceVersion;
    this.#relistAt = this.#options.clock.monotonic() + this.#between(this.#timings.relistMs);
    this.#contact();
    this.#replace(items);
  }

  #replace(items: readonly StoredObject<T>[]): void {
    const events = this.#store.replace(items);
    this.#isSynced = true;
    this.#options.observe?.({ what: 'Listed', objects: items.length, changes: events.length });
    this.#emit(events);
    this.#synced.resolve(undefined);
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { client, collection, clock, observe } = this.#options;
    const startedAt = clock.monotonic();
    const untilRelist = Math.ceil((this.#relistAt - startedAt) / 1000);
    const events = watchCollection({
      client,
      collection,
      resourceVersion: this.#resourceVersion ?? '',
      timeoutSeconds: Math.max(
        1,
        Math.min(untilRelist, Math.round(this.#between(this.#timings.watchSeconds))),
      ),
      silenceMs: this.#timings.silenceMs,
      maxLineBytes: MAX_LINE_BYTES,
      clock,
      signal,
      onContact: () => this.#contact(),
    });
    observe?.({ what: 'WatchStarted' });
    for await (const event of events) {
      this.#apply(event);
      signal.throwIfAborted();
    }
    observe?.({ what: 'WatchEnded' });
    if (clock.monotonic() - startedAt < SHORT_WATCH_MS && clock.monotonic() < this.#relistAt) {
      const message = `WATCH ${collection.path}: the server ended the watch at once`;
      throw new ApiError({ status: 0, reason: 'Network', message });
    }
  }

  #apply({ type, object }: WatchEvent): void {
    if (type === 'DELETED') {
      this.#emit(this.#store.delete(objectKey(object.metadata.namespace, object.metadata.name)));
    } else if (type !== 'BOOKMARK') {
      for (const item of this.#convert(object)) this.#emit(this.#store.set(item));
    }
    this.#resourceVersion = object.metadata.resourceVersion;
  }

  /** The stored form; empty, and the object forgotten, when `transform` cannot make one. */
  #convert(object: KubeObject): StoredObject<T>[] {
    const { namespace, name, uid = '', resourceVersion = '' } = object.metadata;
    try {
      return [{ namespace, name, uid, resourceVersion, object: this.#options.transform(object) }];
    } catch (error) {
      const key = objectKey(namespace, name);
      this.#options.observe?.({ what: 'TransformFailed', key, error });
      this.#emit(this.#store.delete(key));
      return [];
    }
  }

  #emit(events: readonly StoreEvent<T>[]): void {
    for (const event of events) {
      try {
        this.#options.onEvent(event);
      } catch (error) {
        this.#options.observe?.({ what: 'HandlerFailed', key: event.key, error });
      }
    }
  }

  async #recover(error: unknown, during: 'list' | 'watch', signal: AbortSignal): Promise<void> {
    const { clock, observe } = this.#options;
    const plan = planRetry(error, during);
    if (plan.relist) this.#resourceVersion = undefined;
    if (plan.wait === 'Absent') {
      this.#absent = true;
      this.#contact();
      this.#replace([]);
    }
    this.#problem = error instanceof ApiError ? error : undefined;
    const retryInMs = this.#wait(plan.wait, error);
    observe?.({ what: 'Failed', during, error, retryInMs });
    // Rejects only when aborted, and then the loop ends.
    await clock.sleep(retryInMs, signal).catch(() => undefined);
  }

  #wait(wait: ReturnType<typeof planRetry>['wait'], error: unknown): number {
    const jittered = (ms: number): number => ms * (1 + 0.1 * this.#options.random());
    if (wait === 'Now') return 0;
    if (wait === 'Forbidden') return jittered(this.#timings.forbiddenRetryMs);
    if (wait === 'Absent') return jittered(this.#timings.absentRetryMs);
    const backoff = this.#backoff.next(this.#options.clock.monotonic());
    const asked = wait === 'RetryAfter' && error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
    return Math.max(backoff, jittered(Math.min(asked, MAX_RETRY_AFTER_MS)));
  }

  #contact(): void {
    this.#lastContactAt = this.#options.clock.monotonic();
    this.#problem = undefined;
  }

  #between([low, high]: readonly [number, number]): number {
    return low + this.#options.random() * (high - low);
  }
}

/** A call, so that the compiler does not take the first answer for the last. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
