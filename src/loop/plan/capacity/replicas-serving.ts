import { MAX_REPLICAS } from '../replica-arithmetic.ts';
import { exactSlowShare, type ServiceModel } from './service-model.ts';

/** "No request may be slow" is one in a million here: no queue can promise that none is. */
const LEAST_SHARE = 1e-6;

/** "All requests may be slow" still asks for a line that ends. */
const LARGEST_SHARE = 0.99;

/**
 * The smallest number of replicas whose share of slow requests stays within the objective at this demand: the floor
 * under every decision. Never falls with demand; 0 … 2^31−1, 0 for no demand at all; undefined for a demand that is not
 * known, which is not zero.
 * @param demand requests per second on the whole workload.
 * @param slowShare V*: accepted share of slow requests, 0 … 1.
 */
export function replicasServing(
  demand: number,
  service: ServiceModel,
  slowShare: number,
): number | undefined {
  if (!(demand >= 0) || Number.isNaN(slowShare)) return undefined;
  if (demand === 0) return 0;
  const allowed = Math.min(LARGEST_SHARE, Math.max(LEAST_SHARE, slowShare));
  const least = Math.floor(demand / service.requestsPerSecond);
  const serves = (replicas: number): boolean => exactSlowShare(replicas, demand, service) <= allowed;
  // Up to `low` replicas demand is at least their capacity: none of them serves.
  let low = least;
  let step = 1;
  while (low + step < MAX_REPLICAS && !serves(low + step)) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, MAX_REPLICAS);
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (serves(middle)) high = middle;
    else low = middle;
  }
  return Math.max(1, high);
}
