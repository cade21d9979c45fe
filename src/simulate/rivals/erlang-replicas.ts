import { probabilityOfWaitBeyond } from '../../loop/plan/erlang-c.ts';
import type { ScalerContext } from '../scaler.ts';

/**
 * The least number of replicas with which a steady `rate` (requests per second) meets the objective: P(W > t) of
 * M/M/c at most the accepted share of slow requests; at most the upper bound.
 */
export function erlangReplicas(rate: number, { serviceRate, objective, bounds }: ScalerContext): number {
  let servers = Math.max(1, Math.ceil(rate / serviceRate));
  while (servers < bounds.maxReplicas) {
    const slow = probabilityOfWaitBeyond({ arrivalRate: rate, serviceRate, servers }, objective.waitSeconds);
    if (slow <= objective.slowShare) break;
    servers += 1;
  }
  return Math.min(servers, bounds.maxReplicas);
}
