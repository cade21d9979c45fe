import type { Decision } from './execute/decision.ts';
import type { Evidence } from './analyze/anomaly/anomaly.ts';
import type { FleetAnomalyView } from './analyze/anomaly/fleet/fleet-anomalies.ts';
import type { SignalHistory } from './analyze/anomaly/learn-history.ts';
import type { ThreatFreeze } from './guard/guard.ts';
import type { FleetView } from './guard/fleet-view.ts';
import type { Observation } from './monitor/observation.ts';
import type { PolicyView } from './policy-view.ts';
import type { Recollection } from './recollection.ts';
import type { DemandState } from './state.ts';

/** What can happen to a policy. Times in ms since the epoch. */
export type LoopEvent =
  | { readonly type: 'Tick'; readonly observation: Observation }
  /** The past of one demand source, ending now: stretch after stretch, the oldest first and the newest finest. */
  | {
      readonly type: 'Backfill';
      readonly demandKey: string;
      readonly past: readonly PastStretch[];
      /** Time that each value averages over, as the 30 s of `rate(x[30s])`; 0 when it is of its moment. */
      readonly averagedSeconds: number;
      /**
       * What is known of the time before the past, from which it goes on; the event gives it away. Without it the
       * series begins with the past.
       */
      readonly after?: DemandState['forecaster'];
    }
  /** The past of what anomalies are looked for in, part by part, the oldest first. */
  | ({ readonly type: 'SignalHistory' } & SignalHistory)
  | { readonly type: 'IntentStored'; readonly decisionId: string }
  | { readonly type: 'Applied'; readonly decisionId: string; readonly at: number }
  /** The intent was not stored or the change was certainly not made. */
  | {
      readonly type: 'Refused';
      readonly decisionId: string;
      readonly at: number;
      readonly reason: string;
      readonly message: string;
    }
  /** After a restart: a decision of an earlier process that is on the target, with its outcome still open. */
  | { readonly type: 'Resumed'; readonly decision: Decision; readonly appliedAt: number };

/** Demand as it was measured, on an even grid: `values[i]` at `startMs + i × stepMs`; NaN marks a gap. */
export interface PastStretch {
  readonly startMs: number;
  readonly stepMs: number;
  readonly values: Float64Array;
}

/** Everything a step may know beside state and event: arguments, never ambient. */
export interface Environment {
  readonly now: number;
  readonly policy: PolicyView;
  /** An id for a decision that this step may take; unused ids are thrown away. */
  readonly decisionId: string;
  /** Lease transitions: which leadership takes this decision. */
  readonly epoch: number;
  /** This process holds the lease and is not draining. */
  readonly acting: boolean;
  readonly tickSeconds: number;
  readonly outcomeWindowSeconds: number;
  /** Length of the windows in which what happened is remembered; when left out, nothing is, and no arm is replayed. */
  readonly situationWindowSeconds?: number | undefined;
  /** What the other policies show; absent where nobody looks at them together. */
  readonly fleet?: FleetView | undefined;
  /** What is unusual about all workloads together; absent before they were looked at. */
  readonly fleetAnomalies?: FleetAnomalyView | undefined;
  /** What is unusual about the cost of the namespace, where this policy is the one to tell of it. */
  readonly unusualCost?: Evidence | undefined;
  /** What is suspected in the policy's namespace; absent where nobody looks. */
  readonly threat?: ThreatFreeze | undefined;
  /** What came of situations like the present one; absent while nobody answers. */
  readonly recollection?: Recollection | undefined;
}
