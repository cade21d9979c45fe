import type { Attribution } from './attribution/attribution.ts';

/** What can be unusual about a workload; the meanings are in the API's `status.workloads[].anomalies`. */
export type AnomalyKind =
  'Spike' | 'LevelShift' | 'FlatLine' | 'Missing' | 'Degradation' | 'Leak' | 'Cost' | 'Behaviour';

export type Severity = 'Low' | 'Medium' | 'High';

/** What one detector says of one minute: the reason to open an anomaly, or to keep one open. */
export interface Evidence {
  readonly kind: AnomalyKind;
  /** Which signal shows it. */
  readonly signal: string;
  /** −log10 of the p-value, 0 … 12. */
  readonly surprise: number;
  /** It may begin an anomaly; otherwise it only says that one is not over. */
  readonly onset: boolean;
  /** When it began, ms since the epoch, as far as can be told; the minute itself when left out. */
  readonly since?: number;
  /** Usual value at this time and the measured one, in the signal's unit. */
  readonly expected?: number | undefined;
  readonly actual?: number | undefined;
  readonly message: string;
  /** False where a plan has already paid for what it shows. */
  readonly mayHold?: boolean;
}

/** An anomaly of one workload that is not over. Times in ms since the epoch. */
export interface Anomaly {
  readonly kind: AnomalyKind;
  readonly signal: string;
  readonly severity: Severity;
  readonly since: number;
  /** When there was evidence last. */
  readonly seenAt: number;
  /** −log10 of the smallest p-value so far. */
  readonly surprise: number;
  readonly expected: number | undefined;
  readonly actual: number | undefined;
  readonly message: string;
  /** Nothing is lowered because of it. */
  readonly holds: boolean;
  /** When it was noticed: later than it began. */
  readonly openedAt: number;
  /** People have been told, once the fleet was looked at: until then it may be one of the fleet. */
  readonly told: boolean;
  /** Many workloads show the same at the same time: one finding of the fleet, and not of this workload. */
  readonly fleetWide: boolean;
  /** What may be behind it. */
  readonly attribution?: Attribution;
}

/** How an anomaly ended: the signal came back, what was unusual has lasted until it is usual, or nobody can tell any more. */
export type AnomalyEnding = 'Over' | 'NewNormal' | 'Unknown';
