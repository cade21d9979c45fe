import { tabulatedProbabilityOfWait } from '../newsvendor/waiting-table.ts';
import { waitingProbability } from './waiting-probability.ts';

/** What a replica completes, with how many workers, and when a request has waited too long. */
export interface ServiceModel {
  /** μ: requests per second that one replica completes when it is busy all the time. */
  readonly requestsPerSecond: number;
  /** k: requests that one replica works on at the same time, a whole number of at least 1. Each takes k/μ seconds. */
  readonly concurrency: number;
  /** A request that waits longer than this many seconds before its work begins is slow; 0 or more. */
  readonly waitSeconds: number;
}

/** What is known of a service. */
export interface ServiceTerms {
  readonly requestsPerSecond: number;
  readonly concurrency: number;
  /** Longest time in seconds that a good request takes, its work included. */
  readonly latencySeconds: number;
}

/** Up to so many servers the waits are read from a table. */
const TABULATED_SERVERS = 512;

/**
 * The queue that the terms describe; undefined when they describe none. The work of k/μ seconds is taken from the
 * latency: where it alone takes longer than is allowed, every request that waits at all is slow.
 */
export function serviceModel(terms: ServiceTerms): ServiceModel | undefined {
  const { requestsPerSecond, concurrency, latencySeconds } = terms;
  if (!(requestsPerSecond > 0 && requestsPerSecond < Infinity)) return undefined;
  if (!(concurrency >= 1 && concurrency < Infinity) || Number.isNaN(latencySeconds)) return undefined;
  const workers = Math.floor(concurrency);
  const waitSeconds = Math.max(0, latencySeconds - workers / requestsPerSecond);
  return { requestsPerSecond, concurrency: workers, waitSeconds };
}

/**
 * Share of the requests that wait too long, 0 … 1: P(W > t) = C(nk, λk/μ)·e^−(nμ−λ)t of an M/M/c queue with c = n·k
 * workers of μ/k each, one line for all; 1 from capacity on. Read from a table up to 512 workers, within 1e-4 of
 * `exactSlowShare`.
 * @param replicas n, a whole number, at least 1.
 * @param demand λ, requests per second, 0 or more.
 */
export function slowShareOf(replicas: number, demand: number, service: ServiceModel): number {
  const capacity = replicas * service.requestsPerSecond;
  if (demand >= capacity) return 1;
  const servers = replicas * service.concurrency;
  const utilization = demand / capacity;
  const waits =
    servers <= TABULATED_SERVERS
      ? tabulatedProbabilityOfWait(servers, utilization)
      : waitingProbability(servers, servers * utilization);
  return waits * Math.exp((demand - capacity) * service.waitSeconds);
}

/** As `slowShareOf`, by the formula. */
export function exactSlowShare(replicas: number, demand: number, service: ServiceModel): number {
  const capacity = replicas * service.requestsPerSecond;
  if (demand >= capacity) return 1;
  const servers = replicas * service.concurrency;
  return (
    waitingProbability(servers, servers * (demand / capacity)) *
    Math.exp((demand - capacity) * service.waitSeconds)
  );
}
