import { tabulatedProbabilityOfWait } from './waiting-table.ts';

/** What a replica completes, and when a request has waited too long. */
export interface ServiceModel {
  /** μ: requests per second that one replica completes. */
  readonly requestsPerSecond: number;
  /** A request that waits longer than this many seconds is slow. */
  readonly waitSeconds: number;
}

/** Uncertain demand for one stretch of time, and what a slow request is worth: the newsvendor's problem. */
export interface CapacityProblem {
  /** Possible demands in requests per second, none negative, and the probability that each stands for. */
  readonly demands: Float64Array;
  readonly weights: Float64Array;
  /** Factor on all demands: a margin for what the service model does not know. */
  readonly margin: number;
  /** Λ: what a replica's full load of slow requests costs, in replicas. */
  readonly penalty: number;
  readonly service: ServiceModel;
}

/** From here on a queue is counted as overloaded: the stationary wait would take longer to form than the load lasts. */
const OVERLOAD = 0.99;

/**
 * Growth of the loss with overload. Above 1, because a backlog also delays the requests that come after it; 1 met the
 * objective on fewer of the measured traces, 0 on two thirds of them.
 */
const OVERLOAD_SLOPE = 2;

/** e^-40 of a request. */
const NEGLIGIBLE = 40;

/**
 * Cost of `replicas` for that stretch, in replicas: their own number and Λ/μ × the expected rate of slow requests.
 * A request is slow with Erlang's probability of a wait beyond the threshold, above capacity with 1 and more.
 */
export function expectedCost(replicas: number, problem: CapacityProblem): number {
  return replicas + expectedLoss(replicas, problem);
}

/** The second part of `expectedCost`; it never rises with replicas. */
export function expectedLoss(replicas: number, problem: CapacityProblem): number {
  const { demands, weights, margin, penalty, service } = problem;
  const capacity = replicas * service.requestsPerSecond;
  let slow = 0;
  for (let i = 0; i < demands.length; i++) {
    const demand = margin * (demands[i] ?? 0);
    slow += (weights[i] ?? 0) * demand * slowShare(replicas, demand, capacity, service.waitSeconds);
  }
  return (penalty / service.requestsPerSecond) * slow;
}

function slowShare(replicas: number, demand: number, capacity: number, waitSeconds: number): number {
  const utilization = demand / capacity;
  if (utilization >= OVERLOAD) return 1 + OVERLOAD_SLOPE * (utilization - OVERLOAD);
  // P(wait > t) = C(n, a) · e^−(nμ−λ)t.
  const decay = (capacity - demand) * waitSeconds;
  return decay > NEGLIGIBLE ? 0 : tabulatedProbabilityOfWait(replicas, utilization) * Math.exp(-decay);
}
