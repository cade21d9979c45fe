import { exactSlowShare, type ServiceModel } from './service-model.ts';

/** A hundred-thousandth of the capacity: finer than anybody reads. */
const HALVINGS = 17;

/**
 * The largest load that so many replicas serve with the accepted share of slow requests, per replica and second: what
 * an autoscaler with one target for each replica would be told. At none it is the load of one.
 * @param slowShare V*: accepted share of slow requests, 0 … 1.
 */
export function loadServed(replicas: number, service: ServiceModel, slowShare: number): number {
  const servers = Math.max(1, replicas);
  let low = 0;
  let high = service.requestsPerSecond;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = low + (high - low) / 2;
    if (exactSlowShare(servers, servers * middle, service) <= slowShare) low = middle;
    else high = middle;
  }
  return low;
}
