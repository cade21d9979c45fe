import { wholeTicks } from './ticks.ts';

const HOUR_SECONDS = 3600;

/** What one scaler cost and caused in each whole hour; the arrays are as long as each other. */
export interface HourTotals {
  readonly replicaSeconds: readonly number[];
  readonly slowRequests: readonly number[];
}

/** Adds up hours, for comparisons of two scalers in the same hour. */
export class Hours {
  readonly #tickSeconds: number;
  readonly #hourTicks: number;
  readonly #replicaSeconds: number[] = [];
  readonly #slowRequests: number[] = [];
  #ticks = 0;
  #existing = 0;
  #slow = 0;

  constructor(tickSeconds: number) {
    this.#tickSeconds = tickSeconds;
    this.#hourTicks = wholeTicks(HOUR_SECONDS, tickSeconds);
  }

  add({ existing, slowRequests }: { readonly existing: number; readonly slowRequests: number }): void {
    this.#ticks += 1;
    this.#existing += existing;
    this.#slow += slowRequests;
    if (this.#ticks % this.#hourTicks !== 0) return;
    this.#replicaSeconds.push(this.#existing * this.#tickSeconds);
    this.#slowRequests.push(this.#slow);
    this.#existing = this.#slow = 0;
  }

  /** An hour that has not ended is left out. */
  totals(): HourTotals {
    return { replicaSeconds: this.#replicaSeconds, slowRequests: this.#slowRequests };
  }
}
