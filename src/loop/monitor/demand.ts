import type { MetricObservation, TargetView } from './observation.ts';
import { missing, type Reading } from './reading.ts';

/** A decrease needs readings from nine of ten ready pods (reliability: F30). */
export const MIN_COVERAGE = 0.9;

/** With less than half of the ready pods reporting, the total would be mostly invention. */
const MIN_COVERAGE_FOR_TOTAL = 0.5;

export interface Demand {
  /** Demand on the whole workload, in the metric's unit (cores, bytes, requests/s, …). */
  readonly total: Reading;
  /** Ready pods with a fresh reading ÷ ready pods, 0 … 1; 1 for metrics that are not per pod. */
  readonly coverage: number;
}

/** The workload's total demand with its quality; per-pod usage is extended from reporting to all ready pods. */
export function demandOf(observation: MetricObservation, target: TargetView): Demand {
  if (observation.type === 'Prometheus') {
    return { total: observation.total, coverage: observation.total.quality === 'Fresh' ? 1 : 0 };
  }
  if (observation.failure !== undefined) return { total: observation.failure, coverage: 0 };
  const ready = new Set(target.pods.filter((pod) => pod.ready && !pod.deleting).map((pod) => pod.name));
  if (ready.size === 0) return { total: missing('NoData', 'no pod of the target is ready'), coverage: 0 };
  let sum = 0;
  let reporting = 0;
  let oldest = Infinity;
  for (const { pod, reading } of observation.usage) {
    if (!ready.has(pod) || reading.quality !== 'Fresh') continue;
    sum += reading.value;
    reporting += 1;
    oldest = Math.min(oldest, reading.at);
  }
  const coverage = reporting / ready.size;
  if (coverage < MIN_COVERAGE_FOR_TOTAL) {
    return { total: missing('LowCoverage', `${reporting} of ${ready.size} ready pods report`), coverage };
  }
  const value = (sum / reporting) * ready.size;
  if (!Number.isFinite(value)) {
    return { total: missing('NotANumber', `the sum over ${reporting} pods is ${value}`), coverage };
  }
  return { total: { quality: 'Fresh', value, at: oldest }, coverage };
}
