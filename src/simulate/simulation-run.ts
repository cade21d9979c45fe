import type { HourTotals } from './hours.ts';

/** What one scaler cost and caused in one part of a simulation. Times in seconds. */
export interface PhaseTotals {
  readonly seconds: number;
  /** From creation to the end of termination, starting pods included. */
  readonly replicaSeconds: number;
  readonly requests: number;
  /** Waited longer than the objective allows, or turned away. */
  readonly slowRequests: number;
  /** Whole five-minute windows, and those with a larger share of slow requests than the objective accepts. */
  readonly windows: number;
  readonly badWindows: number;
  /** Changes of the replicas asked for. */
  readonly actions: number;
  /** Seconds × replicas below and above the clairvoyant n*(t), and seconds in which there were too few or too many. */
  readonly shortReplicaSeconds: number;
  readonly spareReplicaSeconds: number;
  readonly shortSeconds: number;
  readonly spareSeconds: number;
  /** Σ n*(t) · dt: what the oracle's demand amounts to. */
  readonly neededReplicaSeconds: number;
  /** From a node's order until it is given back or lost; absent when nodes are not simulated. */
  readonly nodeSeconds?: number;
  /** Replicas that were killed at their memory limit; absent when memory is not simulated. */
  readonly outOfMemory?: number;
}

/** For plots: one value for each step of `stepSeconds`, from the first decision on. */
export interface RecordedSeries {
  readonly stepSeconds: number;
  /** Mean arrivals, requests per second. */
  readonly demand: Float32Array;
  /** Largest number of replicas asked for within the step. */
  readonly replicas: Float32Array;
  /** Share of slow requests, 0 … 1. */
  readonly slowShare: Float32Array;
  /** What the scaler expected demand to stay below, requests per second; NaN where it had no expectation. */
  readonly bound?: Float32Array;
}

export interface RecordedDecision {
  /** Ms since the epoch. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly why?: string;
}

/** One scaler on one trace. `warmup` begins after the settling days; `test` is what is scored. */
export interface SimulationRun {
  readonly warmup: PhaseTotals;
  readonly test: PhaseTotals;
  /** The days of the test phase, each with its own totals; the last may be short. */
  readonly days: readonly PhaseTotals[];
  /** The same for the warm-up after the settling days. */
  readonly warmupDays: readonly PhaseTotals[];
  /** The whole hours of the test phase. */
  readonly hours: HourTotals;
  readonly decisions: number;
  readonly series?: RecordedSeries;
  /** Changes only, in order; of the test phase. */
  readonly changes?: readonly RecordedDecision[];
}
