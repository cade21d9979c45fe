import type { Decision } from './decision.ts';

/** A place in the journal: `offset` bytes into segment `segment`. Ordered by segment, then offset. */
export interface JournalPosition {
  readonly segment: number;
  readonly offset: number;
}

/** The policy that decided. `generation` is the spec the decision was made from. */
interface PolicyIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
}

/** The object a decision is about. The uid, not the name, says which one. */
interface TargetIdentity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** What is known of a decision when it is taken. `decision` is the whole trace, as JSON: finite numbers only. */
interface DecisionFacts {
  readonly decisionId: string;
  /** ms since the epoch, as in every record. */
  readonly at: number;
  readonly policy: PolicyIdentity;
  readonly target: TargetIdentity;
  readonly previousReplicas: number;
  readonly nextReplicas: number;
  readonly decision: object;
}

/**
 * What is about to be done. Durable before the target is touched, so that after a crash somebody knows to
 * look whether it was.
 */
export interface IntentRecord extends DecisionFacts {
  readonly kind: 'Intent';
}

/** What would have been done (Preview, or a guard objected). For the memory only: it has no ending. */
interface ProposalRecord extends DecisionFacts {
  readonly kind: 'Proposal';
}

/** The API server accepted the write. */
interface AppliedRecord {
  readonly kind: 'Applied';
  readonly decisionId: string;
  readonly at: number;
}

/** Terminal: the target was not changed by this decision. `reason` is a PascalCase word, `message` a sentence. */
interface AbortedRecord {
  readonly kind: 'Aborted';
  readonly decisionId: string;
  readonly at: number;
  readonly reason: string;
  readonly message: string;
}

/** Terminal: the outcome window is over. `outcome` is what was measured in it. */
export interface ClosedRecord {
  readonly kind: 'Closed';
  readonly decisionId: string;
  readonly at: number;
  readonly outcome: object;
}

/** Everything before `through` is in the knowledge store. */
interface ExportedRecord {
  readonly kind: 'Exported';
  readonly through: JournalPosition;
  /** Of the store's tables at that time: one that is of a lower version later has lost what it was given. */
  readonly versions?: Readonly<Record<string, number>>;
}

/** A window of a workload's life that is over; `situation` is a `Situation` as JSON, its embedding as numbers. */
interface SituationRecord {
  readonly kind: 'Situation';
  readonly situation: object;
}

/** An anomaly that people were told of, once it is over; `anomaly` is an `EndedAnomaly`. */
interface AnomalyRecord {
  readonly kind: 'Anomaly';
  readonly anomaly: object;
}

/** What a decision is given for what came of it; `reward` is a `DecisionReward`. */
interface RewardedRecord {
  readonly kind: 'Rewarded';
  readonly reward: object;
}

/** A passage of a runbook or a note, as it now is; `document` is a `KnowledgeDocument`. */
interface DocumentRecord {
  readonly kind: 'Document';
  readonly document: object;
}

/** Whom to forget: the namespace's or the policy's rows up to `at` are deleted from the knowledge store. */
export interface ForgetRecord {
  readonly kind: 'Forget';
  readonly at: number;
  readonly namespace?: string;
  readonly policyUid?: string;
}

/** The records of the intent protocol. */
export type ProtocolRecord = IntentRecord | AppliedRecord | AbortedRecord | ClosedRecord;

/** What the operator learned: nothing that it does waits for these to be durable. */
export type KnowledgeRecord =
  SituationRecord | AnomalyRecord | RewardedRecord | DocumentRecord | ForgetRecord;

export type JournalRecord = ProtocolRecord | ProposalRecord | ExportedRecord | KnowledgeRecord;

const PROTOCOL: ReadonlySet<string> = new Set<ProtocolRecord['kind']>([
  'Intent',
  'Applied',
  'Aborted',
  'Closed',
]);

/** Whether the record is of the intent protocol: it then belongs to a decision, and its order counts. */
export function isProtocolRecord(record: JournalRecord): record is ProtocolRecord {
  return PROTOCOL.has(record.kind);
}

/** What the journal keeps of a decision, before it is carried out or instead of that. */
export function recordOf<K extends 'Intent' | 'Proposal'>(
  kind: K,
  decision: Decision,
): DecisionFacts & { kind: K } {
  const { apiVersion, kind: targetKind, namespace, name, uid } = decision.target;
  return {
    kind,
    decisionId: decision.id,
    at: decision.at,
    policy: decision.policy,
    target: { apiVersion, kind: targetKind, namespace, name, uid },
    previousReplicas: decision.from,
    nextReplicas: decision.to,
    decision,
  };
}

/** Negative when `a` is before `b`, zero when they are the same place. */
export function comparePositions(a: JournalPosition, b: JournalPosition): number {
  return a.segment - b.segment || a.offset - b.offset;
}
