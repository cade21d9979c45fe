import { WORLD_CONFIG } from './world-config.ts';

/** How arrivals come about between the samples of a trace. */
export type ArrivalProcess =
  /** The straight line between samples, without noise: flatters whoever extrapolates slopes. */
  | 'linear'
  /** A Poisson number of arrivals in each tick around that line: the one to quote. */
  | 'poisson'
  /** Negative binomial with variance ÷ mean = `dispersion`: arrivals in bursts. */
  | 'overdispersed'
  /** Poisson around a Brownian bridge between the samples, whose variance is that of the trace's own steps. */
  | 'rough';

/**
 * Everything that a simulated result depends on beside trace and contender; its hash stands in every result.
 * Values and their sources: docs/backtest.md. Times in seconds.
 */
export interface SimulationConfig {
  readonly seed: number;
  readonly tickSeconds: number;
  /** Every scaler may decide this often; a whole number of ticks. */
  readonly decisionSeconds: number;
  readonly arrivals: {
    readonly process: ArrivalProcess;
    /** Index of dispersion of 'overdispersed', above 1. */
    readonly dispersion: number;
  };
  readonly demand: {
    /** The trace is scaled so that its `peakQuantile` keeps this many replicas busy. */
    readonly peakReplicas: number;
    readonly peakQuantile: number;
    /**
     * Units of the trace that one replica serves at its limit. The trace is then scaled by it, and not to a peak.
     */
    readonly replicaCapacity?: number;
  };
  readonly service: {
    /** μ: requests per second that one replica completes. */
    readonly requestsPerSecond: number;
    /** One queue for all replicas (M/M/c), or one for each behind a random balancer (c × M/M/1). */
    readonly discipline: 'shared' | 'split';
    /** Squared coefficient of variation of the service time: 1 is exponential; waits scale by (1 + it) ÷ 2. */
    readonly squaredVariation: number;
    readonly queueSeconds: number;
    readonly maxUtilization: number;
  };
  /** Pod created → serving: lognormal. */
  readonly startup: { readonly medianSeconds: number; readonly sigma: number };
  readonly terminationSeconds: number;
  /** How old the newest measured value is. */
  readonly metrics: { readonly ageSeconds: number };
  readonly objective: {
    /** A request that waits longer is slow. */
    readonly waitSeconds: number;
    /** V*: accepted share of slow requests. */
    readonly slowShare: number;
  };
  readonly bounds: { readonly minReplicas: number; readonly maxReplicas: number };
  /** Days at the start in which nothing counts: everybody learns. */
  readonly settleDays: number;
  /** Absent: there is always room. */
  readonly nodes?: NodeConfig;
  /** Absent: memory is no issue. */
  readonly memory?: MemoryConfig;
  /** Absent: nothing fails. */
  readonly faults?: FaultConfig;
}

export interface NodeConfig {
  readonly replicasPerNode: number;
  /** A node is ordered when a pod has no room, and adds this (median, lognormal) to the pod's start. */
  readonly startupSeconds: number;
  /** An empty node is given back after this time. */
  readonly emptySeconds: number;
}

export interface MemoryConfig {
  readonly idleBytes: number;
  readonly requestBytes: number;
  /** Growth of each replica's working set with every request that it has served. */
  readonly leakBytesPerRequest: number;
  /** Beyond it the replica is killed and restarts in its place. */
  readonly limitBytes: number;
}

export interface FaultConfig {
  /** Once a day at a random time no metric is measured for this long. */
  readonly blackoutSecondsPerDay: number;
  /** Mean number of nodes lost in a week (Poisson); needs `nodes`. */
  readonly nodeLossesPerWeek: number;
  /** Share of the decisions whose write the API server refuses (429). */
  readonly refusedWriteShare: number;
}

/** The protocol of the published results: docs/backtest.md has the reason for each value. */
export const DEFAULT_SIMULATION: SimulationConfig = {
  seed: 1,
  tickSeconds: 5,
  decisionSeconds: 15,
  arrivals: { process: 'poisson', dispersion: 4 },
  demand: { peakReplicas: 40, peakQuantile: 0.999 },
  service: {
    requestsPerSecond: WORLD_CONFIG.requestsPerCoreSecond,
    discipline: 'shared',
    squaredVariation: 1,
    queueSeconds: WORLD_CONFIG.queueSeconds,
    maxUtilization: WORLD_CONFIG.maxUtilization,
  },
  startup: { medianSeconds: 20, sigma: 0.4 },
  terminationSeconds: WORLD_CONFIG.terminationSeconds,
  metrics: { ageSeconds: 30 },
  objective: { waitSeconds: WORLD_CONFIG.waitThresholdSeconds, slowShare: WORLD_CONFIG.slowShareTarget },
  bounds: { minReplicas: 1, maxReplicas: 250 },
  settleDays: 1,
};

/**
 * A cluster in which things break, for a run of its own: five minutes a day without metrics, a node lost each week, one
 * write in a hundred refused. Ten replicas to a node; a new one takes 150 s, between the usual 120 and 180.
 */
export const FAULTY_CLUSTER: Required<Pick<SimulationConfig, 'nodes' | 'faults'>> = {
  nodes: { replicasPerNode: 10, startupSeconds: 150, emptySeconds: 600 },
  faults: { blackoutSecondsPerDay: 300, nodeLossesPerWeek: 1, refusedWriteShare: 0.01 },
};
