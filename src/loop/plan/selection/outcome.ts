import { learnLinear } from './bandit/linear-model.ts';
import { addReward } from './bandit/tally.ts';
import { endChampion, endExploration } from './ledger.ts';
import { learnReplay } from './replay-learner.ts';
import { recordSuccess, type PendingChoice, type SelectionState } from './selection-state.ts';

/** What came of a choice. */
export interface ChoiceOutcome {
  readonly choiceId: string;
  /** Uid of the policy that chose. */
  readonly owner: string;
  /** When it was known, ms since the epoch. */
  readonly at: number;
  /** 0 … 1; null where nobody can tell. */
  readonly reward: number | null;
  /** Null where it cannot be judged. */
  readonly succeeded: boolean | null;
  /** Somebody or something else had a hand in it: says nothing about the arm. */
  readonly censored: boolean;
  /** What each arm would have come to, 0 … 1, NaN where not replayed; undefined where the replay is to be doubted. */
  readonly replayed?: Float64Array | undefined;
}

export type Learned =
  | { readonly kind: 'Learned' }
  /** The choice is over, and taught nothing but what replay tells. */
  | { readonly kind: 'Censored' }
  /** Nothing was changed. */
  | { readonly kind: 'Refused'; readonly reason: RefusedOutcome; readonly message: string };

export type RefusedOutcome =
  'UnknownChoice' | 'ForeignChoice' | 'RepeatedOutcome' | 'BeforeChoice' | 'InvalidReward' | 'InvalidReplay';

/** Ids that are known when they are told again; an older one is unknown, and refused as that. */
const REMEMBERED = 4;

/**
 * Takes in what came of a choice, in whatever order outcomes are told, one by one or many at once. Each counts once; what
 * cannot be is refused whole.
 */
export function learnOutcome(state: SelectionState, outcome: ChoiceOutcome): Learned {
  const choice = state.pending.find(({ id }) => id === outcome.choiceId);
  const refused = objection(state, outcome, choice);
  if (refused !== undefined || choice === undefined) return refused ?? unknown(outcome);
  state.pending = state.pending.filter((other) => other !== choice);
  state.settled = [...state.settled.slice(-(REMEMBERED - 1)), choice.id];
  const { reward, censored, succeeded, replayed } = outcome;
  const real = reward === null || censored ? undefined : { arm: choice.arm, reward };
  if (replayed !== undefined) takeWindow(state, outcome.at, { replayed, real });
  if (!censored && succeeded !== null) recordSuccess(state, choice.arm, succeeded);
  if (real === undefined) return { kind: 'Censored' };
  takeReward(state, choice, { reward: real.reward, baseline: replayed?.[choice.champion] ?? NaN });
  return { kind: 'Learned' };
}

interface MeasuredReward {
  readonly reward: number;
  /** What the champion would have come to; NaN where nobody knows. */
  readonly baseline: number;
}

function takeReward(state: SelectionState, choice: PendingChoice, measured: MeasuredReward): void {
  const { arm, features, offset } = choice;
  addReward(state.tally, arm, measured.reward);
  settleLedger(state, choice, measured);
  if (state.linear === undefined || features === undefined) return;
  learnLinear(state.linear, { arm, features, residual: measured.reward - offset });
}

/** A window without a choice: what every arm would have come to. False, and nothing changed, when it was taken in before. */
export function learnReplayedWindow(state: SelectionState, at: number, replayed: Float64Array): boolean {
  if (!Number.isFinite(at) || state.learnedAt >= at) return false;
  return takeWindow(state, at, { replayed, real: undefined });
}

function takeWindow(state: SelectionState, at: number, window: Parameters<typeof learnReplay>[1]): boolean {
  if (!learnReplay(state.replay, window)) return false;
  if (!(state.learnedAt > at)) state.learnedAt = at;
  return true;
}

function settleLedger(
  { ledger }: SelectionState,
  { reserve }: PendingChoice,
  { reward, baseline }: MeasuredReward,
): void {
  if (reserve === undefined) endChampion(ledger, reward);
  // Nobody knows what the champion would have come to: what was set aside stays spent.
  else if (!Number.isNaN(baseline)) endExploration(ledger, { reserve, reward, baseline });
}

function objection(
  state: SelectionState,
  outcome: ChoiceOutcome,
  choice: PendingChoice | undefined,
): Learned | undefined {
  const { choiceId, owner, at, reward, replayed } = outcome;
  const refuse = (reason: RefusedOutcome, message: string): Learned => ({ kind: 'Refused', reason, message });
  if (owner !== state.owner)
    return refuse('ForeignChoice', `${choiceId} belongs to ${owner}, this is ${state.owner}`);
  if (state.settled.includes(choiceId)) return refuse('RepeatedOutcome', `${choiceId} has its outcome`);
  if (choice === undefined) return unknown(outcome);
  if (!(at >= choice.at))
    return refuse('BeforeChoice', `${choiceId} was chosen at ${choice.at}, its outcome is of ${at}`);
  if (reward !== null && !isReward(reward))
    return refuse('InvalidReward', `${choiceId}: the reward is ${reward}, it must be between 0 and 1`);
  if (replayed === undefined) return undefined;
  const possible = replayed.every((one) => Number.isNaN(one) || isReward(one));
  if (replayed.length === state.arms.length && possible) return undefined;
  return refuse('InvalidReplay', `${choiceId}: replayed rewards must be ${state.arms.length} numbers 0 … 1`);
}

function unknown({ choiceId }: ChoiceOutcome): Learned {
  return { kind: 'Refused', reason: 'UnknownChoice', message: `${choiceId} does not wait for an outcome` };
}

function isReward(reward: number): boolean {
  return reward >= 0 && reward <= 1;
}
