import type { AnomalyState } from './anomaly-state.ts';
import { mergeLadders, type AlarmCounts } from './fleet/alarm-ladder.ts';
import { fleetThreshold, priorThreshold, seriesThreshold } from './fleet/alarm-threshold.ts';
import { MINUTE_MS } from './minute-means.ts';

const WEEK_MINUTES = (7 * 86_400_000) / MINUTE_MS;

/**
 * −log10 of the p-value from which a minute of this workload counts as unusual.
 * @param fleet what all workloads together have counted; left out where this one is alone
 * @throws RangeError when `falseAlarmsPerWeek` is not above 0.
 */
export function workloadThreshold(
  { ladder, signals }: Pick<AnomalyState, 'ladder' | 'signals'>,
  falseAlarmsPerWeek: number,
  fleet?: AlarmCounts,
): number {
  const watched = signals.filter((watch) => watch !== undefined).length;
  const budget = {
    falseAlarmsPerWeek,
    priorThreshold: priorThreshold(falseAlarmsPerWeek, Math.max(1, watched) * WEEK_MINUTES),
  };
  const own = mergeLadders([ladder]);
  return seriesThreshold(own, fleetThreshold(fleet ?? own, budget), budget);
}
