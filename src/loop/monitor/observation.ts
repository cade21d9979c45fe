import type { Reading } from './reading.ts';
import type { WorkloadSignals } from './signals.ts';

/** A pod of the target, as the API server knows it. Times in ms since the epoch. */
export interface PodView {
  readonly name: string;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  readonly ready: boolean;
  /** When the Ready condition last changed; undefined when the condition is not there yet. */
  readonly readyChangedAt?: number;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly deleting: boolean;
  /** Sum of the containers' requests: cores and bytes; undefined when any container has none. */
  readonly requests: { readonly cpu?: number; readonly memory?: number };
  /** Sum of the containers' limits: cores and bytes; undefined when any container has none. */
  readonly limits?: { readonly cpu?: number; readonly memory?: number };
  /** Restarts of its containers since it was created; undefined before they have a status. */
  readonly restarts?: number;
  /** When a node was found for it; undefined while there is none. */
  readonly scheduledAt?: number;
  /** Name of its node. */
  readonly node?: string;
  /** When that node came to be, where nodes are watched. */
  readonly nodeCreatedAt?: number;
  /** The containers' images, in order, as the spec names them. */
  readonly image?: string;
}

/** Why a target may not be written to now. Facts; the ownership guard turns them into a verdict. */
export interface Ownership {
  /** `HorizontalPodAutoscaler/web`, `ScaledObject/web`, `AutonomicPolicy/other`, … that also claims the replicas. */
  readonly rivals: readonly string[];
  /** The field manager that owns `spec.replicas` by the object's managed fields. */
  readonly replicasManager?: string;
}

/** The target at one moment. Replica counts are the API server's, never a metric's. */
export interface TargetView {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly specReplicas: number;
  readonly readyReplicas: number;
  /** Pods exist that belong to an older revision, or the controller has not observed the newest spec. */
  readonly rolloutInProgress: boolean;
  readonly paused: boolean;
  readonly deleting: boolean;
  readonly pods: readonly PodView[];
  readonly ownership: Ownership;
  /** Since when its present revision is wanted, ms since the epoch; undefined when that cannot be told. */
  readonly revisionChangedAt?: number;
  /** Value of the decision annotation on the target, if any. */
  readonly decisionAnnotation?: string;
}

/** A target that cannot be used now, and why. */
export interface TargetProblem {
  readonly problem: 'NotFound' | 'UnsupportedKind' | 'Forbidden' | 'Unreachable' | 'Replaced';
  readonly message: string;
}

/** One pod's use of a resource: cores or bytes. */
export interface PodUsage {
  readonly pod: string;
  readonly reading: Reading;
}

/**
 * What was measured for one entry of `spec.metrics`, in the same order. `averagedSeconds` is the time that the value
 * averages over, as the five minutes of `rate(x[5m])`: it describes the middle of that time and not its end.
 */
export type MetricObservation = { readonly averagedSeconds?: number } & (
  | { readonly type: 'Resource'; readonly usage: readonly PodUsage[]; readonly failure?: Reading }
  | { readonly type: 'Prometheus'; readonly total: Reading }
);

/** The requests of the objective, per second on the whole workload; `averagedSeconds` as for a metric. */
export interface RequestObservation {
  readonly total: Reading;
  /** Absent when the policy has no query for them. */
  readonly bad?: Reading;
  readonly averagedSeconds: number;
  /** Present when the policy has the pods' own counters read. */
  readonly scrape?: ScrapeView;
}

/** How the pods' own counters could be read. */
export interface ScrapeView {
  /** Whose the rate of all requests is. */
  readonly source: 'Pods' | 'Prometheus';
  /** Ready pods in the last round, and those of them that answered. */
  readonly ready: number;
  readonly answered: number;
  /** What is wrong, and for how many rounds in a row. */
  readonly failure?: { readonly rounds: number; readonly message: string };
}

/** Everything one tick knows about one policy. `now` in ms since the epoch. */
export interface Observation {
  readonly now: number;
  readonly target: TargetView | TargetProblem;
  readonly metrics: readonly MetricObservation[];
  /** One for each objective indicator, in the same order. */
  readonly indicators: readonly Reading[];
  /** Present when the objective is about requests. */
  readonly requests?: RequestObservation;
  /** What else describes the workload; absent when nobody asks for it. */
  readonly signals?: WorkloadSignals;
}
