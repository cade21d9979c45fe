import { expectedCost, expectedLoss, type CapacityProblem } from './expected-cost.ts';

export interface ReplicaRange {
  /** Where the search begins: any number; a near one makes it short. */
  readonly guess: number;
  /** Largest number allowed, at least 1. */
  readonly max: number;
}

/**
 * The number of replicas with the least expected cost, the smallest of equals: exactly, although the cost may have
 * several minima (a rare burst makes one of its own). The loss never rises with replicas, which bounds the search:
 * fewer than n cost at least 1 + loss(n), and n or more cost at least n.
 */
export function optimalReplicas(problem: CapacityProblem, { guess, max }: ReplicaRange): number {
  const limit = Math.min(max, enoughFor(problem));
  const start = Math.min(limit, Math.max(1, Math.round(guess)));
  let best = start;
  let loss = expectedLoss(start, problem);
  let least = start + loss;
  for (let n = start - 1; n >= 1 && 1 + loss <= least; n--) {
    loss = expectedLoss(n, problem);
    if (n + loss > least) continue;
    best = n;
    least = n + loss;
  }
  for (let n = start + 1; n <= limit && n < least; n++) {
    const cost = expectedCost(n, problem);
    if (cost >= least) continue;
    best = n;
    least = cost;
  }
  return best;
}

/** Serves the largest of the possible demands with room for its queue: more has no use, whatever the penalty. */
function enoughFor({ demands, margin, service }: CapacityProblem): number {
  let largest = 0;
  for (const demand of demands) if (demand > largest) largest = demand;
  return Math.ceil((1.05 * margin * largest) / service.requestsPerSecond) + 6;
}
