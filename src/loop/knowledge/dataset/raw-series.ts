import type { FeatureName } from '../../monitor/features/schema.ts';

/** What values may be, both ends included. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** The samples of one feature of one workload, as they came: in any order, some twice, some no numbers. */
export interface RawSeries {
  readonly feature: FeatureName;
  /** What it was read from, for people: a query, a column. */
  readonly source: string;
  /** Of a counter, the rise per second counts. */
  readonly kind: 'Gauge' | 'Counter';
  /** ms since the epoch. */
  readonly times: Float64Array;
  /** As many as times; NaN where there is no value. */
  readonly values: Float64Array;
  /** Resets of the counters behind a rate that was made before it came here. */
  readonly resets?: number;
  /** Where the usual bounds do not hold: an indicator measures in a unit of its own. */
  readonly bounds?: Bounds;
}

/** What is known of one workload's past. */
export interface RawWorkload {
  readonly policyUid: string;
  readonly namespace: string;
  readonly policy: string;
  /** At most one for each feature. */
  readonly series: readonly RawSeries[];
  /** What volatility is taken from, where that is not the rate of requests. */
  readonly demand?: RawSeries;
  /** Why there is no series of a feature. */
  readonly absent?: Readonly<Partial<Record<FeatureName, string>>>;
}
