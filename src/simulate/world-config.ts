/**
 * The physics in numbers: what the live world, the backtest and the rivals agree on. Units are in the names.
 */
export const WORLD_CONFIG = {
  /**
   * Requests per second that one core completes, so that a replica of one core serves μ = 10 req/s and a request
   * costs 0.1 core-seconds. The service rate of the AutoScale study (Gandhi et al., TOCS 2012) and of the protocol
   * for trace replay; only the ratio of load to μ matters.
   */
  requestsPerCoreSecond: 10,
  /** A request that waits longer than this is slow: three service times, the objective of the replay protocol. */
  waitThresholdSeconds: 0.3,
  /** A workload violates its objective while more than this share of its requests is slow. */
  slowShareTarget: 0.01,
  /**
   * Seconds of work that the queue holds at full capacity; what would wait longer is turned away. Close to the 30 s
   * after which clients and load balancers commonly give up.
   */
  queueSeconds: 30,
  /** Kubernetes' default `terminationGracePeriodSeconds`: a terminating replica is paid for and does not serve. */
  terminationSeconds: 30,
  /**
   * The stationary wait of M/M/c has no limit as load approaches capacity; beyond this utilisation the growing
   * backlog is counted instead.
   */
  maxUtilization: 0.995,
  /** Working set of an idle replica: a runtime with its libraries loaded, 192 MiB. */
  idleMemoryBytes: 192 * 2 ** 20,
  /** Memory that one request holds from arrival to answer: buffers and a stack, 256 KiB. */
  requestMemoryBytes: 256 * 2 ** 10,
} as const;
