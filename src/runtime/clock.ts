import { setTimeout as delay } from 'node:timers/promises';

/** Time as an argument: what runs for months must be testable in seconds. */
export interface Clock {
  /** Wall clock, ms since the epoch. It may jump; for what people read and other machines store. */
  now(): number;
  /** Steady ms since an arbitrary start. It also counts while the process is stopped, so it can measure leases. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

/** Uniform in [0, 1), as Math.random. */
export type Random = () => number;
