import type { Arrivals } from './arrivals.ts';
import type { Measurements } from './scaler.ts';

/** Nothing is measured from the end of tick `fromTick` - 1 until the end of tick `toTick` - 1. */
export interface Blackout {
  readonly fromTick: number;
  readonly toTick: number;
}

export interface MetricPathOptions {
  readonly arrivals: Arrivals;
  readonly tickSeconds: number;
  /** Age of the newest value when it can be read. */
  readonly ageSeconds: number;
  readonly blackouts: readonly Blackout[];
}

/**
 * How old the pods' own counters are for whoever reads them at each decision: new, but for the time that the slowest answer is
 * waited for, at most 6 s and mostly far less. An outage of the other metrics ends these too.
 */
export const SCRAPE_AGE_SECONDS = 5;

/**
 * What scalers can read: counters as they were `ageSeconds` ago, and means, which are differences of two counter
 * values; where one of the two was never measured, there is no mean.
 */
export class MetricPath implements Measurements {
  readonly #options: MetricPathOptions;
  readonly #ageTicks: number;
  /** Up to the start of each tick: core-ticks used, and slow requests. */
  readonly #cpu: Float64Array;
  readonly #slow: Float64Array;
  #untilTick = 0;
  #dark = false;

  /** @param counted by whom; what is recorded there can be read here too */
  constructor(options: MetricPathOptions, counted?: MetricPath) {
    this.#options = options;
    this.#ageTicks = Math.ceil(options.ageSeconds / options.tickSeconds);
    const { length } = options.arrivals.cumulative;
    this.#cpu = counted === undefined ? new Float64Array(length) : counted.#cpu;
    this.#slow = counted === undefined ? new Float64Array(length) : counted.#slow;
    this.advanceTo(0);
  }

  /** The same counters by another way, on which they are so old at most. */
  within(ageSeconds: number): MetricPath {
    const least = Math.min(ageSeconds, this.#options.ageSeconds);
    return new MetricPath({ ...this.#options, ageSeconds: least }, this);
  }

  /** Notes what happened in a tick: mean cores at work, and requests that were slow. */
  record(tick: number, cores: number, slowRequests: number): void {
    this.#cpu[tick + 1] = (this.#cpu[tick] ?? 0) + cores;
    this.#slow[tick + 1] = (this.#slow[tick] ?? 0) + slowRequests;
  }

  /** From now on answers as at the beginning of `tick`. */
  advanceTo(tick: number): void {
    const measured = tick - this.#ageTicks;
    const blackout = this.#blackoutAt(measured);
    this.#untilTick = blackout?.fromTick ?? measured;
    this.#dark = blackout !== undefined;
  }

  get until(): number {
    return this.#options.arrivals.startAt + this.#untilTick * this.#options.tickSeconds * 1000;
  }

  demand(seconds: number): number | undefined {
    const sum = this.#difference(this.#options.arrivals.cumulative, seconds);
    return sum === undefined ? undefined : sum / this.#options.tickSeconds;
  }

  cpu(seconds: number): number | undefined {
    return this.#difference(this.#cpu, seconds);
  }

  get requests(): number {
    return this.#options.arrivals.cumulative[this.#untilTick] ?? 0;
  }

  get slowRequests(): number {
    return this.#slow[this.#untilTick] ?? 0;
  }

  /** Mean growth of a counter for each of the last ticks, as many as make up `seconds`. */
  #difference(counter: Float64Array, seconds: number): number | undefined {
    const ticks = Math.max(1, Math.round(seconds / this.#options.tickSeconds));
    const from = this.#untilTick - ticks;
    if (this.#dark || from < 0 || this.#blackoutAt(from) !== undefined) return undefined;
    return ((counter[this.#untilTick] ?? 0) - (counter[from] ?? 0)) / ticks;
  }

  #blackoutAt(tick: number): Blackout | undefined {
    return this.#options.blackouts.find(({ fromTick, toTick }) => fromTick < tick && tick < toTick);
  }
}
