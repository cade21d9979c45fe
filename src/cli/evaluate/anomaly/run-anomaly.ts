import { Progress } from '../../backtest/progress.ts';
import { ALARMS_PER_FALSE_ALARM } from '../../../loop/analyze/anomaly/fleet/alarm-threshold.ts';
import type { Terminal } from '../../verb.ts';
import { parseAnomalyFlags, type AnomalyFlags } from './anomaly-flags.ts';
import type { AnomalyResult, SeriesAlarms } from './anomaly-result.ts';
import { anomalyTable } from './anomaly-table.ts';
import { emitRows, type ScoredRows } from './emit-rows.ts';
import { scoreLabelled } from './labelled-score.ts';
import { readLabels } from './read-labels.ts';
import { readRows, type Rows } from './read-rows.ts';
import { FIXED_THRESHOLDS, scoreRows, type DetectorName, type RowScores } from './score-rows.ts';
import { alarmEpisodes, budgetThreshold, type ScoredSeries } from './score/alarm-budget.ts';

/** @throws UsageError, InputError */
export function runAnomaly(args: readonly string[], terminal: Terminal): void {
  const flags = parseAnomalyFlags(args);
  const warn = (message: string): void => terminal.err(`warning: ${message}\n`);
  const labels = flags.labels === undefined ? undefined : readLabels(flags.labels);
  const all = readRows(flags, warn);
  const progress =
    flags.progress || terminal.interactive === true
      ? new Progress(terminal, all.length, Date.now, 'series')
      : undefined;
  const scored = all.map((rows) => {
    const result = { rows, scored: scoreRows(rows, flags.detector) };
    progress?.advance();
    return result;
  });
  progress?.clear();
  const thresholds = thresholdsOf(scored, flags);
  const judged = scored.map((each) => ({ ...each, threshold: thresholds[each.scored.detector] ?? Infinity }));
  if (flags.emit !== undefined) emitRows(flags.emit, judged);
  const labelled = labels && scoreLabelled(judged, labels);
  const result: AnomalyResult = {
    falseAlarmsPerWeek: flags.falseAlarms ?? null,
    thresholds,
    series: judged.map((each) => seriesAlarms(each, labelled?.volumes.get(each.rows.name))),
    ...(labelled === undefined ? {} : { labelled: labelled.result }),
  };
  terminal.out(flags.format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : anomalyTable(result));
}

interface Scored {
  readonly rows: Rows;
  readonly scored: RowScores;
}

/**
 * One threshold for all series that a detector judges. Nobody has labelled the part that it is set from, so all alarms count
 * there, and several of them for each false one that is accepted.
 */
function thresholdsOf(
  all: readonly Scored[],
  { falseAlarms, calibration }: AnomalyFlags,
): AnomalyResult['thresholds'] {
  const detectors = new Set(all.map(({ scored }) => scored.detector));
  return Object.fromEntries(
    [...detectors].map((detector): [DetectorName, number] => {
      if (falseAlarms === undefined) return [detector, FIXED_THRESHOLDS[detector]];
      const mine = all.filter(({ scored }) => scored.detector === detector);
      const stepSeconds = mine[0]?.rows.stepSeconds ?? 60;
      const series = mine.map(({ scored: { alarms } }) => {
        const split = Math.floor(calibration * alarms.length);
        return { scores: alarms, from: 0, split, events: [] };
      });
      const threshold = budgetThreshold(series, ALARMS_PER_FALSE_ALARM * falseAlarms, stepSeconds);
      return [detector, threshold === Infinity ? aboveAll(series) : threshold];
    }),
  );
}

/** Where the part is too short for a single alarm, none of it may be one. */
function aboveAll(series: readonly ScoredSeries[]): number {
  const largest = series.map(({ scores, split }) =>
    scores.subarray(0, split).reduce((most, score) => (score > most ? score : most), 0),
  );
  return 1.001 * Math.max(...largest);
}

const WEEK_SECONDS = 7 * 86_400;

function seriesAlarms({ rows, scored, threshold }: ScoredRows, volume: number | undefined): SeriesAlarms {
  const { name, stepSeconds, timeTexts } = rows;
  const options = { from: 0, to: timeTexts.length, threshold, stepSeconds };
  const alarms = alarmEpisodes({ scores: scored.alarms }, options);
  const weeks = (timeTexts.length * stepSeconds) / WEEK_SECONDS;
  return {
    name,
    detector: scored.detector,
    rows: timeTexts.length,
    stepSeconds,
    alarms: alarms.length,
    alarmsPerWeek: alarms.length / weeks,
    alarmTimes: alarms.map(({ first }) => timeTexts[first] ?? ''),
    ...(volume === undefined ? {} : { vusPr: Number.isNaN(volume) ? null : volume }),
  };
}
