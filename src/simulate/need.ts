import { randomWait } from './queue.ts';
import { physicsOf } from './service.ts';
import type { SimulationConfig } from './simulation-config.ts';

/** Halvings of a replica's capacity after which a limit is exact to 1e-11 of it. */
const HALVINGS = 40;
/** Requests per second; absorbs the rounding of a rate that is a limit itself. */
const TOLERANCE = 1e-9;

/**
 * n*(λ): how few replicas keep the share of slow requests within the objective at a steady rate of arrivals. What
 * one needs who knows the future and waits for no start: the denominator of every cost.
 */
export class ReplicaNeed {
  /** Largest rate, requests per second, that 1, 2, … replicas serve within the objective. */
  readonly #limits: Float64Array;
  readonly #least: number;

  constructor(config: SimulationConfig) {
    const { minReplicas, maxReplicas } = config.bounds;
    this.#least = Math.max(1, minReplicas);
    this.#limits = new Float64Array(Math.max(this.#least, maxReplicas));
    let before = 0;
    for (let index = 0; index < this.#limits.length; index += 1) {
      before = Math.max(before, largestRate(index + 1, config));
      this.#limits[index] = before;
    }
  }

  /** Replicas for `rate` requests per second, at least one and within the configured bounds. */
  at(rate: number): number {
    const limits = this.#limits;
    let low = this.#least - 1;
    let high = limits.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((limits[middle] ?? 0) >= rate - TOLERANCE) high = middle;
      else low = middle + 1;
    }
    return low + 1;
  }
}

function largestRate(servers: number, config: SimulationConfig): number {
  const physics = physicsOf(config);
  const serviceRate = config.service.requestsPerSecond;
  const meets = (arrivalRate: number): boolean => {
    const { randomProbability, randomRate } = randomWait({ arrivalRate, servers, serviceRate }, physics);
    return (
      randomProbability * Math.exp(-randomRate * physics.waitThresholdSeconds) <= config.objective.slowShare
    );
  };
  let low = 0;
  let high = servers * serviceRate * physics.maxUtilization;
  if (meets(high)) return high;
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if (meets(middle)) low = middle;
    else high = middle;
  }
  return low;
}
