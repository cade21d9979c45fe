import type { DayOutlook } from './day-outlook.ts';

/** What the replicas of one UTC day cost, in the currency of the price; the interval holds it with 80 %. */
export interface DayCost {
  readonly day: number;
  readonly cost: number;
  readonly lower: number;
  readonly upper: number;
}

const HOURS = 24;

/** @param replicaHourPrice of one replica for one hour */
export function costOfDays(replicas: readonly DayOutlook[], replicaHourPrice: number): readonly DayCost[] {
  const factor = HOURS * replicaHourPrice;
  return replicas.map(({ day, mean, lower, upper }) => ({
    day,
    cost: factor * mean,
    lower: factor * lower,
    upper: factor * upper,
  }));
}
