import type { DecreaseUnderWatch } from '../guard/rollback.ts';
import type { ObjectiveTerms } from '../monitor/objective.ts';
import { short } from '../short.ts';
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
  /** Counts of requests when the window was first and last looked at; undefined while nobody counts them. */
  countedFrom: RequestCounts | undefined;
  countedTo: RequestCounts | undefined;
}

export interface RequestCounts {
  readonly requests: number;
  readonly badRequests: number;
}

/** What is known at one moment. */
export interface WindowMoment {
  readonly now: number;
  /** Undefined while nobody can tell. */
  readonly violated: boolean | undefined;
  readonly replicas: number;
  readonly counts?: RequestCounts | undefined;
}

/** Why a window ends before its time. */
export type EarlyEnd = 'Superseded' | 'RolledBack' | 'UndoneByPerson' | 'TargetReplaced';

/** A tick that comes much later than the last says nothing about the time between: count at most this much. */
const MAX_GAP_MS = 60_000;

/** Below this measured share of the window the verdict would be a guess. */
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
    countedFrom: undefined,
    countedTo: undefined,
  };
}

/** Adds the time since the last call, up to the window's end. */
export function observeWindow(
  window: OutcomeWindow,
  { now, violated, replicas, counts }: WindowMoment,
): void {
  if (counts !== undefined) {
    window.countedFrom ??= counts;
    window.countedTo = counts;
  }
  const at = Math.min(now, window.until);
  const elapsed = Math.min(Math.max(0, at - window.lastAt), MAX_GAP_MS);
  window.lastAt = Math.max(window.lastAt, at);
  window.observedMs += elapsed;
  window.replicaMs += elapsed * replicas;
  if (violated === undefined) return;
  window.measuredMs += elapsed;
  if (violated) window.violatedMs += elapsed;
}

/** A window that was opened in the future of a clock that stepped back begins now, or it would stay open for ever. */
export function turnWindowBack(window: OutcomeWindow, now: number): OutcomeWindow {
  if (window.lastAt <= now) return window;
  if (window.openedAt <= now) return { ...window, lastAt: now };
  return { ...window, openedAt: now, until: now + window.until - window.openedAt, lastAt: now };
}

/** The decrease whose outcome is being measured, by an objective that promises something; undefined otherwise. */
export function decreaseUnderWatch(
  execution: { readonly phase: string; readonly window?: OutcomeWindow },
  terms: ObjectiveTerms | undefined,
): Omit<DecreaseUnderWatch, 'badShareBefore' | 'violatedNow'> | undefined {
  const { window } = execution;
  if (window === undefined || terms === undefined || window.decision.action !== 'ScaleDown') return undefined;
  const { decision, measuredMs, violatedMs } = window;
  return {
    decisionId: decision.id,
    from: decision.from,
    measuredMs,
    violatedMs,
    allowedShare: terms.allowedShare,
  };
}

/** The verdict. `ended` names an early end; undefined means that the window ran to its end. */
export function closeWindow(
  window: OutcomeWindow,
  now: number,
  terms: ObjectiveTerms | undefined,
  ended?: EarlyEnd,
): Outcome {
  const replicaSeconds = Math.round(window.replicaMs / 1000);
  const price = terms?.replicaHourPrice;
  return {
    result: ended === undefined ? judge(window, terms) : EARLY_RESULT[ended],
    at: now,
    observedSeconds: Math.round(window.observedMs / 1000),
    measuredSeconds: Math.round(window.measuredMs / 1000),
    violatedSeconds: Math.round(window.violatedMs / 1000),
    replicaSeconds,
    ...(price === undefined ? {} : { cost: (replicaSeconds / 3600) * price }),
    message: describe(window, terms, ended),
  };
}

const EARLY_RESULT = {
  Superseded: 'Superseded',
  // Bad enough to be undone is bad enough for a verdict, however short the time was.
  RolledBack: 'Violated',
  UndoneByPerson: 'UndoneByPerson',
  TargetReplaced: 'Unmeasured',
} as const satisfies Record<EarlyEnd, OutcomeResult>;

function judge(window: OutcomeWindow, terms: ObjectiveTerms | undefined): OutcomeResult {
  const { openedAt, until, measuredMs, violatedMs } = window;
  // Of the whole window and not of what was observed: a minute seen by chance says nothing about the rest.
  if (terms === undefined || measuredMs === 0 || measuredMs < MIN_MEASURED_SHARE * (until - openedAt)) {
    return 'Unmeasured';
  }
  const counted = countedIn(window);
  if (terms.allowedBadShare !== undefined && counted !== undefined) {
    return counted.bad > terms.allowedBadShare * counted.all ? 'Violated' : 'Met';
  }
  return violatedMs > terms.allowedShare * measuredMs ? 'Violated' : 'Met';
}

/** Requests while the window was open; undefined when none was counted. */
function countedIn({ countedFrom, countedTo }: OutcomeWindow): { all: number; bad: number } | undefined {
  if (countedFrom === undefined || countedTo === undefined) return undefined;
  const all = countedTo.requests - countedFrom.requests;
  return all > 0 ? { all, bad: countedTo.badRequests - countedFrom.badRequests } : undefined;
}

const EARLY_WORDS = {
  Superseded: 'the next decision came',
  RolledBack: 'it was undone',
  UndoneByPerson: 'somebody changed the replicas again',
  TargetReplaced: 'the target was replaced by another object',
} as const satisfies Record<EarlyEnd, string>;

function describe(window: OutcomeWindow, terms: ObjectiveTerms | undefined, ended?: EarlyEnd): string {
  const seconds = (ms: number): number => Math.round(ms / 1000);
  const measured = seconds(window.measuredMs);
  const counted = terms?.allowedBadShare === undefined ? undefined : countedIn(window);
  const violated =
    counted === undefined
      ? `objective violated for ${seconds(window.violatedMs)} of ${measured} measured seconds`
      : `${short((100 * counted.bad) / counted.all)} % of ${short(counted.all)} requests were bad in ${measured} measured seconds`;
  const unknown = terms === undefined ? 'no objective is set' : 'the objective was not measured';
  const told = terms === undefined || measured === 0 ? unknown : violated;
  if (ended !== undefined) {
    return `${EARLY_WORDS[ended]} after ${seconds(window.observedMs)} s; until then ${told}`;
  }
  if (terms === undefined) return `${unknown}: no verdict`;
  if (judge(window, terms) !== 'Unmeasured') return violated;
  const length = seconds(window.until - window.openedAt);
  return `the objective was measured for ${measured} of ${length} seconds: no verdict`;
}
