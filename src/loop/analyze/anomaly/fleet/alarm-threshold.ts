import { RUNGS, type AlarmCounts } from './alarm-ladder.ts';

export interface AlarmBudget {
  /** False alarms that are accepted in a week of one series; above 0. */
  readonly falseAlarmsPerWeek: number;
  /** Score that is used until there is evidence of a week. */
  readonly priorThreshold: number;
}

/**
 * Nobody labels alarms, so what is counted are all of them, and some are true. Where labels were looked at afterwards, 2.5
 * alarms a week in recorded weeks with incidents were .6 false ones in the weeks after (services of many metrics).
 */
export const ALARMS_PER_FALSE_ALARM = 2.5;
/** Live, most weeks have no incident at all, and two thirds of what is counted come again: this holds the promise there too. */
const ALARMS_PER_FALSE_ALARM_LIVE = 1.5;
const LEAST_WEEKS = 1;
/** Lower ones are not counted. */
const LOWEST_THRESHOLD = RUNGS[0] ?? 0;
/** A series may have this many times the budget of all: one that is noisy is quieted alone, not by deafening all others. */
const SERIES_CAP = 4;

/**
 * Where nobody knows yet how often which p-value comes, they are taken at their word: of so many, no more than
 * `falseAlarmsPerWeek` are as small by chance, whatever they have to do with each other (Bonferroni). Alarms are fewer, because
 * a surprise lasts for minutes and shows in several signals: room for p-values that are somewhat too small.
 * @param pValuesPerWeek how many are looked at
 */
export function priorThreshold(falseAlarmsPerWeek: number, pValuesPerWeek: number): number {
  return Math.max(LOWEST_THRESHOLD, Math.log10(pValuesPerWeek / falseAlarmsPerWeek));
}

/**
 * One threshold for all series: the lowest at which, and above which everywhere, their alarms in the weeks counted hold
 * the budget. What a threshold for each series would spend on quiet ones, it leaves to those where something happens.
 * @throws RangeError when the budget is not above 0.
 */
export function fleetThreshold(fleet: AlarmCounts, budget: AlarmBudget): number {
  const accepted = acceptedPerWeek(budget);
  if (fleet.seriesWeeks < LEAST_WEEKS) return budget.priorThreshold;
  return lowestHolding(fleet, accepted * fleet.seriesWeeks);
}

/** Threshold of one series: that of the fleet, or a higher one at which the series alone holds its cap. */
export function seriesThreshold(own: AlarmCounts, ofFleet: number, budget: AlarmBudget): number {
  const cap = SERIES_CAP * acceptedPerWeek(budget) * Math.max(LEAST_WEEKS, own.seriesWeeks);
  return Math.max(ofFleet, lowestHolding(own, cap));
}

/** The ladder's top where not even that holds it. */
function lowestHolding({ alarms }: AlarmCounts, accepted: number): number {
  let rung = RUNGS.length - 1;
  // From above: far down, alarms run into each other and are few again.
  while (rung > 0 && (alarms[rung - 1] ?? 0) <= accepted) rung--;
  return RUNGS[rung] ?? Infinity;
}

function acceptedPerWeek({ falseAlarmsPerWeek }: AlarmBudget): number {
  if (falseAlarmsPerWeek > 0) return ALARMS_PER_FALSE_ALARM_LIVE * falseAlarmsPerWeek;
  throw new RangeError(`falseAlarmsPerWeek is ${falseAlarmsPerWeek}; it must be above 0, as 1 or 0.5`);
}
