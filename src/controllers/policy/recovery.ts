import type { Journal } from '../../adapters/journal/journal.ts';
import type { PolicyStatus } from '../../api/policy-status.ts';
import { replicaCount } from '../../api/replica-count.ts';
import type { Decision } from '../../loop/execute/decision.ts';
import type { ClosedDecision } from '../../loop/execute/effect.ts';
import { recordOf } from '../../loop/execute/journal-record.ts';
import { abortedOutcome, type Outcome } from '../../loop/execute/outcome.ts';
import { judgeRecovery, type PendingIntent } from '../../loop/execute/recover.ts';
import type { TargetProblem, TargetView } from '../../loop/monitor/observation.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type { Remembered } from '../../loop/state.ts';
import { withEnding } from './policy-status.ts';

export interface RecoveryInputs {
  readonly policy: PolicyView;
  /** Read live, not from a cache. */
  readonly status: PolicyStatus;
  readonly journal: Journal;
  readonly readTarget: () => Promise<TargetView | TargetProblem>;
  readonly now: number;
}

export interface Recovery {
  readonly status: PolicyStatus;
  readonly remembered: Remembered;
  /** A decision that is on the target, with its outcome still open. */
  readonly resumed: { readonly decision: Decision; readonly appliedAt: number } | undefined;
}

/** What an earlier process left behind, brought to exactly one ending; undefined while the target cannot be read. */
export async function recover(inputs: RecoveryInputs): Promise<Recovery | undefined> {
  const { status, policy, now } = inputs;
  const remembered = rememberedFrom(status, policy, now);
  const pending = pendingOf(inputs);
  if (pending === undefined) return { status, remembered, resumed: undefined };

  const ended = await endingInJournal(inputs, pending);
  if (ended !== undefined) return { status: withEnding(status, ended), remembered, resumed: undefined };

  const target = await inputs.readTarget();
  const verdict = judgeRecovery(pending, target);
  if (verdict === 'Unknown') return undefined;
  const decision = await ensureIntent(inputs, pending);
  if (verdict === 'Applied') {
    const appliedAt = await ensureApplied(inputs, decision);
    return {
      status,
      remembered: {
        ...remembered,
        targetUid: pending.targetUid,
        replicas: 'problem' in target ? pending.nextReplicas : target.specReplicas,
        lastAction: { at: appliedAt, direction: decision.action === 'ScaleUp' ? 'Up' : 'Down' },
      },
      resumed: { decision, appliedAt },
    };
  }
  const message =
    verdict === 'NotApplied'
      ? 'the operator restarted before the change reached the target'
      : 'the operator restarted, and the target has changed since';
  await inputs.journal.append({
    kind: 'Aborted',
    decisionId: decision.id,
    at: now,
    reason: verdict,
    message,
  });
  const aborted = { decision, outcome: abortedOutcome(now, verdict, message) };
  return { status: withEnding(status, aborted), remembered, resumed: undefined };
}

/** `status.pending` is the record that survives the loss of a disk; the journal knows intents that never got there. */
function pendingOf({ status, journal, policy }: RecoveryInputs): PendingIntent | undefined {
  if (status.pending !== undefined) return status.pending;
  const open = journal.openIntents().find(({ intent }) => intent.policy.uid === policy.uid);
  if (open === undefined) return undefined;
  const { decisionId, target, previousReplicas, nextReplicas } = open.intent;
  return { decisionId, targetUid: target.uid, previousReplicas, nextReplicas };
}

/** The crash came between the journal's ending and the status: the ending is there already, and only to be shown. */
async function endingInJournal(
  { journal, policy, status }: RecoveryInputs,
  pending: PendingIntent,
): Promise<ClosedDecision | undefined> {
  if (journal.endingOf(pending.decisionId) === undefined) return undefined;
  for await (const { record } of journal.records()) {
    if (record.kind !== 'Aborted' && record.kind !== 'Closed') continue;
    if (record.decisionId !== pending.decisionId) continue;
    const outcome =
      record.kind === 'Closed'
        ? (record.outcome as Outcome)
        : abortedOutcome(record.at, record.reason, record.message);
    return { decision: decisionFromStatus(status, policy, pending), outcome };
  }
  return undefined;
}

async function ensureIntent(inputs: RecoveryInputs, pending: PendingIntent): Promise<Decision> {
  const open = inputs.journal.openIntents().find(({ intent }) => intent.decisionId === pending.decisionId);
  if (open !== undefined) return open.intent.decision as Decision;
  // The journal was lost with its disk; the API server's record takes its place.
  const decision = decisionFromStatus(inputs.status, inputs.policy, pending);
  await inputs.journal.append(recordOf('Intent', decision));
  return decision;
}

async function ensureApplied({ journal, now, status }: RecoveryInputs, decision: Decision): Promise<number> {
  const open = journal.openIntents().find(({ intent }) => intent.decisionId === decision.id);
  if (open?.appliedAt !== undefined) return open.appliedAt;
  const started = Date.parse(status.pending?.startTime ?? '');
  const appliedAt = Number.isFinite(started) ? Math.min(started, now) : now;
  await journal.append({ kind: 'Applied', decisionId: decision.id, at: appliedAt });
  return appliedAt;
}

function decisionFromStatus(status: PolicyStatus, policy: PolicyView, pending: PendingIntent): Decision {
  const entry = status.decisions?.find(({ id }) => id === pending.decisionId);
  const { namespace, name, uid, generation, spec } = policy;
  const { previousReplicas: from, nextReplicas: to } = pending;
  const told = entry ?? { message: `From ${from} to ${to}.`, proposals: [], guards: [] };
  return {
    id: pending.decisionId,
    at: status.pending === undefined ? policy.createdAt : Date.parse(status.pending.startTime),
    policy: { namespace, name, uid, generation },
    target: { ...spec.targetRef, namespace, uid: pending.targetUid, resourceVersion: '' },
    mode: 'Apply',
    action: to > from ? 'ScaleUp' : 'ScaleDown',
    from: replicaCount(from),
    to: replicaCount(to),
    epoch: status.pending?.epoch ?? 0,
    message: told.message,
    proposals: told.proposals,
    guards: told.guards,
    forecast: undefined,
  };
}

/** Cooldowns, observation and "who changed the replicas" must not start anew with every restart. */
function rememberedFrom(status: PolicyStatus, policy: PolicyView, now: number): Remembered {
  const workload = status.workloads?.[0];
  const acted = (status.decisions ?? [])
    .filter(({ state }) => state === 'Applied' || state === 'Closed')
    .map(
      ({ time, action }) =>
        ({ at: Date.parse(time), direction: action === 'ScaleUp' ? 'Up' : 'Down' }) as const,
    )
    .filter(({ at }) => Number.isFinite(at))
    // A time ahead of our clock is a clock that jumped: it counts as just now.
    .map(({ at, direction }) => ({ at: Math.min(at, now), direction }))
    .sort((a, b) => a.at - b.at);
  const lastAction = acted.at(-1);
  return {
    ...observedSince(status, policy),
    ...(workload === undefined ? {} : { targetUid: workload.uid, replicas: workload.currentReplicas }),
    ...(lastAction === undefined ? {} : { lastAction }),
    actionTimes: acted.map(({ at }) => at).filter((at) => at > now - 3_600_000),
  };
}

function observedSince(status: PolicyStatus, policy: PolicyView): { observedSince?: number } {
  const condition = status.conditions?.find(({ type }) => type === 'ObservationComplete');
  if (condition === undefined) return {};
  if (condition.status === 'True') return { observedSince: policy.createdAt };
  const since = Date.parse(condition.lastTransitionTime);
  return Number.isFinite(since) ? { observedSince: since } : {};
}
