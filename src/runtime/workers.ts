import type { Clock } from './clock.ts';
import type { WorkQueue } from './work-queue.ts';

/** What a reconciler says about the future of its key; nothing means: until something changes. */
export interface Result {
  readonly requeueAfterMs?: number;
}

/** Level-driven: given a key, looks at the world and does what is due. Idempotent. */
export type Reconcile = (key: string, signal: AbortSignal) => Promise<Result | undefined>;

/** Trying again cannot help until the object changes: the key is not retried. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/** One reconcile, for `controller_runtime_reconcile_total{result}` and `_time_seconds`. */
interface Reconciled {
  readonly key: string;
  /** controller-runtime's label values; `terminal_error` is counted there as an error as well. */
  readonly result: 'success' | 'requeue_after' | 'error' | 'terminal_error';
  readonly seconds: number;
  readonly error?: unknown;
}

export interface WorkersOptions {
  readonly queue: WorkQueue;
  /** `controller_runtime_max_concurrent_reconciles` */
  readonly concurrency: number;
  readonly reconcile: Reconcile;
  readonly clock: Clock;
  readonly observe: (reconciled: Reconciled) => void;
}

/**
 * Works the queue until it is shut down and empty. An exception concerns its key alone: it is reported, and the key
 * comes back when the rate limiter allows. The signal is passed on; it does not end the workers by itself.
 */
export async function runWorkers(options: WorkersOptions, signal: AbortSignal): Promise<void> {
  await Promise.all(Array.from({ length: options.concurrency }, () => work(options, signal)));
}

async function work(options: WorkersOptions, signal: AbortSignal): Promise<void> {
  const { queue } = options;
  for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
    try {
      options.observe(await reconcileOne(options, key, signal));
    } finally {
      queue.done(key);
    }
  }
}

async function reconcileOne(options: WorkersOptions, key: string, signal: AbortSignal): Promise<Reconciled> {
  const { queue, reconcile, clock } = options;
  const startedAt = clock.monotonic();
  const seconds = (): number => (clock.monotonic() - startedAt) / 1000;
  try {
    const after = (await reconcile(key, signal))?.requeueAfterMs;
    queue.forget(key);
    if (after === undefined) return { key, result: 'success', seconds: seconds() };
    queue.addAfter(key, after);
    return { key, result: 'requeue_after', seconds: seconds() };
  } catch (error) {
    if (error instanceof TerminalError) {
      queue.forget(key);
      return { key, result: 'terminal_error', seconds: seconds(), error };
    }
    queue.addRateLimited(key);
    return { key, result: 'error', seconds: seconds(), error };
  }
}
