import type { Prediction } from './prediction.ts';
import { total, type AbsentResource, type Range, type ResourceView, type Span } from './resource-view.ts';

const UNITS: Readonly<Record<ResourceView['resource'], string>> = {
  cpu: 'cores',
  memory: 'bytes',
  network: 'bytes per second',
  replicas: 'replicas',
  cost: 'currency of replicaHourPrice',
};

/** For programs: everything, in base units, days and hours. */
export function predictionDocument({ policy, target, from, historyDays, resources }: Prediction): unknown {
  return { policy, target, from: iso(from), historyDays, resources: resources.map(resourceDocument) };
}

function resourceDocument(view: ResourceView | AbsentResource): unknown {
  if ('absent' in view) return view;
  const { resource, confidence, weeks, days, hours } = view;
  return {
    resource,
    unit: UNITS[resource],
    confidence,
    pastWeeks: weeks.map(({ firstHour, accuracy, coverage, skill }) => ({
      from: iso(firstHour * 3_600_000),
      accuracy: digits(accuracy),
      coverage: digits(coverage),
      ...(skill === undefined ? {} : { skill: digits(skill) }),
    })),
    ...(resource === 'cost' ? { total: range(total(days)) } : {}),
    days: days.map((day) => ({ date: iso(day.at).slice(0, 10), ...spanDocument(day) })),
    hours: hours.map((hour) => ({ hour: iso(hour.at), ...spanDocument(hour) })),
  };
}

function spanDocument({ mean, peak }: Span): { mean: Range; peak?: Range } {
  return { mean: range(mean), ...(peak === undefined ? {} : { peak: range(peak) }) };
}

function range({ median, lower, upper }: Range): Range {
  return { median: digits(median), lower: digits(lower), upper: digits(upper) };
}

/** Four are more than a forecast knows. */
function digits(value: number): number {
  return Number.parseFloat(value.toPrecision(4));
}

function iso(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
