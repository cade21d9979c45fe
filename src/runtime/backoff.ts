import type { Random } from './clock.ts';

interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly factor: number;
  /** After so long without a failure the next one counts as the first. */
  readonly resetAfterMs: number;
}

/** The figures of client-go's reflector (tools/cache/reflector.go). */
export const REFLECTOR_BACKOFF: BackoffOptions = {
  initialMs: 800,
  maxMs: 30_000,
  factor: 2,
  resetAfterMs: 120_000,
};

/**
 * Exponential backoff with full jitter: each wait is uniform between 0 and a bound that doubles. Of the usual
 * variants it spreads many clients best after a common outage (M. Brooker, "Exponential Backoff And Jitter", 2015).
 */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #random: Random;
  #bound: number;
  #failedAt: number | undefined;

  constructor(options: BackoffOptions, random: Random) {
    this.#options = options;
    this.#random = random;
    this.#bound = options.initialMs;
  }

  /** Records a failure at `now` (steady ms). Returns how long to wait, in ms. */
  next(now: number): number {
    const { initialMs, maxMs, factor, resetAfterMs } = this.#options;
    if (this.#failedAt !== undefined && now - this.#failedAt > resetAfterMs) this.#bound = initialMs;
    const wait = this.#random() * this.#bound;
    this.#bound = Math.min(maxMs, this.#bound * factor);
    this.#failedAt = now + wait;
    return wait;
  }
}
