import {
  createServiceScore,
  culpritsOf,
  observeService,
} from '../../../loop/analyze/anomaly/fingerprint/service-score.ts';
import {
  createIncidentBank,
  createIncidentScore,
  observeIncident,
} from '../../../loop/analyze/anomaly/incident/incident-bank.ts';
import { createKpiDetector, observeKpi } from '../../../loop/analyze/anomaly/kpi/kpi-detector.ts';
import { pValueOf } from '../../../loop/analyze/anomaly/surprise/p-value.ts';
import type { DetectorChoice } from './anomaly-flags.ts';
import type { Rows } from './read-rows.ts';

export type DetectorName = 'incident' | 'indicator' | 'service';

/** One entry for each row; NaN where its value is not known. */
export interface RowScores {
  readonly detector: DetectorName;
  /** How unusual the last rows are, 0…1. */
  readonly scores: Float64Array;
  /** How often by chance what alarms are made of is as large. */
  readonly pValues: Float64Array;
  /** What a threshold makes alarms of. */
  readonly alarms: Float64Array;
  /** Several metrics: the place of the one that is the most unusual; -1 when none is. */
  readonly culprits?: Int16Array;
}

/**
 * Where nobody names a budget. Incidents: one in some three weeks of quiet noise, and the best of the development series.
 * Indicators: of 14 days, one minute in ten thousand. Services: two alarms a week on the development services, of which less
 * than one was false.
 */
export const FIXED_THRESHOLDS: Readonly<Record<DetectorName, number>> = {
  incident: 3.3,
  indicator: 4,
  service: 6,
};

/** Rows that are further apart are watched for incidents, not for each minute. */
const INDICATOR_STEP_SECONDS = 120;

/** Judges each row by those before it. */
export function scoreRows(rows: Rows, choice: DetectorChoice): RowScores {
  if (rows.columns.length > 1) return scoreService(rows);
  const auto = rows.stepSeconds <= INDICATOR_STEP_SECONDS ? 'indicator' : 'incident';
  const detector = choice === 'auto' ? auto : choice;
  const [values = new Float64Array()] = rows.columns;
  const incident = scoreIncidents(rows, values);
  return detector === 'incident' ? incident : { ...incident, ...scoreIndicator(rows, values) };
}

function scoreIncidents(rows: Rows, values: Float64Array): RowScores {
  const bank = createIncidentBank(rows);
  const score = createIncidentScore();
  const scores = new Float64Array(values.length);
  const pValues = new Float64Array(values.length);
  const alarms = new Float64Array(values.length);
  for (const [i, value] of values.entries()) {
    observeIncident(bank, value, slotOf(rows, i), score);
    scores[i] = score.continuous;
    pValues[i] = score.p;
    alarms[i] = score.alarm;
  }
  return { detector: 'incident', scores, pValues, alarms };
}

function scoreIndicator(rows: Rows, values: Float64Array): Omit<RowScores, 'scores'> {
  const kpi = createKpiDetector({ stepSeconds: rows.stepSeconds, tier: 'Full' });
  const alarms = values.map((value, i) => observeKpi(kpi, value, slotOf(rows, i)));
  return { detector: 'indicator', pValues: alarms.map(pValueOf), alarms };
}

/** A score of 10 is halfway: what half a dozen metrics show together in an incident. */
const HALF = 10;

function scoreService(rows: Rows): RowScores {
  const { columns, times, stepSeconds } = rows;
  const service = createServiceScore({ metrics: columns.length, stepSeconds });
  const values = new Float64Array(columns.length);
  const scores = new Float64Array(times.length);
  const pValues = new Float64Array(times.length);
  const alarms = new Float64Array(times.length);
  const culprits = new Int16Array(times.length);
  for (let i = 0; i < times.length; i += 1) {
    for (const [metric, column] of columns.entries()) values[metric] = column[i] ?? NaN;
    const alarm = observeService(service, values, slotOf(rows, i));
    alarms[i] = alarm;
    scores[i] = alarm / (alarm + HALF);
    pValues[i] = pValueOf(service.surprise);
    culprits[i] = culpritsOf(service, 1)[0] ?? -1;
  }
  return { detector: 'service', scores, pValues, alarms, culprits };
}

function slotOf({ times, stepSeconds }: Rows, row: number): number {
  return Math.floor((times[row] ?? 0) / (1000 * stepSeconds));
}
