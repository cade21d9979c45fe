import { createBudgetPacing, paceBudget, priceOf, type BudgetPacing, type Price } from './budget-pacing.ts';
import type { CapacityProblem, ServiceModel } from './expected-cost.ts';
import { optimalReplicas } from './optimal-replicas.ts';
import type { RequestCounters } from './budget-pacing.ts';
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
  /** Undefined when they are not known: the price stays. */
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
 * One decision. More is ordered when the optimum for the time that an order can serve lies above the current number;
 * less is kept only when neither time asks for more.
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
  const { service, maxReplicas: max, profile } = settings;
  const problem = (values: Float64Array): CapacityProblem => ({
    demands: values,
    weights: demands.weights,
    margin: price.margin,
    penalty: price.penalty,
    service,
  });
  state.up = optimalReplicas(problem(demands.up), { guess: state.up, max });
  state.stay = optimalReplicas(problem(demands.hold), { guess: state.stay, max });
  const wanted = state.up > current ? state.up : Math.max(state.up, state.stay);
  const replicas = holdScaleDown(state.hold, profile, { now, replicas: wanted, current });
  return { replicas, up: state.up, hold: state.stay, price };
}
