import { MAX_ARMS, type WorkloadClass } from '../../plan/arms/arm.ts';
import type { ArmInputs } from '../../plan/arms/arm-inputs.ts';
import type { ArmOutcome } from '../situation.ts';

/**
 * Every arm scales replicas of its own on the demand that really comes: demand hardly depends on what is done about it,
 * so that what was not done can be scored as well (Sinclair et al., "Hindsight Learning for MDPs with Exogenous
 * Inputs", ICML 2023). Plain data, one row of each array for an arm: few arrays, for each costs some 200 bytes beside its
 * numbers in every policy of a fleet.
 */
export interface Replay {
  workloadClass: WorkloadClass | undefined;
  /** Time of the last look, ms since the epoch; NaN before the first. */
  at: number;
  /**
   * Replicas: `READY`, `STARTING`, from `ARRIVING` those that become ready by the bin of 15 s in which they do, from
   * `WANTED` the last recommendations by the bin in which they were made.
   */
  readonly replicas: Uint16Array;
  /** What each arm has come to since the window began. */
  readonly sums: Float64Array;
  /** Of the window: seconds looked at, replica-seconds of a clairvoyant, demand × seconds. */
  seconds: number;
  oracleReplicaSeconds: number;
  demand: number;
}

export const BIN_MS = 15_000;

/** A quarter of an hour: a longer start counts as one of that length. */
export const ARRIVAL_BINS = 60;

/** Five minutes: the longest hold of an arm. */
export const HOLD_BINS = 20;

export const READY = 0;
export const STARTING = 1;
export const ARRIVING = 2;
export const WANTED = ARRIVING + ARRIVAL_BINS;
/** Length of a row of `replicas`. */
export const ROW = WANTED + HOLD_BINS;

/** What two bytes hold: an arm has no more replicas than that. */
export const MOST_REPLICAS = 65_535;

export const REPLICA_SECONDS = 0;
export const BAD_REQUESTS = 1;
export const VIOLATED_SECONDS = 2;
export const REPLICAS_CHANGED = 3;
export const SUMS = 4;

export function createReplay(): Replay {
  return {
    workloadClass: undefined,
    at: NaN,
    replicas: new Uint16Array(MAX_ARMS * ROW),
    sums: new Float64Array(MAX_ARMS * SUMS),
    seconds: 0,
    oracleReplicaSeconds: 0,
    demand: 0,
  };
}

export interface ReplayMoment {
  readonly now: number;
  /** Replicas that really are there. */
  readonly replicas: number;
  readonly startupSeconds: number;
  readonly inputs: ArmInputs;
}

type Row = Uint16Array | Float64Array;

export function cell(row: Row, index: number): number {
  return row[index] ?? 0;
}

export function add(row: Row, index: number, amount: number): void {
  row[index] = cell(row, index) + amount;
}

export function clearSums(replay: Replay): void {
  replay.sums.fill(0);
  replay.seconds = 0;
  replay.oracleReplicaSeconds = 0;
  replay.demand = 0;
}

/** What one arm has come to since the window began. */
export function outcomeOf(
  { sums }: Replay,
  { arm, index }: { readonly arm: string; readonly index: number },
): ArmOutcome {
  const base = index * SUMS;
  return {
    arm,
    replicaSeconds: cell(sums, base + REPLICA_SECONDS),
    badRequests: cell(sums, base + BAD_REQUESTS),
    violatedSeconds: cell(sums, base + VIOLATED_SECONDS),
    replicasChanged: cell(sums, base + REPLICAS_CHANGED),
  };
}

/** Within the policy's bounds, and what is counted here. */
export function clamp(replicas: number, { minReplicas, maxReplicas }: ArmInputs): number {
  return Math.min(MOST_REPLICAS, maxReplicas, Math.max(minReplicas, replicas));
}
