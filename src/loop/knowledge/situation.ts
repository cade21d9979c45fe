import type { Chosen } from '../plan/selection/select.ts';

/** Length of the vector that says what a situation looked like. */
export const EMBEDDING_DIMENSIONS = 64;

/** Raised when a dimension changes its meaning: vectors of different versions do not compare. */
export const EMBEDDING_VERSION = 1;

/** What one arm would have come to in a window, by replay of the demand that really came. Seconds of the window. */
export interface ArmOutcome {
  readonly arm: string;
  /** Replicas × seconds, from the order of a replica until it is given back. */
  readonly replicaSeconds: number;
  /** Requests that would have been bad: of the objective's, or of demand beyond capacity where there is none. */
  readonly badRequests: number;
  /** Time in which more than the allowed share would have been bad. */
  readonly violatedSeconds: number;
  /** Sum of the absolute changes of replicas. */
  readonly replicasChanged: number;
}

/** What really happened in a window: raw, so that what counts can be weighted anew later. Null where not measured. */
export interface RawOutcome {
  readonly windowSeconds: number;
  readonly measuredSeconds: number;
  readonly violatedSeconds: number | null;
  readonly replicaSeconds: number;
  readonly requests: number | null;
  readonly badRequests: number | null;
  readonly replicasChanged: number;
  readonly changes: number;
  readonly rollbacks: number;
  readonly restarts: number | null;
  /** Mean over the window, 0 … 1. */
  readonly throttledShare: number | null;
  /** In the policy's currency. */
  readonly cost: number | null;
}

/** Why what came of a window says nothing about what was done in it. */
export type Censoring = 'Override' | 'Rollout' | 'NodeLoss' | 'Gap' | 'TargetReplaced' | 'SpecChanged';

/** Which arm was chosen for a window, and how likely each was. */
export type WindowChoice = Omit<Chosen, 'kind' | 'id' | 'at'>;

/** One window of a workload's life: how it looked when it began, what was done, what else could have been, what came. */
export interface Situation {
  /** `<policy uid>/<at>`: the same window is the same situation, however often it is told. */
  readonly id: string;
  /** Beginning of the window, ms since the epoch. */
  readonly at: number;
  readonly policy: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly workload: { readonly kind: string; readonly name: string; readonly uid: string };
  /** How its replicas are found: by an objective about requests, or by the metrics' targets. */
  readonly workloadClass: 'Requests' | 'Metrics';
  readonly embeddingVersion: number;
  /** `EMBEDDING_DIMENSIONS` finite numbers, known at `at`. */
  readonly embedding: Float32Array;
  /** In the words of a small vocabulary, for people and for text search. */
  readonly summary: string;
  readonly action: {
    /** Replicas at the beginning and at the end. */
    readonly from: number;
    readonly to: number;
    /** Most that were wanted in between. */
    readonly peak: number;
    /** The arm in force. */
    readonly arm: string;
  };
  /** There where the arm was selected. */
  readonly choice?: WindowChoice | undefined;
  /** Empty where demand was not known for long enough. */
  readonly arms: readonly ArmOutcome[];
  /** Of a clairvoyant who has in each moment just what is needed; means nothing without arms. */
  readonly oracleReplicaSeconds: number;
  /** Demand in its own unit × seconds; means nothing without arms. */
  readonly demand: number;
  readonly outcome: RawOutcome;
  /** Empty where the outcome counts. */
  readonly censored: readonly Censoring[];
  /** The objective was met, nothing was undone, and it cost no more than the baseline; null where that cannot be told. */
  readonly succeeded: boolean | null;
}
