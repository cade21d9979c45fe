import type { ObjectiveTerms } from '../monitor/objective.ts';
import type { Decision } from './decision.ts';
import type { Effect, Refusal } from './effect.ts';
import { abortedOutcome } from './outcome.ts';
import { closeWindow, openWindow, type EarlyEnd, type OutcomeWindow } from './outcome-window.ts';

/**
 * The intent protocol as a state machine: intend (durable) → apply (one patch) → observe → close. Any crash
 * between two of these leaves a state that `recover.ts` maps to exactly one ending.
 */
export type Execution =
  | { readonly phase: 'Idle' }
  | { readonly phase: 'Intending'; readonly decision: Decision }
  | { readonly phase: 'Applying'; readonly decision: Decision }
  | { readonly phase: 'Observing'; readonly window: OutcomeWindow };

export interface Transition {
  readonly execution: Execution;
  readonly effects: readonly Effect[];
}

export const IDLE: Execution = { phase: 'Idle' };

/** A decision is taken: an open outcome window gives way to it, then the intent is made durable. One at a time. */
export function intend(
  execution: Execution,
  decision: Decision,
  terms: ObjectiveTerms | undefined,
  ended: EarlyEnd = 'Superseded',
): Transition {
  if (inFlight(execution)) return { execution, effects: [] };
  const closing = execution.phase === 'Observing' ? close(execution, decision.at, terms, ended).effects : [];
  return {
    execution: { phase: 'Intending', decision },
    effects: [...closing, { type: 'StoreIntent', decision }],
  };
}

/** The intent is fsynced and visible in `status.pending`: now it may be applied. */
export function intentStored(execution: Execution, decisionId: string): Transition {
  if (execution.phase !== 'Intending' || execution.decision.id !== decisionId)
    return { execution, effects: [] };
  const { decision } = execution;
  return { execution: { phase: 'Applying', decision }, effects: [{ type: 'ApplyReplicas', decision }] };
}

/** The target carries the new value and the decision's annotation. */
export function applied(execution: Execution, decisionId: string, at: number, windowMs: number): Transition {
  if (execution.phase !== 'Applying' || execution.decision.id !== decisionId)
    return { execution, effects: [] };
  const { decision } = execution;
  return {
    execution: { phase: 'Observing', window: openWindow(decision, at, windowMs) },
    effects: [
      { type: 'RecordApplied', decision, at },
      {
        type: 'Announce',
        level: 'Normal',
        reason: decision.action === 'ScaleUp' ? 'ScaledUp' : 'ScaledDown',
        note: decision.message,
      },
    ],
  };
}

/** Not stored or not applied, for certain: the intent ends here. */
export function refused(execution: Execution, decisionId: string, refusal: Refusal): Transition {
  if (!inFlight(execution) || execution.decision.id !== decisionId) return { execution, effects: [] };
  return abort(execution.decision, refusal);
}

/** After a restart: the decision is on the target already, and only its outcome is open. */
export function resumed(
  execution: Execution,
  decision: Decision,
  appliedAt: number,
  windowMs: number,
): Transition {
  if (execution.phase !== 'Idle') return { execution, effects: [] };
  return {
    execution: { phase: 'Observing', window: openWindow(decision, appliedAt, windowMs) },
    effects: [],
  };
}

/** Is a decision on its way to the target, so that no other may be begun? */
export function inFlight(
  execution: Execution,
): execution is Extract<Execution, { phase: 'Intending' | 'Applying' }> {
  return execution.phase === 'Intending' || execution.phase === 'Applying';
}

/** The ending of an intent that never reached the target. */
function abort(decision: Decision, refusal: Refusal): Transition {
  const { at, reason, message } = refusal;
  const outcome = abortedOutcome(at, reason, message);
  return {
    execution: IDLE,
    effects: [
      { type: 'RecordAborted', closed: { decision, outcome }, refusal },
      {
        type: 'Announce',
        level: 'Warning',
        reason: 'ActionAborted',
        note: `${decision.message} Not applied: ${message}`,
      },
    ],
  };
}

/** The window is over, complete or early. */
export function close(
  execution: Extract<Execution, { phase: 'Observing' }>,
  now: number,
  terms: ObjectiveTerms | undefined,
  ended?: EarlyEnd,
): Transition {
  const outcome = closeWindow(execution.window, now, terms, ended);
  return {
    execution: IDLE,
    effects: [{ type: 'RecordClosed', closed: { decision: execution.window.decision, outcome } }],
  };
}
