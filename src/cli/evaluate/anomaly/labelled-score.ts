import type { LabelledResult } from './anomaly-result.ts';
import type { ScoredRows } from './emit-rows.ts';
import { labelledRows, type Labels } from './read-labels.ts';
import { scoreAlarms } from './score/alarm-budget.ts';
import { NAB_PROFILES, type NabProfile } from './score/nab-rows.ts';
import { bestNabThreshold, nabScoreEach, nabSweep } from './score/nab-sweep.ts';
import { nabWindows, type NabWindow } from './score/nab-windows.ts';
import { vusPeriod } from './score/vus-period.ts';
import { vusPr } from './score/vus-pr.ts';

interface Labelled extends ScoredRows {
  readonly windows: readonly NabWindow[];
}

/** Volumes under the surface by name of the series, and what all of them together are worth. @throws InputError */
export function scoreLabelled(
  all: readonly ScoredRows[],
  labels: Labels,
): { readonly volumes: ReadonlyMap<string, number>; readonly result: LabelledResult } {
  const labelled = all.flatMap((each): Labelled[] => {
    const rows = labelledRows(labels, each.rows);
    return rows === undefined ? [] : [{ ...each, windows: nabWindows(each.rows.times.length, rows) }];
  });
  const volumes = new Map(labelled.map((each) => [each.rows.name, volumeOf(each)]));
  const known = [...volumes.values()].filter((volume) => !Number.isNaN(volume));
  return {
    volumes,
    result: {
      windows: labelled.reduce((sum, { windows }) => sum + windows.length, 0),
      nab: {
        standard: nabOf(labelled, NAB_PROFILES.standard),
        lowFalsePositives: nabOf(labelled, NAB_PROFILES.lowFalsePositives),
        lowFalseNegatives: nabOf(labelled, NAB_PROFILES.lowFalseNegatives),
      },
      nabBest: bestNabThreshold(sweepsOf(labelled, NAB_PROFILES.standard)).score,
      meanVusPr: known.length === 0 ? null : known.reduce((sum, volume) => sum + volume, 0) / known.length,
      ...alarmsOf(labelled),
    },
  };
}

function sweepsOf(labelled: readonly Labelled[], profile: NabProfile) {
  return labelled.map(({ scored, windows }) => nabSweep(scored.alarms, windows, profile));
}

function nabOf(labelled: readonly Labelled[], profile: NabProfile): number {
  return nabScoreEach(
    sweepsOf(labelled, profile),
    labelled.map(({ threshold }) => threshold),
  );
}

function volumeOf({ rows, scored, windows }: Labelled): number {
  const [values = new Float64Array()] = rows.columns;
  const known = values.map((value) => (Number.isNaN(value) ? 0 : value));
  return vusPr(scored.scores, windows, { window: vusPeriod(known) });
}

function alarmsOf(labelled: readonly Labelled[]): Pick<LabelledResult, 'recall' | 'falseAlarmsPerWeek'> {
  const totals = { events: 0, found: 0, falseAlarms: 0, weeks: 0 };
  for (const { rows, scored, windows, threshold } of labelled) {
    const series = { scores: scored.alarms, from: 0, split: 0, events: windows };
    const score = scoreAlarms([series], () => threshold, rows.stepSeconds);
    totals.events += score.events;
    totals.found += score.found;
    totals.falseAlarms += score.falseAlarms;
    totals.weeks += score.seriesWeeks;
  }
  return { recall: totals.found / totals.events, falseAlarmsPerWeek: totals.falseAlarms / totals.weeks };
}
