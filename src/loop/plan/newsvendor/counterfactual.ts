import { priceOf, type Price } from './budget-pacing.ts';
import { expectedSlowRate, type CapacityProblem } from './expected-cost.ts';
import {
  keepOf,
  orderUpTo,
  type NewsvendorSettings,
  type PacedNewsvendor,
  type PeakDemands,
} from './paced-newsvendor.ts';

/** What one number of replicas is expected to come to, in the time that decides. */
export interface ExpectedOutcome {
  readonly replicas: number;
  /** Requests per second that are slow. */
  readonly slowRate: number;
  /** Their share of the expected requests, 0 … 1; 0 when none are expected. */
  readonly slowShare: number;
  /** Replicas, and slow requests at their price in replicas. */
  readonly cost: number;
}

export interface PriceOutcome {
  /** Λ, as in `Price`. */
  readonly penalty: number;
  /** Best replicas at that price, before any hold. */
  readonly replicas: number;
}

/** What the neighbouring choices would have come to, for the explanation of a decision. */
export interface Counterfactual {
  /** The time that decides: from where an order placed now can serve, or from now on. */
  readonly window: 'up' | 'hold';
  /** One replica less (absent at one), as decided, one more. */
  readonly outcomes: readonly ExpectedOutcome[];
  /** With slow requests at half the price, and at twice the price. */
  readonly cheaper: PriceOutcome;
  readonly dearer: PriceOutcome;
}

/** What is asked about: a decision just taken, from the same input. */
export interface CounterfactualInput {
  readonly demands: PeakDemands;
  /** Ready and starting, before the decision. */
  readonly current: number;
  /** As decided. */
  readonly replicas: number;
}

/** Factor between neighbouring prices. */
const PRICE_STEP = 2;

/** Changes nothing. */
export function counterfactual(
  state: PacedNewsvendor,
  settings: NewsvendorSettings,
  { demands, current, replicas }: CounterfactualInput,
): Counterfactual {
  const price = priceOf(state.pacing);
  const window = state.up >= state.stay ? 'up' : 'hold';
  const { service } = settings;
  const problem = { demands: demands[window], weights: demands.weights, margin: price.margin, service };
  const requests = expectedRate(demands[window], demands.weights) * price.margin;
  const outcomes = [replicas - 1, replicas, replicas + 1]
    .filter((n) => n >= 1)
    .map((n) => {
      const slowRate = expectedSlowRate(n, problem);
      const slowShare = requests === 0 ? 0 : Math.min(1, slowRate / requests);
      return {
        replicas: n,
        slowRate,
        slowShare,
        cost: n + (price.penalty / service.requestsPerSecond) * slowRate,
      };
    });
  const at = (penalty: number): PriceOutcome => {
    const other: Price = { ...price, penalty };
    const stock = { settings, demands, current, guess: state };
    return { penalty, replicas: Math.max(orderUpTo(other, stock), keepOf(other, stock)) };
  };
  return {
    window,
    outcomes,
    cheaper: at(price.penalty / PRICE_STEP),
    dearer: at(price.penalty * PRICE_STEP),
  };
}

/** What is expected of so many replicas, as in `ExpectedOutcome.slowShare`; for one number alone. */
export function expectedSlowShare(replicas: number, problem: Omit<CapacityProblem, 'penalty'>): number {
  const requests = expectedRate(problem.demands, problem.weights) * problem.margin;
  return requests === 0 ? 0 : Math.min(1, expectedSlowRate(replicas, problem) / requests);
}

/** Weights need not add up to 1. */
function expectedRate(demands: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < demands.length; i++) {
    sum += (weights[i] ?? 0) * (demands[i] ?? 0);
    total += weights[i] ?? 0;
  }
  return total === 0 ? 0 : sum / total;
}
