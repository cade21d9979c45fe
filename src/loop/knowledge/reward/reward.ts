import type { ObjectiveTerms } from '../../monitor/objective.ts';
import type { ArmOutcome, Censoring, RawOutcome } from '../situation.ts';
import { REWARD_WEIGHTS, type RewardWeights } from './reward-weights.ts';

/** A window with what is needed to say how good it was. */
export interface JudgedWindow {
  readonly outcome: RawOutcome;
  readonly censored: readonly Censoring[];
  /** What the baseline (the HPA's arm) would have come to on the same demand; undefined where it was not replayed. */
  readonly baseline: ArmOutcome | undefined;
  /** What the policy promises; undefined where it promises nothing. */
  readonly terms: ObjectiveTerms | undefined;
  /** Part of a decision's whole window that was its own, 0 … 1; 1 for a window that is nobody else's. */
  readonly share?: number;
}

/** Parts of a loss, each weighted; null where not measured. Their sum without the nulls is the loss. */
export interface LossParts {
  readonly cost: number | null;
  readonly burn: number | null;
  readonly throttling: number | null;
  readonly restarts: number | null;
  readonly changes: number;
  readonly rollbacks: number;
}

/** How good a window was. Undefined where nobody can tell: never zero. */
export interface Reward {
  readonly parts: LossParts;
  /** Undefined where cost or burn is not known. Throttling and restarts that were not measured are left out. */
  readonly loss: number | undefined;
  /** 0 … 1. */
  readonly reward: number | undefined;
  /** Loss of the replayed baseline minus the loss, of what both have: above 0 it was better than the baseline. */
  readonly advantage: number | undefined;
  readonly success: boolean | undefined;
}

/** A cost of two per cent above the baseline's is the baseline's: less than one replica of fifty. */
const COST_MARGIN = 1.02;

/** Below this part of its window nobody can say what a decision led to (as the verdict of the outcome window). */
const LEAST_SHARE = 0.5;

/** A promise of 100 % has no budget to be divided by: it counts as one of 99.99 %. */
const LEAST_BUDGET = 1e-4;

/** The reward of a window that counts; all is undefined for a censored one. */
export function rewardOf(window: JudgedWindow, weights: RewardWeights = REWARD_WEIGHTS): Reward {
  const { outcome, censored, baseline, terms } = window;
  const parts = lossParts(outcome, baseline, { terms, weights });
  const counts = censored.length === 0;
  const loss = counts ? sumOf(parts) : undefined;
  const of = baseline && counts ? armLoss(baseline, baseline, { outcome, terms, weights }) : undefined;
  const compared = loss === undefined ? undefined : loss - (parts.throttling ?? 0) - (parts.restarts ?? 0);
  return {
    parts,
    loss,
    reward: loss === undefined ? undefined : Math.min(1, Math.max(0, 1 - loss / weights.referenceLoss)),
    advantage: of === undefined || compared === undefined ? undefined : of - compared,
    success: successOf(window),
  };
}

interface ArmTerms {
  /** Of the window in which the arm was replayed: the requests are the same. */
  readonly outcome: RawOutcome;
  readonly terms: ObjectiveTerms | undefined;
  readonly weights?: RewardWeights;
}

/** Loss of a replayed arm: cost, burn and changes, which are all that a replay knows. Undefined where one is not known. */
export function armLoss(
  arm: ArmOutcome,
  baseline: ArmOutcome,
  { outcome, terms, weights = REWARD_WEIGHTS }: ArmTerms,
): number | undefined {
  const { windowSeconds, requests } = outcome;
  const cost = costShare(arm.replicaSeconds, baseline);
  const burn = burnOf({ ...arm, requests, measuredSeconds: windowSeconds, terms }, weights.mostBurn);
  if (cost === null || burn === null) return undefined;
  const changes = changeShare(arm.replicasChanged, arm.replicaSeconds, windowSeconds);
  return weights.cost * cost + weights.burn * burn + weights.changes * changes;
}

/**
 * The objective held, nothing had to be undone, and it cost no more than the baseline. Undefined for what is censored or
 * not measured; but what is known to have failed has failed, whatever else is not known.
 */
export function successOf({
  outcome,
  censored,
  baseline,
  terms,
  share = 1,
}: JudgedWindow): boolean | undefined {
  if (censored.length > 0) return undefined;
  if (outcome.rollbacks > 0) return false;
  if (share < LEAST_SHARE) return undefined;
  const held = objectiveHeld(outcome, terms);
  const cost = costShare(outcome.replicaSeconds, baseline);
  if (held === false || (cost !== null && cost > COST_MARGIN)) return false;
  return held === undefined || cost === null ? undefined : true;
}

function objectiveHeld(outcome: RawOutcome, terms: ObjectiveTerms | undefined): boolean | undefined {
  const { windowSeconds, measuredSeconds } = outcome;
  if (terms === undefined || !(measuredSeconds >= LEAST_SHARE * windowSeconds)) return undefined;
  const bad = badShare({ ...outcome, terms });
  return bad === null ? undefined : bad.share <= bad.allowed;
}

interface LossTerms {
  readonly terms: ObjectiveTerms | undefined;
  readonly weights: RewardWeights;
}

function lossParts(
  outcome: RawOutcome,
  baseline: ArmOutcome | undefined,
  { terms, weights }: LossTerms,
): LossParts {
  const { windowSeconds, replicaSeconds, throttledShare, restarts } = outcome;
  const burn = burnOf({ ...outcome, terms }, weights.mostBurn);
  const meanReplicas = windowSeconds > 0 ? Math.max(1, replicaSeconds / windowSeconds) : 1;
  return {
    cost: times(weights.cost, costShare(replicaSeconds, baseline)),
    burn: times(weights.burn, burn),
    throttling: times(weights.throttling, throttledShare),
    restarts: times(weights.restarts, restarts === null ? null : restarts / meanReplicas),
    changes: weights.changes * changeShare(outcome.replicasChanged, replicaSeconds, windowSeconds),
    rollbacks: weights.rollbacks * outcome.rollbacks,
  };
}

function sumOf(parts: LossParts): number | undefined {
  const { cost, burn, throttling, restarts, changes, rollbacks } = parts;
  if (cost === null || burn === null) return undefined;
  return cost + burn + (throttling ?? 0) + (restarts ?? 0) + changes + rollbacks;
}

/** A replica costs the same in both, so that its price does not matter. */
function costShare(replicaSeconds: number, baseline: ArmOutcome | undefined): number | null {
  return baseline !== undefined && baseline.replicaSeconds > 0
    ? replicaSeconds / baseline.replicaSeconds
    : null;
}

/** Below one replica a change from 0 to 1 would weigh without bound. */
function changeShare(replicasChanged: number, replicaSeconds: number, windowSeconds: number): number {
  return windowSeconds > 0 ? replicasChanged / Math.max(1, replicaSeconds / windowSeconds) : 0;
}

interface Promised {
  readonly requests: number | null;
  readonly badRequests: number | null;
  readonly measuredSeconds: number;
  readonly violatedSeconds: number | null;
  readonly terms: ObjectiveTerms | undefined;
}

function burnOf(promised: Promised, mostBurn: number): number | null {
  const bad = badShare(promised);
  if (bad === null) return null;
  const allowed = Math.max(LEAST_BUDGET, bad.allowed);
  return Math.min(mostBurn, Math.max(0, bad.share - allowed) / allowed);
}

/** Of requests where the promise is about them and some came, of time otherwise, as the verdict of the outcome window. */
function badShare(promised: Promised): { readonly share: number; readonly allowed: number } | null {
  const { terms, requests, badRequests, measuredSeconds, violatedSeconds } = promised;
  if (terms === undefined) return null;
  if (terms.allowedBadShare !== undefined && requests !== null && requests > 0 && badRequests !== null) {
    return { share: badRequests / requests, allowed: terms.allowedBadShare };
  }
  if (violatedSeconds === null || !(measuredSeconds > 0)) return null;
  return { share: violatedSeconds / measuredSeconds, allowed: terms.allowedShare };
}

function times(weight: number, value: number | null): number | null {
  return value === null ? null : weight * value;
}
