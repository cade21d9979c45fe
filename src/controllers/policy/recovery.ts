import type { Journal } from '../../adapters/journal/journal.ts';
import type { PolicyStatus } from '../../api/policy-status.ts';
import { replicaCount } from '../../api/replica-count.ts';
import type { Decision } from '../../loop/execute/decision.ts';
import type { ClosedDecision } from '../../loop/execute/effect.ts';
import { recordOf } from '../../loop/execute/journal-record.ts';
import { abortedOutcome, unmeasured, type Outcome } from '../../loop/execute/outcome.ts';
import { isRollback } from '../../loop/guard/regret.ts';
import { judgeRecovery, mayStillArrive, type PendingIntent } from '../../loop/execute/recover.ts';
import type { TargetProblem, TargetView } from '../../loop/monitor/observation.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type { Remembered } from '../../loop/state.ts';
import { withApplied, withEnding } from './status/policy-status.ts';
import { outcomeFromStatus } from './status/status-values.ts';

export interface RecoveryInputs {
  readonly policy: PolicyView;
  /** Read live, not from a cache. */
  readonly status: PolicyStatus;
  readonly journal: Pick<Journal, 'append' | 'endingOf' | 'openIntents' | 'records'>;
  readonly readTarget: () => Promise<TargetView | TargetProblem>;
  readonly now: number;
}

export interface Recovery {
  readonly status: PolicyStatus;
  readonly remembered: Remembered;
  /** A decision that is on the target, with its outcome still open. */
  readonly resumed: { readonly decision: Decision; readonly appliedAt: number } | undefined;
}

/** What an earlier process left behind, brought to exactly one ending each; undefined while that cannot be told yet. */
export async function recover(inputs: RecoveryInputs): Promise<Recovery | undefined> {
  const { policy, status, now } = inputs;
  const settled = status.pending === undefined ? { status } : await settle(inputs, status.pending);
  if (settled === undefined || !(await endForgotten({ ...inputs, status: settled.status }))) return undefined;
  const { known, resumed } = settled;
  const remembered = { ...rememberedFrom(settled.status, policy, now), ...known };
  const lastActionAt = Math.max(remembered.lastActionAt ?? -Infinity, resumed?.appliedAt ?? -Infinity);
  return {
    status: settled.status,
    remembered: lastActionAt === -Infinity ? remembered : { ...remembered, lastActionAt },
    resumed,
  };
}

interface Settled {
  readonly status: PolicyStatus;
  /** What the decision made of the target, if it came so far. */
  readonly known?: { readonly targetUid: string; readonly replicas: number };
  readonly resumed?: NonNullable<Recovery['resumed']>;
}

/** `status.pending` is the record that survives the loss of a disk; undefined while nobody can tell what became of it. */
async function settle(inputs: RecoveryInputs, pending: PendingIntent): Promise<Settled | undefined> {
  const { status } = inputs;
  // What the decision wrote, not what is there: a later change by somebody else is then seen as one.
  const known = { targetUid: pending.targetUid, replicas: pending.nextReplicas };
  const told = status.decisions?.find(({ id }) => id === pending.decisionId)?.outcome;
  if (told !== undefined) {
    const { pending: over, ...rest } = status;
    return { status: rest, ...(told.result === 'Aborted' ? {} : { known }) };
  }
  const ended = await endingInJournal(inputs, pending);
  if (ended !== undefined) {
    return { status: withEnding(status, ended), ...(ended.outcome.result === 'Aborted' ? {} : { known }) };
  }
  const verdict = judgeRecovery(pending, await inputs.readTarget());
  if (verdict === 'Unknown' || (verdict === 'NotApplied' && isOnItsWay(inputs))) return undefined;
  const intent = await ensureIntent(inputs, pending);
  if (verdict !== 'Applied') return { status: withEnding(status, await end(inputs, intent, verdict)) };
  const resumed = { decision: intent.decision, appliedAt: await ensureApplied(inputs, intent) };
  return { status: withApplied(status, intent.decision), known, resumed };
}

function isOnItsWay({ status: { pending }, now }: RecoveryInputs): boolean {
  return pending !== undefined && mayStillArrive(Date.parse(pending.startTime), now);
}

/**
 * Intents that this journal has open and that are pending no more: the crash came before the status had it, or another
 * leader has ended it meanwhile. They end where they are open, and the status stays as it is. False: not yet.
 */
async function endForgotten(inputs: RecoveryInputs): Promise<boolean> {
  const { status, journal, policy, now } = inputs;
  const forgotten = journal
    .openIntents()
    .filter(({ intent }) => intent.policy.uid === policy.uid)
    .filter(({ intent }) => intent.decisionId !== status.pending?.decisionId);
  for (const { intent, appliedAt } of forgotten) {
    const { decisionId, target, previousReplicas, nextReplicas } = intent;
    const told = status.decisions?.find(({ id }) => id === decisionId)?.outcome;
    const pending = { decisionId, targetUid: target.uid, previousReplicas, nextReplicas };
    const verdict = told === undefined ? judgeRecovery(pending, await inputs.readTarget()) : 'Told';
    if (verdict === 'Unknown') return false;
    if (verdict === 'NotApplied' || verdict === 'Superseded') {
      await end(inputs, { decision: intent.decision as Decision, appliedAt }, verdict);
    } else if (told?.result === 'Aborted' && appliedAt === undefined) {
      const reason = 'EndedElsewhere';
      await journal.append({ kind: 'Aborted', decisionId, at: now, reason, message: told.message });
    } else {
      const outcome = told === undefined ? unmeasured(now, ENDED_ELSEWHERE) : outcomeFromStatus(told);
      await journal.append({ kind: 'Closed', decisionId, at: now, outcome });
    }
  }
  return true;
}

const ENDED_ELSEWHERE = 'another process has ended this decision, and the status shows it no more';

/** The crash came between the journal's ending and the status: the ending is there already, and only to be shown. */
async function endingInJournal(
  { journal, policy, status, now }: RecoveryInputs,
  pending: PendingIntent,
): Promise<ClosedDecision | undefined> {
  const ending = journal.endingOf(pending.decisionId);
  if (ending === undefined) return undefined;
  const decision = decisionFromStatus(status, policy, pending);
  for await (const { record } of journal.records()) {
    if (record.kind !== 'Aborted' && record.kind !== 'Closed') continue;
    if (record.decisionId !== pending.decisionId) continue;
    const outcome =
      record.kind === 'Closed'
        ? (record.outcome as Outcome)
        : abortedOutcome(record.at, record.reason, record.message);
    return { decision, outcome };
  }
  const message = 'the record of its ending is no longer kept';
  const outcome = ending === 'Aborted' ? abortedOutcome(now, 'Forgotten', message) : unmeasured(now, message);
  return { decision, outcome };
}

interface KnownIntent {
  readonly decision: Decision;
  /** When the API server accepted it, where the journal says so. */
  readonly appliedAt: number | undefined;
}

async function ensureIntent(inputs: RecoveryInputs, pending: PendingIntent): Promise<KnownIntent> {
  const open = inputs.journal.openIntents().find(({ intent }) => intent.decisionId === pending.decisionId);
  if (open !== undefined) return { decision: open.intent.decision as Decision, appliedAt: open.appliedAt };
  // The journal was lost with its disk; the API server's record takes its place.
  const decision = decisionFromStatus(inputs.status, inputs.policy, pending);
  await inputs.journal.append(recordOf('Intent', decision));
  return { decision, appliedAt: undefined };
}

/** The ending of an intent that the target does not carry (any more). */
async function end(
  { journal, now }: RecoveryInputs,
  { decision, appliedAt }: KnownIntent,
  verdict: 'NotApplied' | 'Superseded',
): Promise<ClosedDecision> {
  const { id: decisionId } = decision;
  if (appliedAt !== undefined) {
    // It was on the target once: "aborted" would be untrue, and the journal refuses it.
    const outcome = unmeasured(now, 'the target was changed while no operator was there to measure');
    await journal.append({ kind: 'Closed', decisionId, at: now, outcome });
    return { decision, outcome };
  }
  const message =
    verdict === 'NotApplied'
      ? 'the operator restarted before the change reached the target'
      : 'the operator restarted, and the target has changed since';
  await journal.append({ kind: 'Aborted', decisionId, at: now, reason: verdict, message });
  return { decision, outcome: abortedOutcome(now, verdict, message) };
}

async function ensureApplied(
  { journal, now }: RecoveryInputs,
  { decision, appliedAt }: KnownIntent,
): Promise<number> {
  if (appliedAt !== undefined) return Math.min(appliedAt, now);
  // When is not known. A cooldown that ends late does no harm, one that ends early does: it was just now.
  await journal.append({ kind: 'Applied', decisionId: decision.id, at: now });
  return now;
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
  const actionTimes = (status.decisions ?? [])
    .filter(({ state }) => state === 'Applied' || state === 'Closed')
    .map(({ time }) => Date.parse(time))
    .filter((at) => Number.isFinite(at))
    // The status has whole seconds: the last moment of it. Ahead of our clock is a clock that jumped: just now.
    .map((at) => Math.min(at + 999, now))
    .sort((a, b) => a - b);
  const lastActionAt = actionTimes.at(-1);
  return {
    ...observedSince(status, policy, now),
    ...(workload === undefined ? {} : { targetUid: workload.uid, replicas: workload.currentReplicas }),
    ...foreignChange(status, now),
    ...(lastActionAt === undefined ? {} : { lastActionAt }),
    actionTimes: actionTimes.filter((at) => at > now - 3_600_000),
    rollbackTimes: rollbackTimes(status, now),
  };
}

/** As many as the status still tells of: the breaker must not close because the operator restarted. */
function rollbackTimes(status: PolicyStatus, now: number): readonly number[] {
  return (status.decisions ?? [])
    .filter(({ state, guards }) => (state === 'Applied' || state === 'Closed') && guards.some(isRollback))
    .map(({ time }) => Math.min(Date.parse(time), now))
    .filter((at) => Number.isFinite(at))
    .sort((a, b) => a - b);
}

/** When the change was made is not in the status: counted from now, it errs on the side of the person who made it. */
function foreignChange(status: PolicyStatus, now: number): Pick<Remembered, 'foreignChange'> {
  const suspended = status.conditions?.find(({ type }) => type === 'ActionSuspended');
  const to = status.workloads?.[0]?.currentReplicas;
  if (suspended?.reason !== 'ManualChange' || to === undefined) return {};
  return { foreignChange: { at: now, from: undefined, to } };
}

function observedSince(
  status: PolicyStatus,
  policy: PolicyView,
  now: number,
): Pick<Remembered, 'observedSince'> {
  const condition = status.conditions?.find(({ type }) => type === 'ObservationComplete');
  if (condition === undefined) return {};
  if (condition.status === 'True') return { observedSince: Math.min(policy.createdAt, now) };
  const since = Date.parse(condition.lastTransitionTime);
  return Number.isFinite(since) ? { observedSince: Math.min(since, now) } : {};
}
