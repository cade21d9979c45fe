import type { JournalRecord } from '../../loop/execute/journal-record.ts';
import { checksumOf } from './checksum.ts';
import { jsonOf, numberOf, objectOf, textOf, wellFormed, type JsonObject } from './json-value.ts';
import type { DecisionRow, OutcomeRow } from './row-types.ts';
import { checksumColumns, DEFINITIONS } from './table-definitions.ts';

const DECISION_CHECKSUM = checksumColumns(DEFINITIONS.decisions);
const OUTCOME_CHECKSUM = checksumColumns(DEFINITIONS.outcomes);

/** The row of a decision, carried out or not. */
export function decisionRow(record: Extract<JournalRecord, { kind: 'Intent' | 'Proposal' }>): DecisionRow {
  const { policy, target } = record;
  // The journal may hold decisions of an older version: every field of the document may be missing.
  const { proposals, guards, ...trace } = record.decision as JsonObject;
  const forecast = objectOf(trace['forecast']);
  const row = {
    decision_id: wellFormed(record.decisionId),
    at: record.at,
    namespace: wellFormed(policy.namespace),
    policy: wellFormed(policy.name),
    policy_uid: wellFormed(policy.uid),
    policy_generation: policy.generation,
    workload: wellFormed(`${target.kind}/${target.name}`),
    workload_uid: wellFormed(target.uid),
    kind: record.kind,
    mode: textOf(trace['mode']),
    action: textOf(trace['action']),
    from_replicas: record.previousReplicas,
    to_replicas: record.nextReplicas,
    message: textOf(trace['message']),
    forecast_metric: textOf(forecast['metric']),
    forecast_peak: numberOf(forecast['peak']),
    forecast_upper: numberOf(forecast['upper']),
    forecast_confidence_percent: numberOf(forecast['confidencePercent']),
    forecast_horizon_seconds: numberOf(forecast['horizonSeconds']),
    proposals: jsonOf(proposals),
    guards: jsonOf(guards),
    trace: JSON.stringify(trace),
  };
  return { ...row, checksum: checksumOf(row, DECISION_CHECKSUM) };
}

/** The row of a decision's ending. */
export function outcomeRow(record: Extract<JournalRecord, { kind: 'Aborted' | 'Closed' }>): OutcomeRow {
  const outcome: JsonObject =
    record.kind === 'Closed'
      ? (record.outcome as JsonObject)
      : { result: 'Aborted', reason: record.reason, message: record.message };
  const row = {
    decision_id: wellFormed(record.decisionId),
    at: record.at,
    ending: record.kind,
    result: textOf(outcome['result']),
    reason: textOf(outcome['reason']),
    message: textOf(outcome['message']),
    observed_seconds: numberOf(outcome['observedSeconds']),
    measured_seconds: numberOf(outcome['measuredSeconds']),
    violated_seconds: numberOf(outcome['violatedSeconds']),
    replica_seconds: numberOf(outcome['replicaSeconds']),
    cost: numberOf(outcome['cost']),
    outcome: record.kind === 'Closed' ? jsonOf(outcome) : null,
  };
  return { ...row, checksum: checksumOf(row, OUTCOME_CHECKSUM) };
}
