import type { ReplicaCount } from '../../api/replica-count.ts';
import type { GuardTrace } from '../guard/chain.ts';

/** One source's wish, before any guard. `Reactive`: the metric as just measured. `Forecast`: its predicted peak. */
export interface Proposal {
  readonly source: 'Reactive' | 'Forecast';
  readonly metric: string;
  readonly replicas: number;
  /** The arithmetic in words with its numbers: "ceil(412 ÷ 50) = 9". */
  readonly detail: string;
}

/**
 * A decision is a value: what should be, what is, and the complete reasoning. Carrying it out is another room.
 * Times in ms since the epoch.
 */
export interface Decision {
  readonly id: string;
  readonly at: number;
  readonly policy: { readonly namespace: string; readonly name: string; readonly uid: string; readonly generation: number };
  readonly target: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
  };
  readonly mode: 'Preview' | 'Apply';
  readonly action: 'ScaleUp' | 'ScaleDown';
  readonly from: ReplicaCount;
  readonly to: ReplicaCount;
  /** Lease transitions at the time of the decision: a later leader is a later epoch. */
  readonly epoch: number;
  readonly message: string;
  readonly proposals: readonly Proposal[];
  readonly guards: readonly GuardTrace[];
  readonly forecast: ForecastSummary | undefined;
}

/** The forecast that a decision rests on, in the unit of the metric. */
export interface ForecastSummary {
  readonly metric: string;
  readonly peak: number;
  readonly upper: number;
  readonly confidencePercent: number;
  readonly horizonSeconds: number;
  /** Share of past peaks that stayed at or below their upper bound, 0 … 1. */
  readonly coverage?: number;
  /** 1 - WAPE of the median peak, 0 … 1. */
  readonly accuracy?: number;
  readonly samples: number;
}
