/** What may be behind an anomaly, as far as can be told when it begins. Times in ms since the epoch. */
export interface Attribution {
  /** What was unusual then: −log10 p by signal, those below the usual as `-load`. */
  readonly surprises: Readonly<Record<string, number>>;
  readonly firstMoved: FirstMoved | undefined;
  readonly similar: SimilarAnomaly | undefined;
  /** Other workloads, the most suspected first. */
  readonly suspects: readonly Suspect[];
}

/** Another signal of the same workload that moved before the anomaly's own. */
export interface FirstMoved {
  readonly signal: string;
  readonly at: number;
  /** How long before. */
  readonly leadMs: number;
}

/** One of the past that looked the same. */
export interface SimilarAnomaly {
  readonly at: number;
  readonly durationMs: number;
  /** Whether the signal came back, or stayed until it was usual. */
  readonly ending: 'Over' | 'NewNormal';
}

/** What workloads are compared by. */
export const SUSPECTED_SIGNALS = ['load', 'latency', 'errors'] as const;

export type SuspectedSignal = (typeof SUSPECTED_SIGNALS)[number];

/** Another workload of the namespace that may be the cause. */
export interface Suspect {
  readonly workload: string;
  readonly signal: SuspectedSignal;
  readonly at: number;
  /** How long before the anomaly; 0 in the same minute, and negative for what is called and was noticed a minute later. */
  readonly leadMs: number;
  /** Calls that lead there, from the anomaly's workload; undefined when none are known. */
  readonly path: readonly string[] | undefined;
}
