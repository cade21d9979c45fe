/**
 * The document that `backtest sizing -o json` prints, and all that its table is made from. Stable: fields are added,
 * never renamed (docs/backtest.md). Shares 0 … 1.
 */
export interface SizingResult {
  readonly config: {
    /**
     * Start of each series in which contenders measure, requests stay as provisioned and nothing is scored; seconds, but
     * never more than 40 % of a series.
     */
    readonly warmupSeconds: number;
    readonly contenders: readonly string[];
  };
  readonly series: readonly SizingSeriesResult[];
  readonly summary: readonly SizingSummary[];
  /** What a reader has to know to judge the numbers, in sentences. */
  readonly caveats: readonly string[];
}

export interface SizingSeriesResult {
  readonly name: string;
  /** Of the first row, ISO 8601. */
  readonly startAt: string;
  readonly rows: number;
  readonly warmupHours: number;
  /** Time that the scored rows stand for; gaps are not in it. */
  readonly scoredHours: number;
  /** As provisioned first. */
  readonly contenders: readonly SizingContenderResult[];
}

export interface SizingContenderResult {
  readonly name: string;
  /** Mean over time of 1 − used ÷ requested, and 0 where more was used. */
  readonly cpuSlack: number;
  readonly memorySlack: number;
  /** Share of the time in which at least the whole CPU request was used: a limit there would throttle. */
  readonly throttledTimeShare: number;
  /**
   * Times the container would have been killed because it used more memory than requested; of rows closer than five
   * minutes, the longest that Kubernetes waits before it starts a container again, one counts.
   */
  readonly outOfMemoryEvents: number;
  /** Share of the time in which more memory was used than requested. */
  readonly outOfMemoryTimeShare: number;
  /** Changes of either request: without in-place resize each is a restart. */
  readonly changes: number;
  /** Requested, not used. */
  readonly coreHours: number;
  readonly gibHours: number;
  /** Requested, as a multiple of what was provisioned. */
  readonly cpuOverProvisioned: number;
  readonly memoryOverProvisioned: number;
}

export interface SizingSummary {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly series: number;
  readonly medianCpuSlack: number;
  readonly medianMemorySlack: number;
  readonly medianThrottledTimeShare: number;
  readonly outOfMemoryEvents: number;
  readonly seriesWithOutOfMemory: number;
  readonly medianChangesPerDay: number;
  /** Of all series together. */
  readonly cpuOverProvisioned: number;
  readonly memoryOverProvisioned: number;
}
