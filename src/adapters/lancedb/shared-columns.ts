import type { RawOutcome, Situation } from '../../loop/knowledge/situation.ts';
import { wellFormed } from './json-value.ts';
import type { OutcomeColumns, OwnerColumns } from './row-types.ts';

/** Whose a row is. @throws TypeError when that is not said. */
export function ownerColumns({ policy, workload }: Pick<Situation, 'policy' | 'workload'>): OwnerColumns {
  return {
    namespace: wellFormed(policy.namespace),
    policy: wellFormed(policy.name),
    policy_uid: wellFormed(policy.uid),
    workload_kind: wellFormed(workload.kind),
    workload: wellFormed(workload.name),
    workload_uid: wellFormed(workload.uid),
  };
}

/** What came in a window, raw. */
export function outcomeColumns(outcome: RawOutcome): OutcomeColumns {
  return {
    window_seconds: outcome.windowSeconds,
    measured_seconds: outcome.measuredSeconds,
    violated_seconds: outcome.violatedSeconds,
    replica_seconds: outcome.replicaSeconds,
    requests: outcome.requests,
    bad_requests: outcome.badRequests,
    replicas_changed: outcome.replicasChanged,
    changes: outcome.changes,
    rollbacks: outcome.rollbacks,
    restarts: outcome.restarts,
    throttled_share: outcome.throttledShare,
    cost: outcome.cost,
  };
}
