import type { ObjectiveTerms } from '../monitor/objective.ts';
import type { Decision } from './decision.ts';
import type { Outcome, OutcomeResult } from './outcome.ts';

/**
 * What is measured between an action and the verdict on it. The window is long enough for the new pods to
 * start and for the objective to answer; it closes early when the next action begins.
 */
export interface OutcomeWindow {
  readonly decision: Decision;
  readonly openedAt: number;
  readonly until: number;
  lastAt: number;
  observedMs: number;
  measuredMs: number;
  violatedMs: number;
  replicaMs: number;
}

/** A tick that comes much later than the last says nothing about the time between: count at most this much. */
const MAX_GAP_MS = 60_000;

/** Below this share of measured time the verdict would be a guess. */
const MIN_MEASURED_SHARE = 0.5;

export function openWindow(decision: Decision, openedAt: number, lengthMs: number): OutcomeWindow {
  return {
    decision,
    openedAt,
    until: openedAt + lengthMs,
    lastAt: openedAt,
    observedMs: 0,
    measuredMs: 0,
    violatedMs: 0,
    replicaMs: 0,
  };
}

/** Adds the time since the last call. `violated` is undefined when no indicator was fresh. */
export function observeWindow(
  window: OutcomeWindow,
  now: number,
  violated: boolean | undefined,
  replicas: number,
): void {
  const elapsed = Math.min(Math.max(0, now - window.lastAt), MAX_GAP_MS);
  window.lastAt = Math.max(window.lastAt, now);
  window.observedMs += elapsed;
  window.replicaMs += elapsed * replicas;
  if (violated === undefined) return;
  window.measuredMs += elapsed;
  if (violated) window.violatedMs += elapsed;
}

/** The verdict. `ended` names an early end; undefined means that the window ran to its end. */
export function closeWindow(
  window: OutcomeWindow,
  now: number,
  terms: ObjectiveTerms | undefined,
  ended?: Extract<OutcomeResult, 'Superseded' | 'UndoneByPerson'>,
): Outcome {
  const result = ended ?? judge(window, terms);
  const replicaSeconds = Math.round(window.replicaMs / 1000);
  const price = terms?.replicaHourPrice;
  const numbers = {
    observedSeconds: Math.round(window.observedMs / 1000),
    measuredSeconds: Math.round(window.measuredMs / 1000),
    violatedSeconds: Math.round(window.violatedMs / 1000),
    replicaSeconds,
  };
  return {
    result,
    at: now,
    ...numbers,
    ...(price === undefined ? {} : { cost: (replicaSeconds / 3600) * price }),
    message: describe(result, numbers),
  };
}

function judge(window: OutcomeWindow, terms: ObjectiveTerms | undefined): OutcomeResult {
  if (terms === undefined || window.observedMs === 0) return 'Unmeasured';
  if (window.measuredMs < MIN_MEASURED_SHARE * window.observedMs) return 'Unmeasured';
  return window.violatedMs > terms.allowedShare * window.measuredMs ? 'Violated' : 'Met';
}

interface Numbers {
  readonly observedSeconds: number;
  readonly measuredSeconds: number;
  readonly violatedSeconds: number;
}

function describe(result: OutcomeResult, n: Numbers): string {
  const violated = `objective violated for ${n.violatedSeconds} of ${n.measuredSeconds} measured seconds`;
  switch (result) {
    case 'Met':
    case 'Violated':
      return violated;
    case 'Unmeasured':
      return `the objective was measured for ${n.measuredSeconds} of ${n.observedSeconds} seconds: no verdict`;
    case 'Superseded':
      return `the next decision came after ${n.observedSeconds} s; until then ${violated}`;
    case 'UndoneByPerson':
      return `somebody changed the replicas again after ${n.observedSeconds} s; until then ${violated}`;
    case 'Aborted':
      return 'never applied';
  }
}
