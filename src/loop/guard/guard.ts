import type { Anomaly } from '../analyze/anomaly/anomaly.ts';
import type { TargetView } from '../monitor/observation.ts';
import type { ReplicaChange } from '../monitor/replica-watch.ts';
import type { PolicyView } from '../policy-view.ts';
import type { FleetView } from './fleet-view.ts';
import type { ScalingHistory } from './history.ts';
import type { SafetyFacts } from './safety.ts';

/**
 * Shape guards turn the plan into the value that is recommended; Permit guards decide whether it may be
 * written now. A person in Preview therefore reads the same recommendation that Apply would carry out.
 */
export type GuardStage = 'Shape' | 'Permit';

export type Verdict =
  | { readonly outcome: 'Pass' }
  | { readonly outcome: 'Clamp'; readonly value: number; readonly reason: string; readonly message: string }
  | { readonly outcome: 'Veto'; readonly reason: string; readonly message: string };

/** What guards may look at. Facts only: a guard never computes a forecast and never performs I/O. */
export interface GuardContext {
  readonly now: number;
  readonly policy: PolicyView;
  readonly target: TargetView;
  /** Replicas the target asks for now (`spec.replicas`). */
  readonly current: number;
  /** What demand just measured asks for, by the metrics' own arithmetic; undefined when nothing is measured. */
  readonly reactive: number | undefined;
  /** What the plan asks for, before any guard; the current count while nothing is known. */
  readonly wanted: number;
  /** Every metric is Fresh with coverage of at least `MIN_COVERAGE`: the proof that a decrease needs. */
  readonly mayLower: boolean;
  /** Why `mayLower` is false, for people. */
  readonly doubt: string;
  readonly history: ScalingHistory;
  /** How far back recommendations are looked at before a decrease: the user's own, or what the plan asks for. */
  readonly scaleDownWindowSeconds: number;
  readonly observedSince: number;
  readonly foreignChange: ReplicaChange | undefined;
  readonly lastActionAt: number | undefined;
  readonly actionsInLastHour: number;
  readonly actionInFlight: boolean;
  /** Decisions in a row that were refused, and when the last of them was; undefined after one that was applied. */
  readonly refusals: Refusals | undefined;
  /** This process holds the lease and is not draining. */
  readonly acting: boolean;
  readonly safety: SafetyFacts;
  /** What the other policies show; undefined where nobody looks at them together. */
  readonly fleet: FleetView | undefined;
  /** What is unusual about the workload now. */
  readonly anomalies: readonly Anomaly[];
  /** What is suspected in the namespace; undefined where nobody looks. */
  readonly threat: ThreatFreeze | undefined;
}

/** Whether the operator's own actions are frozen in a namespace, and why. */
export interface ThreatFreeze {
  readonly freeze: boolean;
  readonly reason: string;
}

export interface Refusals {
  readonly count: number;
  readonly lastAt: number;
}

export interface Guard {
  readonly name: string;
  readonly stage: GuardStage;
  readonly check: (value: number, context: GuardContext) => Verdict;
}

export const PASS: Verdict = { outcome: 'Pass' };

export function clamp(value: number, reason: string, message: string): Verdict {
  return { outcome: 'Clamp', value, reason, message };
}

export function veto(reason: string, message: string): Verdict {
  return { outcome: 'Veto', reason, message };
}
