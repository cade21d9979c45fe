import type { JournalRecord } from '../execute/journal-record.ts';
import type { AnomalyEnding, AnomalyKind, Severity } from '../analyze/anomaly/anomaly.ts';

/** An anomaly that people were told of, once it is over. Times in ms since the epoch. */
export interface EndedAnomaly {
  /** `<policy uid>/<kind>/<signal>/<openedAt>`: told again, it is the same one. */
  readonly id: string;
  readonly policy: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly workload: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly kind: AnomalyKind;
  readonly signal: string;
  readonly severity: Severity;
  readonly openedAt: number;
  readonly closedAt: number;
  /** −log10 of the smallest p-value. */
  readonly surprise: number;
  readonly message: string;
  readonly ending: AnomalyEnding;
  /** Nothing was lowered because of it. */
  readonly held: boolean;
}

/** What the journal keeps of it. */
export function anomalyRecord(anomaly: EndedAnomaly): JournalRecord {
  return { kind: 'Anomaly', anomaly };
}
