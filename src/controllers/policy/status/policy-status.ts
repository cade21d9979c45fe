import type { Condition, PolicyStatus } from '../../../api/policy-status.ts';
import type { Decision } from '../../../loop/execute/decision.ts';
import type { ClosedDecision } from '../../../loop/execute/effect.ts';
import type { PolicyView } from '../../../loop/policy-view.ts';
import type { LoopReport } from '../../../loop/report.ts';
import { decisionStatus, outcomeStatus, pendingStatus, type DecisionStatus } from './status-values.ts';
import { workloadStatus } from './workload-status.ts';

/** The API's limit on `status.decisions`. */
const MAX_DECISIONS = 10;

/** The status after a tick: what was found, what is recommended. Decisions and `pending` stay as they are. */
export function observedStatus(
  previous: PolicyStatus,
  policy: PolicyView,
  report: LoopReport,
  conditions: readonly Condition[],
): PolicyStatus {
  const workload = workloadStatus(policy, report);
  return {
    ...previous,
    observedGeneration: policy.generation,
    conditions: [...conditions],
    workloads: workload === undefined ? [] : [workload],
  };
}

/** A decision is about to be carried out: the compare-and-swap that every later leader will find. */
export function withIntent(
  status: PolicyStatus,
  decision: Decision,
  outcomeWindowSeconds: number,
): PolicyStatus {
  return {
    ...withDecision(status, decisionStatus(decision, 'Intended')),
    pending: pendingStatus(decision, outcomeWindowSeconds),
  };
}

export function withProposal(status: PolicyStatus, decision: Decision): PolicyStatus {
  return withDecision(status, decisionStatus(decision, 'Proposed'));
}

export function withApplied(status: PolicyStatus, decision: Decision): PolicyStatus {
  return withDecision(status, decisionStatus(decision, 'Applied'));
}

/** The one ending of a decision; `pending` goes with it, unless a later decision has taken its place. */
export function withEnding(status: PolicyStatus, { decision, outcome }: ClosedDecision): PolicyStatus {
  const state = outcome.result === 'Aborted' ? 'Aborted' : 'Closed';
  const ended = withDecision(status, { ...decisionStatus(decision, state), outcome: outcomeStatus(outcome) });
  if (ended.pending?.decisionId !== decision.id) return ended;
  const { pending, ...rest } = ended;
  return rest;
}

function withDecision(status: PolicyStatus, entry: DecisionStatus): PolicyStatus {
  const decisions = status.decisions ?? [];
  const index = decisions.findIndex(({ id }) => id === entry.id);
  // A decision that was read back from the status itself no longer knows what it rested on.
  const next =
    index === -1 ? [entry, ...decisions] : decisions.with(index, { ...decisions[index], ...entry });
  return { ...status, decisions: next.slice(0, MAX_DECISIONS) };
}

/**
 * What makes a status worth writing at once. The numbers of metrics and forecasts move with every tick and
 * wait for the next refresh: a status that is written all the time wears out etcd and tells nobody more.
 */
export function significantPart(status: PolicyStatus): string {
  return JSON.stringify([
    status.observedGeneration,
    status.conditions?.map(({ type, status: value, reason, observedGeneration }) => [
      type,
      value,
      reason,
      observedGeneration,
    ]),
    status.workloads?.map((workload) => [
      workload.uid,
      workload.currentReplicas,
      workload.readyReplicas,
      workload.recommendedReplicas,
      workload.metrics?.map(({ name, quality, source }) => [name, quality, source]),
      workload.selection?.policy,
      workload.anomalies?.map(({ kind, signal, severity, since }) => [kind, signal, severity, since]),
    ]),
    status.pending?.decisionId,
    status.decisions?.map(({ id, state, outcome }) => [id, state, outcome?.result]),
  ]);
}
