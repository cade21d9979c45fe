import { parseQuantity } from '../../api/quantity.ts';
import type { Predictions } from '../../api/status/prediction.ts';
import { amount, unitOf } from '../predictions/units.ts';

type ResourcePrediction = Predictions['resources'][number];

/** The week ahead in a line: the highest peak of each resource, and what it costs together. */
export function predictionText({ resources, historyDays }: Predictions): string {
  const known = resources.map(resourceText).filter((text) => text !== undefined);
  const missing = resources.flatMap(({ resource, days }) => (days === undefined ? [resource] : []));
  const absent = missing.length === 0 ? [] : [`no forecast of ${missing.join(', ')}`];
  return `${[...known, ...absent].join('; ')} (by ${historyDays} days of history)`;
}

function resourceText({ resource, days = [], confidence }: ResourcePrediction): string | undefined {
  if (days.length === 0) return undefined;
  const reliance = confidence === undefined ? '' : `, confidence ${confidence}`;
  if (resource === 'cost') {
    const sum = days.reduce((total, { mean }) => total + parseQuantity(mean), 0);
    return `cost ${amount(sum, unitOf('cost', sum))} in ${days.length} days${reliance}`;
  }
  const top = days
    .map(({ date, peak, mean }) => ({ date, peak: parseQuantity(peak ?? mean) }))
    .reduce((highest, day) => (day.peak > highest.peak ? day : highest));
  const unit = unitOf(resource, top.peak);
  const named = resource === 'replicas' ? '' : `${resource} `;
  return `${named}up to ${amount(top.peak, unit)} ${unit.name} on ${top.date}${reliance}`;
}
