import { unusable, type MetricResult } from './metric-result.ts';
import { saturatingCeil, withinTolerance, type Tolerance } from './replica-arithmetic.ts';

export interface ExternalReplicasInput {
  /** Demand on the whole workload. */
  readonly total: number;
  /** Demand that one replica is meant to carry, same unit. */
  readonly targetPerReplica: number;
  readonly currentReplicas: number;
  readonly tolerance: Tolerance;
}

/**
 * Replicas for a total with a target per replica: the HPA's External metric with `AverageValue` (kubernetes
 * v1.36.3 replica_calculator.go, GetExternalPerPodMetricReplicas). No pod is looked at: the total is served by
 * whoever is there.
 */
export function externalReplicas(input: ExternalReplicasInput): MetricResult {
  const { total, targetPerReplica, currentReplicas, tolerance } = input;
  if (!(targetPerReplica > 0)) return unusable('InvalidTarget', `target per replica is ${targetPerReplica}`);
  if (!Number.isFinite(total)) return unusable('NotANumber', `total is ${total}`);
  const wanted = Math.min(Number.MAX_VALUE, Math.max(0, total) / targetPerReplica);
  // Without replicas any load is beyond every target, and no load is 0 ÷ 0.
  const ratio = currentReplicas > 0 ? wanted / currentReplicas : wanted;
  const averageValue = currentReplicas > 0 ? total / currentReplicas : total;
  const measured = { usable: true, ratio, averageValue, coverage: 1 } as const;
  const terms = `${shorten(total)} ÷ ${shorten(targetPerReplica)}`;
  if (currentReplicas > 0 && withinTolerance(ratio, tolerance)) {
    return {
      ...measured,
      replicas: currentReplicas,
      detail: `${currentReplicas}: ${terms} is within the tolerance`,
    };
  }
  const replicas = saturatingCeil(wanted);
  return { ...measured, replicas, detail: `ceil(${terms}) = ${replicas}` };
}

/** Four significant digits, enough to follow the division by eye. */
function shorten(value: number): string {
  return String(Number(value.toPrecision(4)));
}
