import type { DetectorName } from './score-rows.ts';

/** What `-o json` prints. */
export interface AnomalyResult {
  readonly falseAlarmsPerWeek: number | null;
  /** Of each detector in use. */
  readonly thresholds: Partial<Readonly<Record<DetectorName, number>>>;
  readonly series: readonly SeriesAlarms[];
  /** With labels. */
  readonly labelled?: LabelledResult;
}

export interface SeriesAlarms {
  readonly name: string;
  readonly detector: DetectorName;
  readonly rows: number;
  readonly stepSeconds: number;
  /** Alarms less than an hour apart are one. */
  readonly alarms: number;
  readonly alarmsPerWeek: number;
  /** Times of the first rows of the alarms, as they are written in the file. */
  readonly alarmTimes: readonly string[];
  /** Volume under the surface of precision and recall; with labels. */
  readonly vusPr?: number | null;
}

/** Null where there is nothing to find. */
export interface LabelledResult {
  readonly windows: number;
  /** Of the Numenta Anomaly Benchmark, with the thresholds in use. */
  readonly nab: {
    readonly standard: number;
    readonly lowFalsePositives: number;
    readonly lowFalseNegatives: number;
  };
  /** The same with the threshold that these labels like best, as the benchmark has it. */
  readonly nabBest: number;
  readonly meanVusPr: number | null;
  /** Windows with an alarm ÷ windows; alarms outside of windows in a week of a series. */
  readonly recall: number;
  readonly falseAlarmsPerWeek: number;
}
