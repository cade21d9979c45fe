/** Closed: asks. Open: does not. HalfOpen: one trial is under way and decides. */
export type BreakerState = 'Closed' | 'Open' | 'HalfOpen';

export interface BreakerOptions {
  /** Failures in a row that open the breaker. */
  readonly failures: number;
  readonly pauseMs: number;
  readonly maxPauseMs: number;
}

/**
 * Circuit breaker (M. Nygard, Release It!): spares a failing server, and the callers the wait. Counts failures
 * in a row over all callers, so one policy's slow query cannot open it while the others' succeed.
 * The time and the random number (0 ≤ x < 1) are arguments.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  #trials = 0;
  #openUntil: number | undefined;
  #trialRunning = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  state(now: number): BreakerState {
    if (this.#openUntil === undefined) return 'Closed';
    return this.#trialRunning || now >= this.#openUntil ? 'HalfOpen' : 'Open';
  }

  /** Whether a request may go now. After the pause exactly one may; its outcome must be reported. */
  admit(now: number): boolean {
    if (this.#openUntil === undefined) return true;
    if (this.#trialRunning || now < this.#openUntil) return false;
    this.#trialRunning = true;
    return true;
  }

  /** ms until the next trial may go; 0 when nothing stands in the way. */
  waitMs(now: number): number {
    return this.#openUntil === undefined ? 0 : Math.max(0, this.#openUntil - now);
  }

  succeeded(): void {
    this.#failures = 0;
    this.#trials = 0;
    this.#openUntil = undefined;
    this.#trialRunning = false;
  }

  /** A request ended without telling anything about the server; after a trial the next caller may try. */
  abandoned(): void {
    this.#trialRunning = false;
  }

  failed(now: number, random: number): void {
    this.#failures += 1;
    const mayOpen = this.#trialRunning || this.#openUntil === undefined;
    if (!mayOpen || this.#failures < this.#options.failures) return;
    const pause = Math.min(this.#options.pauseMs * 2 ** this.#trials, this.#options.maxPauseMs);
    this.#trials += 1;
    this.#trialRunning = false;
    // Half of the pause is random: replicas of the operator must not come back in step.
    this.#openUntil = now + pause * (0.5 + random / 2);
  }
}
