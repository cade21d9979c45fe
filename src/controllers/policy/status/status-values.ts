import type { PolicyStatus } from '../../../api/policy-status.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import { clip, MAX_MESSAGE_LENGTH } from '../../../api/schema/text.ts';
import type { Decision } from '../../../loop/execute/decision.ts';
import type { Outcome } from '../../../loop/execute/outcome.ts';
import { decisionBasis } from '../decision-basis.ts';
import { memoryStatus } from './memory-status.ts';
import { quantityText } from './quantity-text.ts';
import { timeText } from './time-text.ts';

// From the loop's values to the API's: no floats, times as text, messages within their limits.

export type DecisionStatus = NonNullable<PolicyStatus['decisions']>[number];
export type PendingStatus = NonNullable<PolicyStatus['pending']>;

export function decisionStatus(decision: Decision, state: DecisionStatus['state']): DecisionStatus {
  return {
    id: decision.id,
    time: timeText(decision.at),
    mode: decision.mode,
    action: decision.action,
    from: decision.from,
    to: decision.to,
    state,
    message: clip(decision.message, MAX_MESSAGE_LENGTH),
    proposals: decision.proposals.map(({ source, metric, replicas, detail }) => ({
      source,
      metric,
      replicas,
      detail,
    })),
    guards: decision.guards.map(({ guard, outcome, before, after, reason, message }) => ({
      guard,
      outcome,
      before,
      after,
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message: clip(message, MAX_MESSAGE_LENGTH) }),
    })),
    ...decisionBasis(decision),
    ...(decision.memory === undefined ? {} : { memory: memoryStatus(decision.memory) }),
  };
}

export function outcomeStatus(outcome: Outcome): NonNullable<DecisionStatus['outcome']> {
  return {
    result: outcome.result,
    endTime: timeText(outcome.at),
    observedSeconds: outcome.observedSeconds,
    violatedSeconds: outcome.violatedSeconds,
    replicaSeconds: outcome.replicaSeconds,
    ...(outcome.cost === undefined ? {} : { cost: quantityText(outcome.cost) }),
    message: clip(outcome.message, MAX_MESSAGE_LENGTH),
  };
}

/** As far as the status tells it. */
export function outcomeFromStatus(outcome: NonNullable<DecisionStatus['outcome']>): Outcome {
  const { result, endTime, observedSeconds, violatedSeconds, replicaSeconds, cost, message } = outcome;
  return {
    result,
    at: Date.parse(endTime),
    observedSeconds,
    measuredSeconds: observedSeconds,
    violatedSeconds,
    replicaSeconds,
    ...(cost === undefined ? {} : { cost: parseQuantity(cost) }),
    message,
  };
}

/** What recovery needs of a decision's status entry, back in the loop's terms. */
export function pendingStatus(decision: Decision, outcomeWindowSeconds: number): PendingStatus {
  return {
    decisionId: decision.id,
    targetUid: decision.target.uid,
    previousReplicas: decision.from,
    nextReplicas: decision.to,
    startTime: timeText(decision.at),
    deadlineTime: timeText(decision.at + outcomeWindowSeconds * 1000),
    epoch: decision.epoch,
  };
}
