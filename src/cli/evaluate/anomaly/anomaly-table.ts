import { formatTable } from '../../table.ts';
import type { AnomalyResult } from './anomaly-result.ts';

/** A line for each series, and what the labels say after them. */
export function anomalyTable({ series, thresholds, labelled }: AnomalyResult): string {
  const header = ['SERIES', 'DETECTOR', 'ROWS', 'STEP', 'ALARMS', 'A WEEK', 'FIRST ALARM'];
  const rows = series.map(
    ({ name, detector, rows: count, stepSeconds, alarms, alarmsPerWeek, alarmTimes }) => [
      name,
      detector,
      String(count),
      `${stepSeconds}s`,
      String(alarms),
      alarmsPerWeek.toFixed(1),
      alarmTimes[0] ?? '-',
    ],
  );
  const used = Object.entries(thresholds).map(
    ([detector, threshold]) => `${detector} ${threshold.toFixed(2)}`,
  );
  const text = `${formatTable(header, rows)}\nThresholds: ${used.join(', ')}\n`;
  if (labelled === undefined) return text;
  const { windows, nab, nabBest, meanVusPr, recall, falseAlarmsPerWeek } = labelled;
  const lines = [
    ['windows found', `${percent(recall)} of ${windows}`],
    ['false alarms a week', falseAlarmsPerWeek.toFixed(2)],
    ['NAB standard', nab.standard.toFixed(1)],
    ['NAB low false positives', nab.lowFalsePositives.toFixed(1)],
    ['NAB low false negatives', nab.lowFalseNegatives.toFixed(1)],
    ['NAB standard, best threshold', nabBest.toFixed(1)],
    ['VUS-PR, mean', meanVusPr?.toFixed(3) ?? '-'],
  ];
  return `${text}\n${formatTable(['LABELLED', ''], lines)}`;
}

function percent(share: number): string {
  return Number.isNaN(share) ? '-' : `${Math.round(100 * share)} %`;
}
