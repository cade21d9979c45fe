import { queueTick, randomWait, type Physics, type QueueLoad } from './queue.ts';

/**
 * The queue of one workload through many equal ticks: `queueTick` with its backlog carried over, and with the
 * result of a tick without a line remembered, because arrivals that are counted repeat. The numbers are the same.
 */
export class TickQueue {
  /** Requests left waiting by the last tick. */
  backlog = 0;
  /** Of the last tick: mean number of replicas at work. */
  busyServers = 0;
  /** Of the last tick: arrivals that waited too long or were turned away, in requests. */
  slow = 0;
  /** Of the last tick: requests turned away. */
  dropped = 0;
  readonly #serviceRate: number;
  readonly #seconds: number;
  readonly #physics: Physics;
  /** Of the last tick, as it began. */
  #last = { arrivalRate: 0, servers: 0, backlog: 0 };
  /** For each number of servers, the slow share by the number of arrivals; NaN where it is not known yet. */
  readonly #shares: Float64Array[] = [];

  constructor(serviceRate: number, seconds: number, physics: Physics) {
    this.#serviceRate = serviceRate;
    this.#seconds = seconds;
    this.#physics = physics;
  }

  /** @param arrivalRate requests per second. @param servers a whole number. */
  advance(arrivalRate: number, servers: number): void {
    const seconds = this.#seconds;
    const capacity = servers * this.#serviceRate;
    const arrived = arrivalRate * seconds;
    this.#last.arrivalRate = arrivalRate;
    this.#last.servers = servers;
    this.#last.backlog = this.backlog;
    if (this.backlog === 0 && arrivalRate < capacity) {
      this.busyServers = Math.min(arrived, capacity * seconds) / (this.#serviceRate * seconds);
      this.slow = arrived * this.#calmShare(arrivalRate, servers);
      this.dropped = 0;
      return;
    }
    const outcome = queueTick(this.#lastLoad(), this.#physics);
    this.backlog = outcome.backlog;
    this.busyServers = outcome.busyServers;
    this.slow = outcome.slowShare * arrived;
    this.dropped = outcome.dropped;
  }

  /** Requests waiting or being served, as they are counted against memory: the mean of the last tick, or more at its end. */
  requestsInside(): number {
    const { inSystem, busyServers, backlog } = queueTick(this.#lastLoad(), this.#physics);
    return Math.max(inSystem, busyServers + backlog);
  }

  #lastLoad(): QueueLoad {
    return { ...this.#last, serviceRate: this.#serviceRate, seconds: this.#seconds };
  }

  /** Share of slow requests when nobody stood in line and capacity suffices. */
  #calmShare(arrivalRate: number, servers: number): number {
    const count = Math.round(arrivalRate * this.#seconds);
    if (count / this.#seconds !== arrivalRate) return this.#slowShare(arrivalRate, servers);
    const row = (this.#shares[servers] ??= this.#emptyRow(servers));
    const known = row[count] ?? NaN;
    if (known === known) return known;
    const share = this.#slowShare(arrivalRate, servers);
    row[count] = share;
    return share;
  }

  #slowShare(arrivalRate: number, servers: number): number {
    if (arrivalRate === 0) return 0;
    const wait = randomWait({ arrivalRate, servers, serviceRate: this.#serviceRate }, this.#physics);
    return wait.randomProbability * Math.exp(-wait.randomRate * this.#physics.waitThresholdSeconds);
  }

  #emptyRow(servers: number): Float64Array {
    return new Float64Array(Math.ceil(servers * this.#serviceRate * this.#seconds) + 1).fill(NaN);
  }
}
