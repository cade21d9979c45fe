import {
  createBudgetPacing,
  paceBudget,
  priceOf,
  type BudgetPacing,
  type Price,
  type RequestCounters,
} from './budget-pacing.ts';
import type { ServiceModel } from '../capacity/service-model.ts';
import type { CapacityProblem } from './expected-cost.ts';
import { optimalReplicas } from './optimal-replicas.ts';
import type { ScalingProfile } from './profile.ts';
import { createScaleDownHold, holdScaleDown, type ScaleDownHold } from './scale-down-hold.ts';

/**
 * Replicas as a newsvendor's stock: as many as balance their cost against the expected slow requests, at a price that
 * the measured budget of slow requests sets. The memory of one workload, plain data.
 */
export interface PacedNewsvendor {
  readonly pacing: BudgetPacing;
  readonly hold: ScaleDownHold;
  /** The last optimum of each problem: where the next search begins. */
  up: number;
  stay: number;
}

export interface NewsvendorSettings {
  readonly service: ServiceModel;
  /** V*: accepted share of slow requests, 0 … 1. */
  readonly slowShare: number;
  readonly maxReplicas: number;
  readonly profile: ScalingProfile;
}

/** The distributions of the largest demand; `weights` for both. */
export interface PeakDemands {
  /** Over the time in which an order placed now matters. */
  readonly up: Float64Array;
  /** Over the time in which removing a replica now matters. */
  readonly hold: Float64Array;
  readonly weights: Float64Array;
}

export interface NewsvendorInput {
  /** Ms since the epoch. Decisions may come at any distance from each other, and some may be left out. */
  readonly now: number;
  /** Ready and starting. */
  readonly current: number;
  /**
   * Undefined when they are not known: the price stays. Where slow requests are never counted it stays at the usual one.
   * Do not count saturated time in their place: it misses most of them, and the price would fall to match (on 14 traces
   * 3 met the objective with it, 13 without).
   */
  readonly counters: RequestCounters | undefined;
  readonly demands: PeakDemands | undefined;
}

export interface NewsvendorDecision {
  readonly replicas: number;
  /** The optimum for each of the two times; undefined when demand is not known, and the replicas stay. */
  readonly up: number | undefined;
  readonly hold: number | undefined;
  readonly price: Price;
}

export function createPacedNewsvendor(): PacedNewsvendor {
  return { pacing: createBudgetPacing(), hold: createScaleDownHold(), up: 1, stay: 1 };
}

/**
 * One decision. As many as are best for the time that an order can serve, and of those at hand as many as are worth
 * keeping until an order could replace them; more than those it cannot be, for an order would come too late.
 */
export function decideReplicas(
  state: PacedNewsvendor,
  settings: NewsvendorSettings,
  input: NewsvendorInput,
): NewsvendorDecision {
  const { now, current, counters, demands } = input;
  if (counters !== undefined) paceBudget(state.pacing, now, counters, settings.slowShare);
  const price = priceOf(state.pacing);
  if (demands === undefined) return { replicas: current, up: undefined, hold: undefined, price };
  const stock = { settings, demands, current, guess: state };
  state.up = orderUpTo(price, stock);
  state.stay = keepOf(price, stock);
  const wanted = Math.max(state.up, state.stay);
  const replicas = holdScaleDown(state.hold, settings.profile, { now, replicas: wanted, current });
  return { replicas, up: state.up, hold: state.stay, price };
}

interface Stock {
  readonly settings: NewsvendorSettings;
  readonly demands: PeakDemands;
  readonly current: number;
  /** Where the searches begin. */
  readonly guess: { readonly up: number; readonly stay: number };
}

/** The optimum for the time that an order placed now can serve. */
export function orderUpTo(price: Price, { settings, demands, guess }: Stock): number {
  const problem = problemOf(demands.up, price, { settings, demands });
  return optimalReplicas(problem, { guess: guess.up, max: settings.maxReplicas });
}

/** How many of the current replicas are worth keeping. */
export function keepOf(price: Price, { settings, demands, current, guess }: Stock): number {
  const problem = problemOf(demands.hold, price, { settings, demands });
  // What is saved counts less: the same as what is lost counting more.
  const penalty = problem.penalty / (1 - settings.profile.releaseCost);
  const max = Math.max(1, Math.min(current, settings.maxReplicas));
  return optimalReplicas({ ...problem, penalty }, { guess: guess.stay, max });
}

function problemOf(
  values: Float64Array,
  { margin, penalty }: Price,
  { settings, demands }: Pick<Stock, 'settings' | 'demands'>,
): CapacityProblem {
  return { demands: values, weights: demands.weights, margin, penalty, service: settings.service };
}
