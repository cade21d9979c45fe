import type { FeatureName } from '../../monitor/features/schema.ts';
import type { Cadence } from './cadence.ts';
import type { SampleCounts } from './clean-series.ts';
import type { Drift } from './drift.ts';
import type { Gap } from './minute-grid.ts';

/** What is known of one feature of a workload. */
export type FeatureReport =
  | {
      readonly feature: FeatureName;
      readonly unit: string;
      readonly state: 'Measured';
      readonly source: string;
      readonly counts: SampleCounts;
      readonly cadence: Cadence;
      readonly gaugeAsCounter: boolean;
      /** Share of the rows that have a value. */
      readonly coverage: number;
      /** The longest, in the order of time. */
      readonly gaps: readonly Gap[];
      /** All rows that have a value have the same. */
      readonly constant: boolean;
      /** Undefined when there is too little to compare. */
      readonly drift: Drift | undefined;
    }
  | {
      readonly feature: FeatureName;
      readonly unit: string;
      /** Follows from the time or from the demand. */
      readonly state: 'Derived';
      readonly coverage: number;
    }
  | { readonly feature: FeatureName; readonly unit: string; readonly state: 'Absent'; readonly why: string };

export type MeasuredFeature = Extract<FeatureReport, { state: 'Measured' }>;

/** One thing that was found, for programs and for people. */
export interface Finding {
  readonly code:
    | 'TooShort'
    | 'NoLoad'
    | 'LowCoverage'
    | 'Constant'
    | 'Implausible'
    | 'Conflicting'
    | 'NoCounter'
    | 'Duplicates'
    | 'Late'
    | 'Irregular'
    | 'Resets'
    | 'Drift';
  readonly feature?: FeatureName;
  /** A sentence: what was found, what is allowed, what to do. */
  readonly message: string;
}

export interface Verdict {
  /** Usable for training. */
  readonly usable: boolean;
  /** Why not. */
  readonly reasons: readonly Finding[];
  /** What to know of data that is usable all the same. */
  readonly warnings: readonly Finding[];
}

/** What is known of one workload. */
export interface WorkloadReport {
  readonly policyUid: string;
  readonly namespace: string;
  readonly policy: string;
  /** ms since the epoch of the first and the last row. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Mean over the measured features. */
  readonly coverage: number;
  /** Times in which no feature was measured at all. */
  readonly gaps: readonly Gap[];
  /** In the order of the schema. */
  readonly features: readonly FeatureReport[];
  readonly verdict: Verdict;
}

export interface DataReport {
  readonly schema: { readonly version: number; readonly hash: string };
  readonly stepSeconds: number;
  readonly usable: boolean;
  readonly workloads: readonly WorkloadReport[];
}
