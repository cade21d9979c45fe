import { createLinearModel, type LinearModel } from './bandit/linear-model.ts';
import { createTally, setBelief, type Forgetting, type Tally } from './bandit/tally.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { MOST_ARMS } from './moment.ts';
import { rankedScore, type RankedScore } from './ranked.ts';
import { createReplayLearner, type ReplayLearner } from './replay-learner.ts';

/**
 * What one workload has learned about its arms. All strategies learn from everything: another strategy begins with what the
 * one before it has seen. Plain data, mutated in place.
 */
export interface SelectionState {
  /** Uid of the policy. */
  readonly owner: string;
  /** Names of the arms. */
  readonly arms: readonly string[];
  /** By arm: successes, failures, and when it was last in force, ms since the epoch (NaN: never). */
  readonly records: Float64Array;
  /** Rewards of the arms in force. */
  readonly tally: Tally;
  readonly replay: ReplayLearner;
  /** Undefined where no strategy asks for what describes a situation. */
  readonly linear: LinearModel | undefined;
  readonly ledger: Ledger;
  /** Choices whose outcome is still to come, the oldest first. */
  pending: readonly PendingChoice[];
  /** Ids of the last choices that have their outcome, the oldest first. */
  settled: readonly string[];
  /** When the last choice was made, and the last window was taken in, ms since the epoch; NaN before. */
  chosenAt: number;
  learnedAt: number;
}

/** A choice that waits for its outcome, with what it was made by: an outcome belongs to the situation of then. */
export interface PendingChoice {
  readonly id: string;
  readonly at: number;
  readonly arm: number;
  /** The arm that would have been in force without exploring. */
  readonly champion: number;
  readonly features: Float64Array | undefined;
  /** What was expected of the arm by replay, or 0.5. */
  readonly offset: number;
  /** Set aside in the ledger; undefined where nothing was tried. */
  readonly reserve: number | undefined;
}

export interface SelectionOptions {
  readonly owner: string;
  /** Different names, at most `MOST_ARMS`. */
  readonly arms: readonly string[];
  readonly forgetting?: Forgetting;
  /** How many numbers describe a situation, for the linear strategies; none where left out. */
  readonly features?: number;
  /** Share of the champion's rewards that exploring may cost; 5 % where left out. */
  readonly alpha?: number;
}

const RECORD_FIELDS = 3;
const USED_AT = 2;

/** @throws RangeError naming what cannot be */
export function createSelectionState({
  owner,
  arms,
  forgetting,
  features,
  alpha,
}: SelectionOptions): SelectionState {
  if (arms.length > MOST_ARMS)
    throw new RangeError(`there may be at most ${MOST_ARMS} policies to select from, found ${arms.length}`);
  const twice = arms.find((arm, place) => arms.indexOf(arm) !== place);
  if (twice !== undefined)
    throw new RangeError(`policies to select from must have different names, ${twice} is there twice`);
  const records = new Float64Array(RECORD_FIELDS * arms.length);
  for (let arm = 0; arm < arms.length; arm += 1) records[RECORD_FIELDS * arm + USED_AT] = NaN;
  return {
    owner,
    arms,
    records,
    tally: createTally(arms.length, forgetting),
    replay: createReplayLearner(arms.length),
    linear: features === undefined ? undefined : createLinearModel({ arms: arms.length, features }),
    ledger: createLedger(alpha),
    pending: [],
    settled: [],
    chosenAt: NaN,
    learnedAt: NaN,
  };
}

export function recordUse({ records }: SelectionState, arm: number, at: number): void {
  records[RECORD_FIELDS * arm + USED_AT] = at;
}

export function recordSuccess({ records }: SelectionState, arm: number, succeeded: boolean): void {
  const at = RECORD_FIELDS * arm + (succeeded ? 0 : 1);
  records[at] = (records[at] ?? 0) + 1;
}

/** The score of an arm by `Ranked`. */
export function rankedScoreOf(
  { records }: SelectionState,
  arm: number,
  { priority, now }: { readonly priority: number; readonly now: number },
): RankedScore {
  const at = RECORD_FIELDS * arm;
  const record = {
    successes: records[at] ?? 0,
    failures: records[at + 1] ?? 0,
    priority,
    usedAt: records[at + USED_AT],
  };
  return rankedScore(record, now);
}

/** What is believed of the arms before they were in force: by replay, neighbours, or the workload's class. */
export interface ArmPriorReward {
  readonly arm: number;
  readonly mean: number;
  readonly variance: number;
  readonly weight: number;
}

/**
 * What others say counts at most as so many own rewards: it makes a start, and own experience takes over within some hours.
 */
export const MOST_PRIOR_WEIGHT = 10;

/** Replaces what is believed; may be called at any time. Returns how many priors were refused: they are no numbers. */
export function warmStart({ tally }: SelectionState, priors: readonly ArmPriorReward[]): number {
  let refused = 0;
  for (const { arm, mean, variance, weight } of priors) {
    const belief = { mean, variance, weight: Math.min(MOST_PRIOR_WEIGHT, weight) };
    if (!setBelief(tally, arm, belief)) refused += 1;
  }
  return refused;
}

/**
 * A clock that stepped back: choices of its future may not be told from those to come, and are given up with what was set
 * aside for them. What was learned stays.
 */
export function turnSelectionBack(state: SelectionState, now: number): void {
  if (!(state.chosenAt > now) && !(state.learnedAt > now)) return;
  state.pending = state.pending.filter(({ at }) => at <= now);
  if (state.chosenAt > now) state.chosenAt = now;
  if (state.learnedAt > now) state.learnedAt = now;
}
