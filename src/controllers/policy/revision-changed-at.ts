import type { PodRecord, ReplicaSetRecord, WorkloadRecord } from '../../adapters/kubernetes/records.ts';

/** A workload with what it owns. Of a Deployment the pods of all its ReplicaSets. */
export interface RevisionTraces {
  readonly workload: WorkloadRecord;
  readonly replicaSets: readonly ReplicaSetRecord[];
  readonly pods: readonly PodRecord[];
}

/**
 * Since when the present revision of a workload is wanted, ms since the epoch; undefined when that cannot be told.
 *
 * A Deployment makes a ReplicaSet for each revision, so that the set's creation is the answer. A rollback takes an old
 * set up again; all pods that this set had before are gone then, so the oldest of its pods tells. A StatefulSet's
 * revisions are objects that only it needs to read: there the oldest pod of the newest revision tells too. Pods that were
 * replaced since make the revision seem younger, never older.
 */
export function revisionChangedAt({ workload, replicaSets, pods }: RevisionTraces): number | undefined {
  if (workload.kind === 'StatefulSet') {
    const { updateRevision } = workload;
    if (updateRevision === undefined) return undefined;
    return oldest(pods.filter(({ controllerRevision }) => controllerRevision === updateRevision));
  }
  const present = newestRevision(replicaSets);
  if (present?.createdAt === undefined) return undefined;
  const { createdAt } = present;
  const rolledBack = replicaSets.some((other) => (other.createdAt ?? 0) > createdAt);
  return rolledBack ? oldest(pods.filter(({ ownerUid }) => ownerUid === present.uid)) : createdAt;
}

function newestRevision(sets: readonly ReplicaSetRecord[]): ReplicaSetRecord | undefined {
  let newest: ReplicaSetRecord | undefined;
  for (const set of sets) {
    if (set.revision !== undefined && set.revision > (newest?.revision ?? -1)) newest = set;
  }
  return newest;
}

function oldest(pods: readonly PodRecord[]): number | undefined {
  let at: number | undefined;
  for (const { createdAt, deleting } of pods)
    if (!deleting && !(createdAt >= (at ?? Infinity))) at = createdAt;
  return at;
}
