import type { PolicySpec } from '../api/policy-spec.ts';

/** A policy as the loop needs it: validated, defaults applied. Times in ms since the epoch. */
export interface PolicyView {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  readonly createdAt: number;
  /** The annotation `autonomic.dev/suspend: "true"`, beside `spec.suspend`. */
  readonly suspendedByAnnotation: boolean;
  /** Until when somebody announced something unusual by the annotation `autonomic.dev/expected-until`; 0 when nobody did. */
  readonly expectedUntil: number;
  /** What people wrote into the annotation `autonomic.dev/runbook`, or its beginning. */
  readonly runbook?: string;
  readonly deleting: boolean;
  readonly spec: PolicySpec;
}
