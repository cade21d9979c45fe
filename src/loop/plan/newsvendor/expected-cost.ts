import { slowShareOf, type ServiceModel } from '../capacity/service-model.ts';

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
  let slow = 0;
  for (let i = 0; i < demands.length; i++) {
    const demand = margin * (demands[i] ?? 0);
    slow += (weights[i] ?? 0) * demand * lossShare(replicas, demand, service);
  }
  return (penalty / service.requestsPerSecond) * slow;
}

/**
 * Expected rate of slow requests, per second: `expectedLoss` without the price, and with no request slow more than once.
 */
export function expectedSlowRate(replicas: number, problem: Omit<CapacityProblem, 'penalty'>): number {
  const { demands, weights, margin, service } = problem;
  let slow = 0;
  for (let i = 0; i < demands.length; i++) {
    const demand = margin * (demands[i] ?? 0);
    slow += (weights[i] ?? 0) * demand * Math.min(1, lossShare(replicas, demand, service));
  }
  return slow;
}

function lossShare(replicas: number, demand: number, service: ServiceModel): number {
  const capacity = replicas * service.requestsPerSecond;
  const utilization = demand / capacity;
  if (utilization >= OVERLOAD) return 1 + OVERLOAD_SLOPE * (utilization - OVERLOAD);
  if ((capacity - demand) * service.waitSeconds > NEGLIGIBLE) return 0;
  return slowShareOf(replicas, demand, service);
}
