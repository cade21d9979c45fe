import { TokenBucket } from '../adapters/kubernetes/token-bucket.ts';

/** How long a key that failed waits before it is tried again. */
export interface RateLimiter {
  /** Counts a failure of the key at `now` (steady ms); returns the wait in ms. */
  when(key: string, now: number): number;
  /** The key succeeded, or nobody will try it again. */
  forget(key: string): void;
  /** Failures since the last `forget`. */
  failures(key: string): number;
}

const BASE_DELAY_MS = 5;
const MAX_DELAY_MS = 1_000_000;
const OVERALL_PER_SECOND = 10;
const OVERALL_BURST = 100;

/**
 * The larger of an exponential delay per key (5 ms doubling to 1000 s) and an overall bucket (10 a second, 100 at
 * once): client-go's DefaultTypedControllerRateLimiter (util/workqueue/default_rate_limiters.go).
 */
export class ControllerRateLimiter implements RateLimiter {
  readonly #failures = new Map<string, number>();
  readonly #overall: TokenBucket;

  constructor(now: number) {
    this.#overall = new TokenBucket(OVERALL_PER_SECOND, OVERALL_BURST, now);
  }

  when(key: string, now: number): number {
    const failures = this.failures(key);
    this.#failures.set(key, failures + 1);
    const own = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** failures);
    return Math.max(own, this.#overall.reserve(now));
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }

  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }
}
