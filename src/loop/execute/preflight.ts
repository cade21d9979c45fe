import type { TargetProblem, TargetView } from '../monitor/observation.ts';
import type { Decision } from './decision.ts';
import type { Refusal } from './effect.ts';

/** What is true at the moment of sending, read live and not from a cache. Times in ms. */
export interface LiveFacts {
  readonly now: number;
  readonly target: TargetView | TargetProblem;
  /** The policy by the newest word of the watch; undefined when it is gone. */
  readonly policy: { readonly generation: number; readonly suspended: boolean } | undefined;
  /** This process holds the lease, by its own monotonic clock, for at least the length of a request. */
  readonly acting: boolean;
}

/**
 * A decision that waited longer than this is not sent any more. Its measurements are fresh enough for longer (invariant
 * I3), but whoever recovers it after a crash has to wait until it cannot arrive any more: this, and the deadline of
 * the request itself.
 */
export const MAX_DECISION_AGE_MS = 10_000;

/** The last look before the patch: everything the decision rests on must still be so. */
export function preflight(decision: Decision, live: LiveFacts): Refusal | undefined {
  const refuse = (reason: string, message: string): Refusal => ({ at: live.now, reason, message });
  if (!live.acting) return refuse('NotLeader', 'the lease was lost before the change was sent');
  if (live.now - decision.at > MAX_DECISION_AGE_MS)
    return refuse('Expired', 'the decision is too old to be sent');
  if (live.policy?.generation !== decision.policy.generation) {
    return refuse('PolicyChanged', 'the policy was edited or deleted since the decision');
  }
  if (live.policy.suspended) return refuse('Suspended', 'the policy was suspended since the decision');
  return targetRefusal(decision, live.target, refuse);
}

function targetRefusal(
  decision: Decision,
  target: TargetView | TargetProblem,
  refuse: (reason: string, message: string) => Refusal,
): Refusal | undefined {
  if ('problem' in target) return refuse('TargetGone', target.message);
  if (target.uid !== decision.target.uid)
    return refuse('TargetReplaced', 'the target was deleted and made again');
  if (target.specReplicas !== decision.from) {
    return refuse('TargetChanged', `replicas are ${target.specReplicas} now, and not ${decision.from}`);
  }
  if (target.deleting || target.paused)
    return refuse('TargetChanged', 'the target is paused or being deleted');
  if (target.rolloutInProgress && decision.to < decision.from)
    return refuse('RolloutInProgress', 'a rollout began since the decision: no decrease until it is done');
  if (target.ownership.rivals.length > 0) {
    return refuse('ConflictingAutoscaler', `${target.ownership.rivals.join(', ')} also sets the replicas`);
  }
  return undefined;
}
