import type { Decision } from './execute/decision.ts';
import type { FleetView } from './guard/fleet-view.ts';
import type { Observation } from './monitor/observation.ts';
import type { PolicyView } from './policy-view.ts';
import type { DemandState } from './state.ts';

/** What can happen to a policy. Times in ms since the epoch. */
export type LoopEvent =
  | { readonly type: 'Tick'; readonly observation: Observation }
  /** The past of one demand source on an even grid, ending now; NaN marks a gap. */
  | {
      readonly type: 'Backfill';
      readonly demandKey: string;
      readonly startMs: number;
      readonly stepMs: number;
      readonly values: Float64Array;
      /**
       * What is known of the time before `startMs`, from which the history goes on; the event gives it away. Without
       * it the series begins with the history.
       */
      readonly after?: DemandState['forecaster'];
    }
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
  /** What the other policies show; absent where nobody looks at them together. */
  readonly fleet?: FleetView | undefined;
}
