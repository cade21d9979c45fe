import type { Clock } from './clock.ts';
import { DelayHeap } from './delay-heap.ts';
import { ControllerRateLimiter, type RateLimiter } from './rate-limiter.ts';

/**
 * What a queue tells its metrics, named as controller-runtime's series. Gauges are not pushed: read `depth`,
 * `unfinishedWorkSeconds` and `longestRunningProcessorSeconds` when scraped.
 */
export interface WorkQueueMetrics {
  /** `workqueue_adds_total` */
  added(): void;
  /** `workqueue_retries_total` */
  retried(): void;
  /** `workqueue_queue_duration_seconds` */
  waited(seconds: number): void;
  /** `workqueue_work_duration_seconds` */
  worked(seconds: number): void;
}

interface WorkQueueOptions {
  readonly clock: Clock;
  readonly rateLimiter?: RateLimiter;
  readonly metrics?: WorkQueueMetrics;
}

/**
 * A queue of keys with the semantics of client-go's workqueue: a key waits at most once, is never worked on by two
 * workers at a time, and one added while it is worked on is queued again, once, when that work is done.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #limiter: RateLimiter;
  readonly #metrics: WorkQueueMetrics | undefined;
  /** In order of arrival. Each is dirty and not being worked on. */
  readonly #ready = new Set<string>();
  /** All keys that need work, with the time they were first added since the last work. */
  readonly #dirty = new Map<string, number>();
  /** Keys being worked on, with the start. */
  readonly #processing = new Map<string, number>();
  readonly #delayed = new DelayHeap();
  #timer: { readonly at: number; readonly controller: AbortController } | undefined;
  #getters: ((key: string | undefined) => void)[] = [];
  #idle: (() => void)[] = [];
  #shutDown = false;

  constructor({ clock, rateLimiter, metrics }: WorkQueueOptions) {
    this.#clock = clock;
    this.#limiter = rateLimiter ?? new ControllerRateLimiter(clock.monotonic());
    this.#metrics = metrics;
  }

  /** `workqueue_depth`: keys ready to be taken. */
  get depth(): number {
    return this.#ready.size;
  }

  /** `workqueue_unfinished_work_seconds` */
  get unfinishedWorkSeconds(): number {
    const now = this.#clock.monotonic();
    return [...this.#processing.values()].reduce((sum, start) => sum + (now - start) / 1000, 0);
  }

  /** `workqueue_longest_running_processor_seconds` */
  get longestRunningProcessorSeconds(): number {
    const now = this.#clock.monotonic();
    return [...this.#processing.values()].reduce(
      (longest, start) => Math.max(longest, (now - start) / 1000),
      0,
    );
  }

  /** The key needs work. Ignored after shutdown. */
  add(key: string): void {
    if (this.#shutDown || this.#dirty.has(key)) return;
    this.#metrics?.added();
    this.#dirty.set(key, this.#clock.monotonic());
    if (!this.#processing.has(key)) this.#offer(key);
  }

  /** The key needs work after a while, in ms. If it already waits, the sooner time holds. */
  addAfter(key: string, ms: number): void {
    if (this.#shutDown) return;
    if (ms <= 0) {
      this.add(key);
      return;
    }
    this.#delayed.add(key, this.#clock.monotonic() + ms);
    this.#schedule();
  }

  /** The work failed: try again when the rate limiter says so. */
  addRateLimited(key: string): void {
    if (this.#shutDown) return;
    this.#metrics?.retried();
    this.addAfter(key, this.#limiter.when(key, this.#clock.monotonic()));
  }

  /** The rate limiter no longer counts the key's failures. */
  forget(key: string): void {
    this.#limiter.forget(key);
  }

  failures(key: string): number {
    return this.#limiter.failures(key);
  }

  /** The next key, when there is one; undefined once the queue is shut down and empty. Call `done` afterwards. */
  get(): Promise<string | undefined> {
    const [key] = this.#ready;
    if (key !== undefined) return Promise.resolve(this.#take(key));
    if (this.#shutDown) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#getters.push(resolve));
  }

  /** The work on a key that `get` gave is over, well or not. */
  done(key: string): void {
    const startedAt = this.#processing.get(key);
    if (startedAt === undefined) return;
    this.#metrics?.worked((this.#clock.monotonic() - startedAt) / 1000);
    this.#processing.delete(key);
    if (this.#dirty.has(key)) this.#offer(key);
    this.#checkIdle();
  }

  /** Takes nothing more in, drops what is delayed, and lets workers finish what is queued. */
  shutDown(): void {
    this.#shutDown = true;
    this.#delayed.clear();
    this.#timer?.controller.abort();
    const getters = this.#getters;
    this.#getters = [];
    for (const getter of getters) getter(undefined);
    this.#checkIdle();
  }

  /** As `shutDown`; resolves when nothing is queued and nothing is being worked on. */
  drain(): Promise<void> {
    const idle = new Promise<void>((resolve) => this.#idle.push(resolve));
    this.shutDown();
    return idle;
  }

  #offer(key: string): void {
    const getter = this.#getters.shift();
    if (getter === undefined) this.#ready.add(key);
    else getter(this.#take(key));
  }

  #take(key: string): string {
    const now = this.#clock.monotonic();
    this.#metrics?.waited((now - (this.#dirty.get(key) ?? now)) / 1000);
    this.#ready.delete(key);
    this.#dirty.delete(key);
    this.#processing.set(key, now);
    return key;
  }

  #checkIdle(): void {
    if (this.#ready.size > 0 || this.#processing.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Keeps one sleep going, until the soonest delayed key. */
  #schedule(): void {
    const at = this.#delayed.nextAt;
    if (at === undefined || (this.#timer !== undefined && this.#timer.at <= at)) return;
    this.#timer?.controller.abort();
    const timer = { at, controller: new AbortController() };
    this.#timer = timer;
    this.#clock.sleep(at - this.#clock.monotonic(), timer.controller.signal).then(
      () => {
        if (this.#timer === timer) this.#timer = undefined;
        this.#releaseDue();
      },
      // Aborted for a sooner key, or by shutdown.
      () => undefined,
    );
  }

  #releaseDue(): void {
    const now = this.#clock.monotonic();
    for (let key = this.#delayed.takeDue(now); key !== undefined; key = this.#delayed.takeDue(now))
      this.add(key);
    this.#schedule();
  }
}
