/** Saturating bound of replicas, so that an absurd demand maps to "many" and never overflows int32. */
const MAX_REPLICAS = 1_000_000;

export interface ForecastDemand {
  /** Upper quantile of the coming peak, in the metric's unit. */
  readonly upper: number;
  readonly capacityPerReplica: number;
  readonly currentReplicas: number;
  /** Relative dead band of a decrease, as HPA's tolerance: 0.1 is 10 %. */
  readonly tolerance: number;
}

/**
 * Replicas that carry the upper quantile of the coming peak. A decrease within the tolerance is not worth a
 * change; an increase is ordered at once, since it is the increase that comes too late.
 */
export function forecastReplicas({ upper, capacityPerReplica, currentReplicas, tolerance }: ForecastDemand): number {
  const wanted = Math.min(MAX_REPLICAS, Math.max(0, Math.ceil(upper / capacityPerReplica)));
  const ratio = upper / (currentReplicas * capacityPerReplica);
  return wanted < currentReplicas && ratio >= 1 - tolerance ? currentReplicas : wanted;
}
