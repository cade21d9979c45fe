import {
  budgetThreshold,
  recallAtFalseRate,
  scoreAlarms,
  type AlarmScore,
  type ScoredSeries,
} from '../src/cli/evaluate/anomaly/score/alarm-budget.ts';
import {
  createAlarmLadder,
  mergeLadders,
  observeLadder,
} from '../src/loop/analyze/anomaly/fleet/alarm-ladder.ts';
import {
  ALARMS_PER_FALSE_ALARM,
  fleetThreshold,
  seriesThreshold,
} from '../src/loop/analyze/anomaly/fleet/alarm-threshold.ts';
import { SERVICE_DAY, SERVICE_STEP } from './anomaly-kpi-services.ts';
import type { Table } from './suite.ts';

/** False alarms in a week of one service. */
export const ACCEPTED = [0.5, 1, 3] as const;

/** One detector over all services. */
export type Fleet = readonly ScoredSeries[];

/** One threshold for all, from the weeks without labels of all of them. */
export function withFleetThreshold(fleet: Fleet, accepted: number): AlarmScore {
  const threshold = thresholdFor(fleet, accepted);
  return scoreAlarms(fleet, () => threshold, SERVICE_STEP);
}

/** Each with a threshold from its own weeks without labels. */
export function withOwnThresholds(fleet: Fleet, accepted: number): AlarmScore {
  return scoreAlarms(fleet, (series) => thresholdFor([series], accepted), SERVICE_STEP);
}

/** Each with a threshold from the weeks without labels of all the others. */
export function withOthersThreshold(fleet: Fleet, accepted: number): AlarmScore {
  const thresholds = fleet.map((_, held) =>
    thresholdFor(
      fleet.filter((_series, i) => i !== held),
      accepted,
    ),
  );
  return scoreAlarms(fleet, (_, i) => thresholds[i]!, SERVICE_STEP);
}

function thresholdFor(fleet: Fleet, accepted: number): number {
  return budgetThreshold(fleet, ALARMS_PER_FALSE_ALARM * accepted, SERVICE_STEP);
}

/** As in the loop: the ladder of each service, all of them merged each day, with the cap of each. */
export function withLadders(fleet: Fleet, accepted: number, priorThreshold: number): AlarmScore {
  const budget = { falseAlarmsPerWeek: accepted, priorThreshold };
  const ladders = fleet.map(() => createAlarmLadder());
  const thresholds = fleet.map(() => priorThreshold);
  const ratios = fleet.map(({ scores }) => new Float64Array(scores.length));
  for (let point = 0; point < fleet[0]!.scores.length; point++) {
    if (point % SERVICE_DAY === 0) {
      const ofFleet = fleetThreshold(mergeLadders(ladders), budget);
      ladders.forEach((ladder, i) => {
        thresholds[i] = seriesThreshold(mergeLadders([ladder]), ofFleet, budget);
      });
    }
    fleet.forEach(({ scores }, i) => {
      ratios[i]![point] = scores[point]! / thresholds[i]!;
      observeLadder(ladders[i]!, scores[point]!, SERVICE_STEP);
    });
  }
  return scoreAlarms(
    fleet.map((series, i) => ({ ...series, scores: ratios[i]! })),
    () => 1,
    SERVICE_STEP,
  );
}

/** Which of several detectors a service gets is chosen on the other services: by F1 at their threshold. */
export function chosenOnOthers(fleets: Readonly<Record<string, Fleet>>, accepted: number): AlarmScore {
  const names = Object.keys(fleets);
  const first = fleets[names[0]!]!;
  const chosen = first.map((_, held) => {
    const others = (name: string): Fleet => fleets[name]!.filter((_series, i) => i !== held);
    const f1 = names.map((name) => withFleetThreshold(others(name), accepted).f1);
    const best = names[f1.indexOf(Math.max(...f1))]!;
    return { series: fleets[best]![held]!, threshold: thresholdFor(others(best), accepted) };
  });
  return scoreAlarms(
    chosen.map(({ series }) => series),
    (_, i) => chosen[i]!.threshold,
    SERVICE_STEP,
  );
}

export function budgetTable(fleets: Readonly<Record<string, Fleet>>): Table {
  return {
    title: 'Threshold from weeks without labels: recall, false alarms a week of a service, F1',
    columns: [
      'detector',
      ...ACCEPTED.map((accepted) => `fleet, ${accepted} accepted`),
      'from other services, 1 accepted',
      'each its own, 1 accepted',
      'each its own, 3 accepted',
    ],
    rows: Object.entries(fleets).map(([name, fleet]) => [
      name,
      ...ACCEPTED.map((accepted) => cell(withFleetThreshold(fleet, accepted))),
      cell(withOthersThreshold(fleet, 1)),
      cell(withOwnThresholds(fleet, 1)),
      cell(withOwnThresholds(fleet, 3)),
    ]),
  };
}

/** What scores are worth when thresholds are no question. */
export function curveTable(fleets: Readonly<Record<string, Fleet>>): Table {
  return {
    title:
      'Threshold of all set with the labels in sight, to so many false alarms a week of a service: recall, F1',
    columns: ['detector', ...ACCEPTED.map(String)],
    rows: Object.entries(fleets).map(([name, fleet]) => {
      const { events, seriesWeeks } = scoreAlarms(fleet, () => Infinity, SERVICE_STEP);
      return [
        name,
        ...ACCEPTED.map((rate) => {
          const recall = recallAtFalseRate(fleet, rate, SERVICE_STEP);
          const f1 = (2 * recall * events) / (recall * events + rate * seriesWeeks + events);
          return `${recall.toFixed(2)}, ${f1.toFixed(2)}`;
        }),
      ];
    }),
  };
}

export function cell({ recall, falseAlarmsPerWeek, f1 }: AlarmScore): string {
  return `${recall.toFixed(2)}, ${falseAlarmsPerWeek.toFixed(2)}, ${f1.toFixed(2)}`;
}
