import type { ArmOutcome, Censoring, RawOutcome } from '../situation.ts';
import type { OutcomeSlice } from './outcome-slice.ts';

/** Sums over a window, slice by slice. Plain data; mutated by `addSlice`. */
export interface OutcomeTally {
  seconds: number;
  coveredSeconds: number;
  measuredSeconds: number;
  violatedSeconds: number;
  replicaSeconds: number;
  cost: Known;
  requests: Known;
  badRequests: Known;
  restarts: Known;
  throttledSeconds: Known;
  /** Time for which throttling is known. */
  throttlingKnownSeconds: number;
  replicasChanged: number;
  changes: number;
  rollbacks: number;
  censored: Censoring[];
  /** What the replayed baseline has come to, and in how many seconds. */
  baseline: ArmOutcome | undefined;
  baselineSeconds: number;
}

type Known = number | null;

/** What came of a window, and why it does not count, where it does not. */
export interface TalliedOutcome {
  readonly outcome: RawOutcome;
  /** Sorted; empty where the outcome counts. */
  readonly censored: readonly Censoring[];
  /** What the baseline would have come to in the same time; undefined where it was replayed for too little of it. */
  readonly baseline: ArmOutcome | undefined;
}

/**
 * Of thirty minutes, six in which nothing was seen: long enough to hide a whole spike, which is what the arms differ in.
 */
const MOST_UNSEEN_SHARE = 0.2;

export function openTally(): OutcomeTally {
  return {
    seconds: 0,
    coveredSeconds: 0,
    measuredSeconds: 0,
    violatedSeconds: 0,
    replicaSeconds: 0,
    cost: null,
    requests: null,
    badRequests: null,
    restarts: null,
    throttledSeconds: null,
    throttlingKnownSeconds: 0,
    replicasChanged: 0,
    changes: 0,
    rollbacks: 0,
    censored: [],
    baseline: undefined,
    baselineSeconds: 0,
  };
}

/** Adds all that came in a slice: for a window that is nobody else's. */
export function addSlice(tally: OutcomeTally, slice: OutcomeSlice): void {
  addTime(tally, slice, 1);
  addReplicas(tally, slice, 1);
  tally.replicasChanged += slice.replicasChanged;
  if (slice.replicasChanged > 0) tally.changes += 1;
  if (slice.rolledBack) tally.rollbacks += 1;
  censor(tally, slice.censoring);
}

/** Adds `share` (0 … 1) of a slice's time and of what the service did in it. */
export function addTime(tally: OutcomeTally, slice: OutcomeSlice, share: number): void {
  tally.seconds += share * slice.seconds;
  tally.coveredSeconds += share * slice.coveredSeconds;
  tally.measuredSeconds += share * slice.measuredSeconds;
  tally.violatedSeconds += share * slice.violatedSeconds;
  tally.requests = plus(tally.requests, slice.requests, share);
  tally.badRequests = plus(tally.badRequests, slice.badRequests, share);
  tally.restarts = plus(tally.restarts, slice.restarts, share);
  if (slice.baseline !== null) {
    tally.baseline = plusArm(tally.baseline, slice.baseline, share);
    tally.baselineSeconds += share * slice.seconds;
  }
  if (slice.throttledSeconds === null) return;
  tally.throttledSeconds = plus(tally.throttledSeconds, slice.throttledSeconds, share);
  tally.throttlingKnownSeconds += share * slice.seenSeconds;
}

/** Adds `share` (0 … 1) of the replicas that were there in a slice, and of their cost. */
export function addReplicas(tally: OutcomeTally, slice: OutcomeSlice, share: number): void {
  tally.replicaSeconds += share * slice.replicaSeconds;
  tally.cost = plus(tally.cost, slice.cost, share);
}

export function censor(tally: OutcomeTally, reasons: readonly Censoring[]): void {
  for (const reason of reasons) if (!tally.censored.includes(reason)) tally.censored.push(reason);
}

/** The sums. A window of which too much was not seen is censored for it. */
export function closeTally(tally: OutcomeTally): TalliedOutcome {
  const { seconds, coveredSeconds, throttledSeconds, throttlingKnownSeconds } = tally;
  if (coveredSeconds < (1 - MOST_UNSEEN_SHARE) * seconds || seconds === 0) censor(tally, ['Gap']);
  const measured = tally.measuredSeconds > 0;
  return {
    outcome: {
      windowSeconds: seconds,
      measuredSeconds: tally.measuredSeconds,
      violatedSeconds: measured ? tally.violatedSeconds : null,
      replicaSeconds: tally.replicaSeconds,
      requests: tally.requests,
      badRequests: tally.badRequests,
      replicasChanged: tally.replicasChanged,
      changes: tally.changes,
      rollbacks: tally.rollbacks,
      restarts: tally.restarts,
      throttledShare:
        throttledSeconds === null || throttlingKnownSeconds === 0
          ? null
          : throttledSeconds / throttlingKnownSeconds,
      cost: tally.cost,
    },
    censored: tally.censored.toSorted(),
    baseline: tally.baselineSeconds >= (1 - MOST_UNSEEN_SHARE) * seconds ? tally.baseline : undefined,
  };
}

function plusArm(sum: ArmOutcome | undefined, slice: ArmOutcome, share: number): ArmOutcome {
  return {
    arm: slice.arm,
    replicaSeconds: (sum?.replicaSeconds ?? 0) + share * slice.replicaSeconds,
    badRequests: (sum?.badRequests ?? 0) + share * slice.badRequests,
    violatedSeconds: (sum?.violatedSeconds ?? 0) + share * slice.violatedSeconds,
    replicasChanged: (sum?.replicasChanged ?? 0) + share * slice.replicasChanged,
  };
}

function plus(sum: Known, value: Known, share: number): Known {
  return value === null ? sum : (sum ?? 0) + share * value;
}
