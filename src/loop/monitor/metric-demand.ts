import type { MetricSpec } from '../../api/policy-spec.ts';
import { correctedUsage } from './corrected-usage.ts';
import { demandOf, type Demand } from './demand.ts';
import type { MetricObservation, Observation, TargetView } from './observation.ts';
import { missing } from './reading.ts';
import type { WorkloadSignals } from './signals.ts';
import { observeWarmup, warmupSeconds, withoutWarmup, type WarmupEstimate } from './startup-cpu.ts';

/**
 * The demand that one metric tells of. CPU is told as the load behind it: without what young pods spend on their own
 * start, and with what their quota held back. The arithmetic of an HPA reads the pods' usage as it is.
 */
export function metricDemand(
  metric: MetricSpec,
  measured: MetricObservation | undefined,
  target: TargetView,
  { warmup, signals }: { readonly warmup: WarmupEstimate; readonly signals: Observation['signals'] },
): Demand {
  if (measured === undefined) return { total: missing('NoData', 'not measured yet'), coverage: 0 };
  if (measured.type !== 'Resource' || metric.resource?.name !== 'cpu') return demandOf(measured, target);
  observeWarmup(warmup, target.pods, measured.usage);
  const usage = withoutWarmup(measured.usage, target.pods, warmupSeconds(warmup));
  return unthrottled(demandOf({ ...measured, usage }, target), target, signals);
}

function unthrottled(demand: Demand, target: TargetView, signals: WorkloadSignals | undefined): Demand {
  const { total } = demand;
  const throttled = signals?.cpuThrottledShare;
  if (total.quality !== 'Fresh' || throttled?.quality !== 'Fresh') return demand;
  const value = correctedUsage(total.value, throttled.value, cpuLimit(target));
  return value === total.value ? demand : { ...demand, total: { ...total, value } };
}

/** Cores that the ready pods may use together; undefined when one of them has no limit. */
function cpuLimit({ pods }: TargetView): number | undefined {
  let sum = 0;
  for (const { ready, deleting, limits } of pods) {
    if (!ready || deleting) continue;
    if (limits?.cpu === undefined) return undefined;
    sum += limits.cpu;
  }
  return sum;
}
