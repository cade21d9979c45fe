import { parseQuantity } from '../api/quantity.ts';
import type { AnomalyState } from './analyze/anomaly/anomaly-state.ts';
import { observeAnomalies, type AnomalyReport } from './analyze/anomaly/observe-anomalies.ts';
import { workloadThreshold } from './analyze/anomaly/workload-threshold.ts';
import type { Environment } from './event.ts';
import type { FeatureInputs } from './monitor/features/inputs.ts';
import type { Monitoring } from './monitor/monitor.ts';

/**
 * After pods were replaced, caches are cold and latencies high: nothing of that is news, nor a measure of what is usual, for
 * twice as long as nine of ten starts take, and until usual queries have forgotten it.
 */
const SETTLING_STARTUPS = 2;
const SETTLING_SECONDS = { least: 120, most: 600 };

interface TickInputs extends FeatureInputs {
  readonly monitoring: Monitoring;
  readonly features: Float32Array;
}

/** What is unusual at this tick; undefined when the policy does not want to know. */
export function tickAnomalies(
  state: AnomalyState,
  inputs: TickInputs,
  env: Environment,
): AnomalyReport | undefined {
  const { mode, falseAlarmsPerWeek } = env.policy.spec.anomaly;
  if (mode === 'Disabled') return undefined;
  const { target, monitoring, now } = inputs;
  const { least, most } = SETTLING_SECONDS;
  const settlingSeconds = Math.min(most, Math.max(least, SETTLING_STARTUPS * monitoring.startup.seconds));
  const settling = now - (target.revisionChangedAt ?? -Infinity) < 1000 * settlingSeconds;
  return observeAnomalies(state, {
    ...inputs,
    threshold: () => workloadThreshold(state, parseQuantity(falseAlarmsPerWeek), env.fleetAnomalies?.counts),
    suppressed: target.rolloutInProgress || settling || env.policy.expectedUntil > now,
    suffering: monitoring.objectiveViolated === true,
    holds: mode === 'Hold',
    fleet: env.fleetAnomalies,
    cost: env.unusualCost,
  });
}
