import type { AnomalyEnding, AnomalyKind, Severity } from '../../loop/analyze/anomaly/anomaly.ts';
import type { EndedAnomaly } from '../../loop/knowledge/ended-anomaly.ts';
import type { KnowledgeDocument } from '../../loop/knowledge/document.ts';
import { embeddingProblem } from '../../loop/knowledge/situation-record.ts';
import type { ArmOutcome, Situation } from '../../loop/knowledge/situation.ts';
import { checksumOf } from './checksum.ts';
import { wellFormed } from './json-value.ts';
import type { AnomalyRow, DocumentRow, SituationRow } from './row-types.ts';
import { outcomeColumns, ownerColumns } from './shared-columns.ts';
import { checksumColumns, DEFINITIONS } from './table-definitions.ts';

const SITUATION_CHECKSUM = checksumColumns(DEFINITIONS.situations);
const ANOMALY_CHECKSUM = checksumColumns(DEFINITIONS.anomalies);
const DOCUMENT_CHECKSUM = checksumColumns(DEFINITIONS.documents);

/**
 * @throws RangeError naming the situation when its embedding is none: LanceDB pads a short one silently.
 * @throws TypeError when it lacks a field.
 */
export function situationRow(
  situation: Omit<Situation, 'embedding'> & { readonly embedding: ArrayLike<number> },
): SituationRow {
  const problem = embeddingProblem(situation.id, situation.embedding);
  if (problem !== undefined) throw new RangeError(problem);
  const { action, outcome } = situation;
  const arms = (value: (arm: ArmOutcome) => number): readonly number[] => situation.arms.map(value);
  const row = {
    situation_id: wellFormed(situation.id),
    at: situation.at,
    ...ownerColumns(situation),
    workload_class: situation.workloadClass,
    embedding_version: situation.embeddingVersion,
    embedding: Float32Array.from(situation.embedding),
    summary: wellFormed(situation.summary),
    action_from: action.from,
    action_to: action.to,
    action_peak: action.peak,
    action_arm: wellFormed(action.arm),
    arms: situation.arms.map(({ arm }) => wellFormed(arm)),
    arm_replica_seconds: arms((arm) => arm.replicaSeconds),
    arm_bad_requests: arms((arm) => arm.badRequests),
    arm_violated_seconds: arms((arm) => arm.violatedSeconds),
    arm_replicas_changed: arms((arm) => arm.replicasChanged),
    oracle_replica_seconds: situation.oracleReplicaSeconds,
    demand: situation.demand,
    ...outcomeColumns(outcome),
    censored: situation.censored,
    succeeded: situation.succeeded === null ? null : Number(situation.succeeded),
    choice: situation.choice === undefined ? null : JSON.stringify(situation.choice),
  };
  return { ...row, checksum: checksumOf(row, SITUATION_CHECKSUM) };
}

/** The row of an anomaly that is over. */
export function anomalyRow(anomaly: EndedAnomaly): AnomalyRow {
  const row = {
    anomaly_id: wellFormed(anomaly.id),
    at: anomaly.closedAt,
    ...ownerColumns(anomaly),
    kind: anomaly.kind,
    signal: wellFormed(anomaly.signal),
    severity: anomaly.severity,
    opened_at: anomaly.openedAt,
    surprise: anomaly.surprise,
    message: wellFormed(anomaly.message),
    ending: anomaly.ending,
    held: anomaly.held,
  };
  return { ...row, checksum: checksumOf(row, ANOMALY_CHECKSUM) };
}

/** The anomaly in a row. */
export function anomalyOf(row: AnomalyRow): EndedAnomaly {
  return {
    id: row.anomaly_id,
    policy: { namespace: row.namespace, name: row.policy, uid: row.policy_uid },
    workload: { kind: row.workload_kind, name: row.workload, uid: row.workload_uid },
    kind: row.kind as AnomalyKind,
    signal: row.signal,
    severity: row.severity as Severity,
    openedAt: row.opened_at,
    closedAt: row.at,
    surprise: row.surprise,
    message: row.message,
    ending: row.ending as AnomalyEnding,
    held: row.held,
  };
}

/** The row of a document's revision. */
export function documentRow(document: KnowledgeDocument): DocumentRow {
  const row = {
    revision_id: wellFormed(`${document.id}@${document.at}`),
    document_id: wellFormed(document.id),
    at: document.at,
    source: wellFormed(document.source),
    namespace: document.namespace === null ? null : wellFormed(document.namespace),
    title: wellFormed(document.title),
    text: wellFormed(document.text),
    removed: document.removed,
  };
  return { ...row, checksum: checksumOf(row, DOCUMENT_CHECKSUM) };
}

/** The document in a row. */
export function documentOf(row: DocumentRow): KnowledgeDocument {
  const { document_id: id, source, namespace, title, text, at, removed } = row;
  return { id, source, namespace, title, text, at, removed };
}
