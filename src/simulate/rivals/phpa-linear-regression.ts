export interface TimedReplicas {
  /** Ms since the epoch. */
  readonly at: number;
  readonly replicas: number;
}

/** Rounding of the regression must not become a replica: on paper a constant history stays what it is. */
const ROUNDING = 1e-9;

/** The next whole number, less what is rounding. */
export function ceilReplicas(value: number): number {
  return Math.ceil(value - ROUNDING);
}

/**
 * Ordinary least squares through a history of replicas, at the time `at`, rounded up (PHPA v0.13.2,
 * algorithms/linear_regression). A single value is its own prediction. Upstream's floating-point sums put most
 * constant histories a little above a whole number, and `ceil` makes one replica of it; that is left out here.
 */
export function linearPrediction(history: readonly TimedReplicas[], at: number): number {
  const count = history.length;
  let meanX = 0;
  let meanY = 0;
  for (const { at: time, replicas } of history) {
    meanX += (time - at) / count;
    meanY += replicas / count;
  }
  let covariance = 0;
  let variance = 0;
  for (const { at: time, replicas } of history) {
    covariance += (time - at - meanX) * (replicas - meanY);
    variance += (time - at - meanX) ** 2;
  }
  return ceilReplicas(variance === 0 ? meanY : meanY - (covariance / variance) * meanX);
}
