import { mayTryCapacity, type ExplorationObjection } from './exploration.ts';
import { affords, type Ledger, type Risk } from './ledger.ts';
import { certain, type Estimates, type Moment } from './moment.ts';

/** How much may be tried. Off where left to itself: a share of 0. */
export interface ExplorationTerms {
  /** The most that all arms but the champion are chosen with together, 0 … 1. */
  readonly share: number;
  /**
   * The least that each arm that may be tried is chosen with, as far as `share` allows: an arm that is never chosen cannot be
   * judged from the log afterwards. 0 where left out.
   */
  readonly floor?: number;
  /** Why nothing may be tried now; empty when something may. */
  readonly objections: readonly ExplorationObjection[];
  /** Replicas that each arm wants now, NaN where unknown; left out where arms are not about replicas. */
  readonly wanted?: Float64Array | undefined;
  /** Share of the objective's budget that is left, 0 … 1. */
  readonly budgetLeft?: number | undefined;
}

/** Why a choice was no choice. */
export interface ForcedBy {
  readonly reason: 'OnlyArm' | 'ExplorationOff' | 'ExplorationForbidden' | 'NothingToTry';
  readonly message: string;
}

interface Explored {
  readonly moment: Moment;
  readonly estimates: Estimates;
  readonly champion: number;
}

export interface Shares {
  /** Of each arm, in all 1: what is drawn from, and what is logged. */
  readonly propensity: Float64Array;
  readonly forced: ForcedBy | undefined;
}

/**
 * What a strategy would do, as far as it may be done: what other arms than the champion have beyond `share` is taken from all
 * alike, and what an arm has that may not be tried goes to the champion.
 */
export function explorationShares(ledger: Ledger, terms: ExplorationTerms, explored: Explored): Shares {
  const { moment, estimates, champion } = explored;
  const propensity = new Float64Array(estimates.probability.length);
  certain(propensity, champion);
  const forced = forcedBy(moment, terms);
  if (forced !== undefined) return { propensity, forced };
  const { tried, refused } = wishes(propensity, ledger, terms, explored);
  if (refused > 0) ledger.heldBack += 1;
  if (tried === 0) {
    const message = 'every other policy could cost more than may be lost, or has less capacity';
    return { propensity, forced: refused > 0 ? { reason: 'NothingToTry', message } : undefined };
  }
  const scale = Math.min(1, Math.min(1, terms.share) / tried);
  for (let arm = 0; arm < propensity.length; arm += 1) {
    if (arm !== champion) propensity[arm] = (propensity[arm] ?? 0) * scale;
  }
  propensity[champion] = Math.max(0, 1 - tried * scale);
  return { propensity, forced: undefined };
}

/** Writes what each arm that may be tried would be chosen with; their sum, and how many may not. */
function wishes(
  propensity: Float64Array,
  ledger: Ledger,
  terms: ExplorationTerms,
  explored: Explored,
): { readonly tried: number; readonly refused: number } {
  const { moment, estimates, champion } = explored;
  let tried = 0;
  let refused = 0;
  for (let arm = 0; arm < propensity.length; arm += 1) {
    const wish = Math.max(terms.floor ?? 0, estimates.probability[arm] ?? 0);
    if (arm === champion || moment.allowed[arm] !== 1 || !(wish > 0)) continue;
    if (!mayTry(arm, ledger, terms, explored)) {
      refused += 1;
      continue;
    }
    propensity[arm] = wish;
    tried += wish;
  }
  return { tried, refused };
}

function forcedBy({ allowed }: Moment, { share, objections }: ExplorationTerms): ForcedBy | undefined {
  let count = 0;
  for (const one of allowed) count += one;
  if (count === 1) return { reason: 'OnlyArm', message: 'no other policy is allowed' };
  if (!(share > 0)) return { reason: 'ExplorationOff', message: 'nothing is tried: exploration is off' };
  if (objections.length === 0) return undefined;
  return {
    reason: 'ExplorationForbidden',
    message: objections.map(({ reason, message }) => `${reason}: ${message}`).join('; '),
  };
}

function mayTry(
  arm: number,
  ledger: Ledger,
  { wanted, budgetLeft }: ExplorationTerms,
  { estimates, champion }: Explored,
): boolean {
  if (wanted !== undefined && !mayTryCapacity(wanted[arm] ?? NaN, wanted[champion] ?? NaN, budgetLeft)) {
    return false;
  }
  return affords(ledger, riskOf(estimates, arm, champion));
}

/** Deviations on either side that hold in 97.5 of 100 cases. */
const BOUND = 1.96;

export function riskOf({ mean, deviation }: Estimates, arm: number, champion: number): Risk {
  return {
    lower: (mean[arm] ?? NaN) - BOUND * (deviation[arm] ?? Infinity),
    baselineUpper: (mean[champion] ?? NaN) + BOUND * (deviation[champion] ?? Infinity),
  };
}
