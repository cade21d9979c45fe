import type { PolicyStatus } from '../../../api/policy-status.ts';
import type { Predictions } from '../../../api/status/prediction.ts';
import { clip, MAX_MESSAGE_LENGTH } from '../../../api/schema/text.ts';
import type { DayCost } from '../../../loop/analyze/outlook/cost.ts';
import type { DayOutlook } from '../../../loop/analyze/outlook/day-outlook.ts';
import type { DailyOutlook } from '../../../loop/analyze/outlook/outlook.ts';
import { quantityText } from '../status/quantity-text.ts';

export type ResourcePrediction = Predictions['resources'][number];
type Resource = ResourcePrediction['resource'];
type Quality = Pick<ResourcePrediction, 'confidence' | 'accuracyPercent' | 'coveragePercent'>;

export function resourcePrediction(resource: Resource, outlook: DailyOutlook): ResourcePrediction {
  return { resource, ...qualityOf(outlook), days: outlook.days.map(dayPrediction) };
}

/** Good as the replicas' that it follows from. */
export function costPrediction(replicas: DailyOutlook, costs: readonly DayCost[]): ResourcePrediction {
  const days = costs.map(({ day, cost, lower, upper }) => ({
    date: dateText(day),
    mean: quantityText(cost),
    lower: quantityText(lower),
    upper: quantityText(upper),
  }));
  return { resource: 'cost', ...qualityOf(replicas), days };
}

export function absentPrediction(resource: Resource, reason: string): ResourcePrediction {
  return { resource, message: clip(reason, MAX_MESSAGE_LENGTH) };
}

/** What was made before stays until there is something newer: an operator that starts anew has nothing at first. */
export function withPredictions(
  observed: PolicyStatus,
  previous: PolicyStatus,
  made: Predictions | undefined,
): PolicyStatus {
  const workloads = (observed.workloads ?? []).map((workload) => {
    const predictions = made ?? previous.workloads?.find(({ uid }) => uid === workload.uid)?.predictions;
    return predictions === undefined ? workload : { ...workload, predictions };
  });
  return observed.workloads === undefined ? observed : { ...observed, workloads };
}

function dayPrediction({
  day,
  mean,
  lower,
  upper,
  peak,
  peakUpper,
}: DayOutlook): NonNullable<ResourcePrediction['days']>[number] {
  return {
    date: dateText(day),
    mean: quantityText(mean),
    lower: quantityText(lower),
    upper: quantityText(upper),
    peak: quantityText(peak),
    peakUpper: quantityText(peakUpper),
  };
}

function qualityOf({ confidence, weeks }: DailyOutlook): Quality {
  if (weeks.length === 0) return { confidence };
  const percent = (of: 'accuracy' | 'coverage'): number =>
    Math.round((100 * weeks.reduce((sum, week) => sum + week[of], 0)) / weeks.length);
  return { confidence, accuracyPercent: percent('accuracy'), coveragePercent: percent('coverage') };
}

/** @param day counted from the epoch */
function dateText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
