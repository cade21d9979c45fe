import type { RecordedDecision, RecordedSeries } from './simulation-run.ts';

/** Collects what plots need, at the given steps. */
export class Recorder {
  readonly changes: RecordedDecision[] = [];
  readonly #stepTicks: number;
  readonly #tickSeconds: number;
  readonly #demand: Float32Array;
  readonly #replicas: Float32Array;
  readonly #slowShare: Float32Array;
  /** NaN while nothing is expected; absent in the result when nothing ever was. */
  readonly #bound: Float32Array;
  #expects = false;
  #requests = 0;
  #slow = 0;
  #most = 0;

  /** @param stepTicks ticks to a step. @param ticks of the whole simulation; the last step may be short. */
  constructor(stepTicks: number, ticks: number, tickSeconds: number) {
    this.#stepTicks = stepTicks;
    this.#tickSeconds = tickSeconds;
    const steps = Math.ceil(ticks / stepTicks);
    this.#demand = new Float32Array(steps);
    this.#replicas = new Float32Array(steps);
    this.#slowShare = new Float32Array(steps);
    this.#bound = new Float32Array(steps).fill(NaN);
  }

  /** What the scaler expects demand to stay below, requests per second; the largest of a step is kept. */
  expect(tick: number, bound: number | undefined): void {
    if (bound === undefined) return;
    this.#expects = true;
    const step = Math.floor(tick / this.#stepTicks);
    const before = this.#bound[step] ?? NaN;
    this.#bound[step] = Number.isNaN(before) ? bound : Math.max(before, bound);
  }

  add(tick: number, facts: { requests: number; slowRequests: number; replicas: number }): void {
    const within = tick % this.#stepTicks;
    if (within === 0) this.#requests = this.#slow = this.#most = 0;
    this.#requests += facts.requests;
    this.#slow += facts.slowRequests;
    this.#most = Math.max(this.#most, facts.replicas);
    const step = (tick - within) / this.#stepTicks;
    this.#demand[step] = this.#requests / ((within + 1) * this.#tickSeconds);
    this.#replicas[step] = this.#most;
    this.#slowShare[step] = this.#requests === 0 ? 0 : this.#slow / this.#requests;
  }

  series(): RecordedSeries {
    return {
      stepSeconds: this.#stepTicks * this.#tickSeconds,
      demand: this.#demand,
      replicas: this.#replicas,
      slowShare: this.#slowShare,
      ...(this.#expects ? { bound: this.#bound } : {}),
    };
  }
}
