import type { ReplicaCount } from '../../api/replica-count.ts';
import type { ForecastSummary } from '../analyze/analyze.ts';
import type { Price } from '../plan/newsvendor/budget-pacing.ts';
import type { Counterfactual } from '../plan/newsvendor/counterfactual.ts';
import type { GuardTrace } from '../guard/chain.ts';
import type { Proposal } from '../plan/proposal.ts';

/**
 * A decision is a value: what should be, what is, and the complete reasoning. Carrying it out is another room.
 * Times in ms since the epoch.
 */
export interface Decision {
  readonly id: string;
  readonly at: number;
  readonly policy: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly generation: number;
  };
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
  /** Where requests and a forecast of them decided: the price of a bad request, and what other choices would have come to. */
  readonly stock?: { readonly price: Price } & Counterfactual;
  /** What was remembered of situations like this one; not there while nothing is. */
  readonly memory?: DecisionMemory;
}

/** What came of similar situations, in words and numbers. */
export interface DecisionMemory {
  /** Those of which it can be told how they ended, and how many of them succeeded. */
  readonly similar: number;
  readonly succeeded: number;
  readonly confidence: 'None' | 'Low' | 'Medium' | 'High';
  /** The arm that is expected to lose least. */
  readonly bestArm?: string;
  readonly message: string;
  /** The nearest first. */
  readonly neighbours: readonly {
    /** When that window began. */
    readonly at: number;
    /** Namespace and name. */
    readonly policy: string;
    /** Kind and name. */
    readonly workload: string;
    /** 1 for the same, one half at the end of what is called similar. */
    readonly similarity: number;
    readonly from: number;
    readonly to: number;
    readonly result: 'Succeeded' | 'Failed' | 'Unknown';
    readonly message: string;
  }[];
}
