import { attributionSeconds, effectSeconds } from './attribution-window.ts';
import type { OutcomeSlice } from './outcome-slice.ts';
import {
  addReplicas,
  addTime,
  censor,
  closeTally,
  openTally,
  type OutcomeTally,
  type TalliedOutcome,
} from './outcome-tally.ts';

/**
 * Which decision is what comes put down to? While windows overlap, each second belongs to exactly one of them: to the
 * last decision that is felt by then. An increase is felt once its pods serve, a decrease at once; from that moment
 * those before it are over. Before any is felt, the earliest has it. Replicas that are ordered and not yet felt are
 * paid for by whoever ordered them: what is beyond the owner's own count goes to the last decision under way.
 *
 * That is the eligibility of a trace that hands over as a whole (Sutton & Barto, 2nd edition, 12.1, with the new
 * action replacing the old): a fading share would charge an earlier decision with what the later one has changed.
 */
export interface DecisionAttribution {
  /** In the order in which they were applied. */
  open: readonly OpenDecision[];
}

interface OpenDecision {
  readonly decisionId: string;
  readonly action: 'ScaleUp' | 'ScaleDown';
  readonly to: number;
  readonly appliedAt: number;
  readonly feltAt: number;
  readonly until: number;
  readonly tally: OutcomeTally;
}

/** A decision that has reached its target. */
export interface AppliedDecision {
  readonly decisionId: string;
  readonly action: 'ScaleUp' | 'ScaleDown';
  readonly from: number;
  readonly to: number;
  /** ms since the epoch. */
  readonly appliedAt: number;
  /** 90th percentile of the pods' start-up. */
  readonly slowStartupSeconds: number;
}

/** What is put down to one decision. `outcome.windowSeconds` is the time that was its own. */
export interface AttributedOutcome extends TalliedOutcome {
  readonly decisionId: string;
  readonly endedAt: number;
  readonly end: AttributionEnd;
  /** The part of the decision's whole window that was its own, 0 … 1. */
  readonly share: number;
}

export type AttributionEnd = 'Complete' | 'Superseded' | 'Override' | 'TargetReplaced';

/**
 * An increase in every tick of a pod that starts in an hour would keep hundreds open; of so many the oldest is over, for
 * what comes is no more its doing than that of those after it.
 */
const MOST_OPEN = 16;

export function createDecisionAttribution(): DecisionAttribution {
  return { open: [] };
}

/**
 * Begins a decision's window; one that is open stays as it is. Returns what was ended for it: only where too many are open.
 */
export function openAttribution(
  attribution: DecisionAttribution,
  applied: AppliedDecision,
): readonly AttributedOutcome[] {
  const { decisionId, action, from, to, appliedAt, slowStartupSeconds } = applied;
  // After a restart with what was remembered, it is told again that it was applied.
  if (attribution.open.some((known) => known.decisionId === decisionId)) return [];
  const tally = openTally();
  tally.replicasChanged = Math.abs(to - from);
  tally.changes = 1;
  const felt = appliedAt + 1000 * effectSeconds(action, slowStartupSeconds);
  const until = appliedAt + 1000 * attributionSeconds(slowStartupSeconds);
  const decision = { decisionId, action, to, appliedAt, feltAt: felt, until, tally };
  const open = [...attribution.open, decision].sort((a, b) => a.appliedAt - b.appliedAt);
  const tooMany = Math.max(0, open.length - MOST_OPEN);
  attribution.open = open.slice(tooMany);
  return open.slice(0, tooMany).map((old) => ended(old, appliedAt, 'Superseded'));
}

/** A decision of the future of a clock that stepped back was taken just now, or its window would stay open for ever. */
export function turnAttributionBack(attribution: DecisionAttribution, now: number): void {
  if (attribution.open.every(({ appliedAt }) => appliedAt <= now)) return;
  attribution.open = attribution.open.map((decision) => {
    const ahead = Math.max(0, decision.appliedAt - now);
    const { appliedAt, feltAt, until } = decision;
    return { ...decision, appliedAt: appliedAt - ahead, feltAt: feltAt - ahead, until: until - ahead };
  });
}

/** Puts what came in a slice down to the open decisions; returns those whose window is over. */
export function attribute(
  attribution: DecisionAttribution,
  slice: OutcomeSlice,
): readonly AttributedOutcome[] {
  const { open } = attribution;
  if (open.length === 0) return [];
  for (const { tally, appliedAt } of open) if (appliedAt < slice.to) censor(tally, slice.censoring);
  if (slice.rolledBack) {
    const undone = open.findLast(({ action }) => action === 'ScaleDown');
    // It is undone once, however often the attempt has to be repeated.
    if (undone !== undefined) undone.tally.rollbacks = 1;
  }
  const over: AttributedOutcome[] = [];
  for (let at = slice.from; at < slice.to;) {
    over.push(...endUntil(attribution, at));
    const next = nextChange(attribution.open, at, slice.to);
    putDown(attribution.open, slice, at, next);
    at = next;
  }
  over.push(...endUntil(attribution, slice.to), ...endAll(attribution, slice));
  return over;
}

/** Ends what is over at `at`: windows that have run to their end, and those before the last decision that is felt. */
function endUntil(attribution: DecisionAttribution, at: number): readonly AttributedOutcome[] {
  const { open } = attribution;
  const lastFelt = open.findLastIndex(({ feltAt }) => feltAt <= at);
  const over: AttributedOutcome[] = [];
  attribution.open = open.filter((decision, index) => {
    const complete = decision.until <= at;
    if (!complete && index >= lastFelt) return true;
    over.push(ended(decision, at, complete ? 'Complete' : 'Superseded'));
    return false;
  });
  return over;
}

function endAll(
  attribution: DecisionAttribution,
  { to, censoring }: OutcomeSlice,
): readonly AttributedOutcome[] {
  const why = (['TargetReplaced', 'Override'] as const).find((reason) => censoring.includes(reason));
  if (why === undefined) return [];
  const over = attribution.open.filter(({ appliedAt }) => appliedAt < to);
  attribution.open = attribution.open.filter(({ appliedAt }) => appliedAt >= to);
  return over.map((decision) => ended(decision, to, why));
}

/** The next moment after `at` at which another decision may own the time; `to` at the latest. */
function nextChange(open: readonly OpenDecision[], at: number, to: number): number {
  let next = to;
  for (const { appliedAt, feltAt, until } of open) {
    for (const change of [appliedAt, feltAt, until]) if (change > at && change < next) next = change;
  }
  return next;
}

function putDown(open: readonly OpenDecision[], slice: OutcomeSlice, from: number, to: number): void {
  const begun = open.filter(({ appliedAt }) => appliedAt <= from);
  const owner = begun.findLast(({ feltAt }) => feltAt <= from) ?? begun[0];
  const last = begun.at(-1);
  if (owner === undefined || last === undefined) return;
  const share = (to - from) / (slice.to - slice.from);
  addTime(owner.tally, slice, share);
  const replicas = slice.replicaSeconds / slice.seconds;
  const beyond = last === owner || !(replicas > owner.to) ? 0 : (replicas - owner.to) / replicas;
  addReplicas(owner.tally, slice, share * (1 - beyond));
  if (beyond > 0) addReplicas(last.tally, slice, share * beyond);
}

function ended(decision: OpenDecision, endedAt: number, end: AttributionEnd): AttributedOutcome {
  const { decisionId, appliedAt, until, tally } = decision;
  const share = (1000 * tally.seconds) / (until - appliedAt);
  return { decisionId, endedAt, end, share: Math.min(1, share), ...closeTally(tally) };
}
