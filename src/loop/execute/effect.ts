import type { Decision } from './decision.ts';
import type { Outcome } from './outcome.ts';

/** Why an intent was not carried out. `reason` is a PascalCase word, `message` a sentence. */
export interface Refusal {
  readonly at: number;
  readonly reason: string;
  readonly message: string;
}

/** A decision that has come to its end, exactly once. */
export interface ClosedDecision {
  readonly decision: Decision;
  readonly outcome: Outcome;
}

/**
 * What the controller carries out, in this order. Everything that leaves the loop is one of these values; the
 * controller answers StoreIntent and ApplyReplicas with an event.
 */
export type Effect =
  /** Journal, then compare-and-swap of `status.pending`. Answer: IntentStored or Refused. */
  | { readonly type: 'StoreIntent'; readonly decision: Decision }
  /** Live checks, then one JSON Patch. Answer: Applied or Refused; none when it is lost, until it is known. */
  | { readonly type: 'ApplyReplicas'; readonly decision: Decision }
  | { readonly type: 'RecordApplied'; readonly decision: Decision; readonly at: number }
  | { readonly type: 'RecordClosed'; readonly closed: ClosedDecision }
  | { readonly type: 'RecordAborted'; readonly closed: ClosedDecision; readonly refusal: Refusal }
  /** A decision that is not carried out (Preview, or a guard objects): for status and memory. */
  | { readonly type: 'RecordProposal'; readonly decision: Decision }
  | {
      readonly type: 'Announce';
      readonly level: 'Normal' | 'Warning';
      readonly reason: string;
      readonly note: string;
    };
