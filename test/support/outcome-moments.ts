import type { OutcomeMoment, OutcomeSlice } from '../../src/loop/knowledge/reward/outcome-slice.ts';
import { createOutcomeMeter, observeMoment } from '../../src/loop/knowledge/reward/outcome-slice.ts';
import { NOW } from './loop-fixtures.ts';

/** Four replicas, nothing bad, everything measured. */
export function momentFixture(change: Partial<OutcomeMoment> = {}): OutcomeMoment {
  return {
    now: NOW,
    targetUid: 'target-uid',
    policyGeneration: 3,
    replicas: 4,
    violated: false,
    counts: undefined,
    restarts: 0,
    throttledShare: undefined,
    replicaHourPrice: undefined,
    covered: true,
    rolloutInProgress: false,
    overridden: false,
    nodeLost: false,
    rolledBack: false,
    ...change,
  };
}

/** What comes of moments, each changed from a quiet one. */
export function slicesOf(changes: readonly Partial<OutcomeMoment>[]): readonly OutcomeSlice[] {
  const meter = createOutcomeMeter();
  return changes.flatMap((change) => observeMoment(meter, momentFixture(change)) ?? []);
}
