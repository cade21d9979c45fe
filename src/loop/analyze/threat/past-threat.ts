import type { Severity } from '../anomaly/anomaly.ts';
import type { OpenThreat, ThreatKind } from './threat.ts';

/** A finding that is over. */
export interface PastThreat {
  readonly id: string;
  readonly kind: ThreatKind;
  readonly severity: Severity;
  readonly since: number;
  readonly until: number;
  readonly message: string;
  readonly namespaces: readonly string[];
}

const MAX_HISTORY = 100;

/** Adds what is over to the history, and drops the oldest. */
export function bury(history: PastThreat[], threat: OpenThreat, until: number): PastThreat {
  const { id, kind, severity, since, message, namespaces } = threat;
  const past = { id, kind, severity, since, until, message, namespaces: [...namespaces.keys()] };
  history.push(past);
  if (history.length > MAX_HISTORY) history.splice(0, history.length - MAX_HISTORY);
  return past;
}
