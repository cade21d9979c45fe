import { replicaCount } from '../../api/replica-count.ts';
import { MAX_REPLICAS } from '../plan/replica-arithmetic.ts';
import {
  appendCount,
  createTimedExtremes,
  extremesWithin,
  isEmpty,
  type TimedExtremes,
} from './timed-extremes.ts';
import { appendPair, createTimedPairs, reducePairs, type Pair, type TimedPairs } from './timed-pairs.ts';

/**
 * What the behaviour rules look back at. Recommendations are noted before any guard (horizontal.go keeps them
 * "unstabilized"), changes when they were really made. Changed in place by its single owner.
 */
export interface ScalingHistory {
  readonly recommendations: TimedExtremes;
  /** Pairs of replicas added and removed. */
  readonly changes: TimedPairs;
}

/** The API's longest `stabilizationWindowSeconds`. */
const LONGEST_WINDOW_SECONDS = 3600;
/** The API's longest `periodSeconds` of a policy. */
const LONGEST_PERIOD_SECONDS = 1800;

export function createScalingHistory(): ScalingHistory {
  return {
    recommendations: createTimedExtremes(),
    changes: createTimedPairs(LONGEST_PERIOD_SECONDS),
  };
}

/**
 * Notes what the plan asks for, before any guard. `at` in ms since the epoch.
 * @throws RangeError when `replicas` is not a possible count.
 */
export function recordRecommendation(history: ScalingHistory, at: number, replicas: number): void {
  appendCount(history.recommendations, { at, count: replicaCount(replicas) }, LONGEST_WINDOW_SECONDS);
}

/**
 * Before the first recommendation the current count stands for it, so that a new or restarted process lowers
 * nothing within its first window (horizontal.go, recordInitialRecommendation).
 */
export function recordInitialRecommendation(
  history: ScalingHistory,
  at: number,
  currentReplicas: number,
): void {
  if (isEmpty(history.recommendations)) recordRecommendation(history, at, currentReplicas);
}

/**
 * Notes a change that was made, by its size. `at` in ms since the epoch.
 * @throws RangeError when `from` or `to` is not a possible count.
 */
export function recordScaleEvent(history: ScalingHistory, at: number, from: number, to: number): void {
  const change = replicaCount(to) - replicaCount(from);
  appendPair(history.changes, at, { first: Math.max(0, change), second: Math.max(0, -change) }, add);
}

/** Lowest and highest of `value` and all recommendations younger than `seconds`. */
export function recommendationRange(
  history: ScalingHistory,
  value: number,
  span: { readonly now: number; readonly seconds: number },
): { readonly lowest: number; readonly highest: number } {
  const found = extremesWithin(history.recommendations, span);
  return {
    lowest: Math.min(value, found?.lowest ?? value),
    highest: Math.max(value, found?.highest ?? value),
  };
}

/** Replicas added and removed within the last `seconds`. */
export function changesWithin(
  history: ScalingHistory,
  span: { readonly now: number; readonly seconds: number },
): { readonly added: number; readonly removed: number } {
  const { first, second } = reducePairs(history.changes, span, add, { first: 0, second: 0 });
  return { added: first, removed: second };
}

function add(a: Pair, b: Pair): Pair {
  return {
    first: Math.min(MAX_REPLICAS, a.first + b.first),
    second: Math.min(MAX_REPLICAS, a.second + b.second),
  };
}
