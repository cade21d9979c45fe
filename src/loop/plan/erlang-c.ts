/** A stationary M/M/c queue: Poisson arrivals, exponential service, one line for `servers` equal servers. */
export interface Station {
  /** λ, requests per second. */
  readonly arrivalRate: number;
  /** μ, requests per second that one server completes. */
  readonly serviceRate: number;
  /** c, a whole number, at least 1. */
  readonly servers: number;
}

/**
 * Erlang's C formula: the probability that a request has to wait, 0 … 1; 1 when the load is c servers or more.
 * The recurrence of Erlang's B formula stays within [0, 1] at each step, so thousands of servers neither overflow
 * nor cancel (Cooper, Introduction to Queueing Theory, §3.4).
 * @param offeredLoad a = λ/μ, in servers.
 */
export function probabilityOfWait(servers: number, offeredLoad: number): number {
  if (!Number.isSafeInteger(servers) || servers < 1) {
    throw new RangeError(`servers must be a whole number of at least 1, found ${servers}`);
  }
  if (!(offeredLoad >= 0)) throw new RangeError(`offered load must not be negative, found ${offeredLoad}`);
  if (offeredLoad >= servers) return 1;
  let blocking = 1;
  for (let k = 1; k <= servers; k += 1) {
    blocking = (offeredLoad * blocking) / (k + offeredLoad * blocking);
  }
  return blocking / (1 - (offeredLoad / servers) * (1 - blocking));
}

/** P(wait > seconds) = C(c, a) · e^−(cμ−λ)·seconds; 1 for a station whose load is its capacity or more. */
export function probabilityOfWaitBeyond(station: Station, seconds: number): number {
  const spare = spareRate(station);
  if (spare <= 0) return 1;
  const { servers, arrivalRate, serviceRate } = station;
  return probabilityOfWait(servers, arrivalRate / serviceRate) * Math.exp(-spare * seconds);
}

/** Mean time in the queue before service, seconds: C(c, a) ÷ (cμ − λ); Infinity when overloaded. */
export function meanWait(station: Station): number {
  const spare = spareRate(station);
  if (spare <= 0) return Infinity;
  return probabilityOfWait(station.servers, station.arrivalRate / station.serviceRate) / spare;
}

/** cμ − λ: the rate at which a queue drains, and of the exponential tail of its waits. */
function spareRate({ arrivalRate, serviceRate, servers }: Station): number {
  return servers * serviceRate - arrivalRate;
}
