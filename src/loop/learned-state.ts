import { IDLE } from './execute/intent.ts';
import type { ReplicaChange, ReplicaWatch } from './monitor/replica-watch.ts';
import type { PolicyView } from './policy-view.ts';
import { createRollbacks } from './guard/rollback.ts';
import { adoptSpec, type PolicyState } from './state.ts';

/**
 * What time has taught about a policy, and what a checkpoint keeps of it: everything but the execution, whose truth
 * is in journal, status and target.
 */
export type LearnedState = Omit<PolicyState, 'execution'>;

export function learnedOf(state: PolicyState): LearnedState {
  const { execution, ...learned } = state;
  return learned;
}

/**
 * The state of a policy after a restart: what was learned, on what status, target and journal say. Those are newer
 * than any checkpoint, so that they decide what was done to the target; the checkpoint knows the same moments to the
 * millisecond, and not only to the second. What was learned about another target, or about a metric that the spec
 * does not have any more, is left out. Takes ownership of both.
 */
export function withLearned(found: PolicyState, learned: LearnedState, policy: PolicyView): PolicyState {
  if (isAboutAnotherTarget(found, learned)) return found;
  const lastActions = joinTimes(timesOf(learned.lastActionAt), timesOf(found.lastActionAt));
  const state: PolicyState = {
    ...learned,
    execution: IDLE,
    targetUid: found.targetUid ?? learned.targetUid,
    observedSince: Math.min(found.observedSince, learned.observedSince),
    replicas: {
      ...found.replicas,
      known: found.replicas.known ?? learned.replicas.known,
      change: lastChange(found.replicas, learned.replicas),
    },
    safety: {
      ...learned.safety,
      rollbacks: {
        ...learned.safety.rollbacks,
        times: createRollbacks(joinTimes(learned.safety.rollbacks.times, found.safety.rollbacks.times)).times,
      },
    },
    lastActionAt: lastActions.at(-1),
    actionTimes: joinTimes(learned.actionTimes, found.actionTimes),
  };
  return adoptSpec(state, policy);
}

function isAboutAnotherTarget(found: PolicyState, learned: LearnedState): boolean {
  return (
    found.targetUid !== undefined && learned.targetUid !== undefined && found.targetUid !== learned.targetUid
  );
}

/**
 * The last change by somebody else. A status says that there is one; the time at which it was seen is in the checkpoint
 * alone, if it was made before.
 */
function lastChange(found: ReplicaWatch, learned: ReplicaWatch): ReplicaChange | undefined {
  if (found.change === undefined) return learned.change;
  const inForce = learned.change?.to === learned.known && learned.change?.to === found.change.to;
  return inForce ? learned.change : found.change;
}

/** A status dates an action by the second of its decision; that it was accepted is known up to a minute later. */
const SAME_ACTION_MS = 60_000;

/** The exact times, and those of the coarse ones that are about other actions. Both ascending, as is the result. */
function joinTimes(exact: readonly number[], coarse: readonly number[]): readonly number[] {
  const free = new Set(exact);
  const others = coarse.toReversed().filter((time) => {
    const same = exact.findLast((at) => free.has(at) && at > time - 1000 && at < time + SAME_ACTION_MS);
    if (same !== undefined) free.delete(same);
    return same === undefined;
  });
  return [...exact, ...others].sort((a, b) => a - b);
}

function timesOf(time: number | undefined): readonly number[] {
  return time === undefined ? [] : [time];
}
