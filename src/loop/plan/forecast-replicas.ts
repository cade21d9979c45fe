import { saturatingCeil, withinTolerance, type Tolerance } from './replica-arithmetic.ts';

export interface ForecastDemand {
  /** Upper quantile of the coming peak, in the metric's unit. */
  readonly upper: number;
  readonly capacityPerReplica: number;
  readonly currentReplicas: number;
  readonly tolerance: Tolerance;
}

/** Replicas that carry the upper quantile of the coming peak, with HPA's dead band round the current count. */
export function forecastReplicas({
  upper,
  capacityPerReplica,
  currentReplicas,
  tolerance,
}: ForecastDemand): number {
  const wanted = saturatingCeil(upper / capacityPerReplica);
  if (currentReplicas === 0) return wanted;
  const ratio = upper / (currentReplicas * capacityPerReplica);
  return withinTolerance(ratio, tolerance) ? currentReplicas : wanted;
}
