import type { Clock } from '../../src/runtime/clock.ts';

interface Sleeper {
  readonly at: number;
  readonly ms: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #elapsed = 0;
  readonly #start: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  /** The lengths of the sleeps now going on, in ms, in the order of their ends. */
  get sleeping(): number[] {
    return [...this.#sleepers].sort((a, b) => a.at - b.at).map((sleeper) => sleeper.ms);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#sleepers.delete(sleeper);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason is the caller's own
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        at: this.#elapsed + ms,
        ms,
        wake: () => {
          signal?.removeEventListener('abort', abort);
          this.#sleepers.delete(sleeper);
          resolve();
        },
      };
      if (signal?.aborted === true) {
        abort();
        return;
      }
      signal?.addEventListener('abort', abort, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** Moves time on, waking sleepers in their order; what they do next happens at their own time. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await settle();
    for (;;) {
      const [next] = [...this.#sleepers].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.wake();
      await settle();
    }
    this.#elapsed = end;
    await settle();
  }

  /** Moves time without letting anyone run: what a stopped process finds when it wakes. */
  jump(ms: number): void {
    this.#elapsed += ms;
  }
}

/** Lets all promises that can settle do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
