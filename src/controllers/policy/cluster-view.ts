import type {
  PodRecord,
  ReplicaSetRecord,
  ScalerRecord,
  WorkloadRecord,
} from '../../adapters/kubernetes/records.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type { TargetProblem, TargetView } from '../../loop/monitor/observation.ts';
import { revisionChangedAt } from './revision-changed-at.ts';

/** What the watches have in memory; each list is keyed by `namespace/name`. */
export interface ClusterCaches {
  readonly workloads: Readonly<Record<WorkloadRecord['kind'], ReadonlyMap<string, WorkloadRecord>>>;
  readonly replicaSets: ReadonlyMap<string, ReplicaSetRecord>;
  readonly pods: ReadonlyMap<string, PodRecord>;
  readonly scalers: readonly ReadonlyMap<string, ScalerRecord>[];
}

/**
 * The caches turned into the questions a policy asks. Built once a round: pods are indexed by their owner, so
 * that a thousand policies do not scan all pods a thousand times.
 */
export class ClusterView {
  readonly #caches: ClusterCaches;
  readonly #podsByOwner: ReadonlyMap<string, readonly PodRecord[]>;
  readonly #setsByOwner: ReadonlyMap<string, readonly ReplicaSetRecord[]>;
  readonly #claims: ReadonlyMap<string, readonly string[]>;
  readonly #active: ReadonlyMap<string, readonly PolicyView[]>;

  constructor(caches: ClusterCaches, policies: readonly PolicyView[]) {
    this.#caches = caches;
    this.#podsByOwner = groupBy(caches.pods.values(), (pod) => pod.ownerUid);
    this.#setsByOwner = groupBy(caches.replicaSets.values(), (set) => set.ownerUid);
    this.#claims = claims(caches.scalers);
    this.#active = groupBy(policies.filter(acts), ({ namespace, spec: { targetRef } }) =>
      claimKey(namespace, targetRef.kind, targetRef.name),
    );
  }

  target(policy: PolicyView): TargetView | TargetProblem {
    const { kind, name } = policy.spec.targetRef;
    const workload = this.#caches.workloads[kind].get(`${policy.namespace}/${name}`);
    if (workload === undefined) {
      return { problem: 'NotFound', message: `${kind}/${name} is not in namespace ${policy.namespace}` };
    }
    return this.view(policy, workload);
  }

  /** The target's pods, with their addresses; none without a target. Whoever names an owner elsewhere is not one of them. */
  pods({ namespace, spec: { targetRef } }: PolicyView): readonly PodRecord[] {
    const workload = this.#caches.workloads[targetRef.kind].get(`${namespace}/${targetRef.name}`);
    if (workload === undefined) return [];
    const pods = this.#pods(workload, this.#setsByOwner.get(workload.uid) ?? []);
    return pods.filter((pod) => pod.namespace === namespace);
  }

  /** The same view of a workload that was just read live. */
  view(policy: PolicyView, workload: WorkloadRecord): TargetView {
    const { hasAnnotations, replicasManager, updateRevision, ...facts } = workload;
    const replicaSets = this.#setsByOwner.get(workload.uid) ?? [];
    const pods = this.#pods(workload, replicaSets);
    const changedAt = revisionChangedAt({ workload, replicaSets, pods });
    return {
      ...facts,
      pods,
      ...(changedAt === undefined ? {} : { revisionChangedAt: changedAt }),
      ownership: {
        rivals: this.#rivals(policy, workload),
        ...(replicasManager === undefined ? {} : { replicasManager }),
      },
    };
  }

  #pods(workload: WorkloadRecord, sets: readonly ReplicaSetRecord[]): readonly PodRecord[] {
    if (workload.kind === 'StatefulSet') return this.#podsByOwner.get(workload.uid) ?? [];
    return sets.flatMap((set) => this.#podsByOwner.get(set.uid) ?? []);
  }

  #rivals(policy: PolicyView, workload: WorkloadRecord): readonly string[] {
    const key = claimKey(workload.namespace, workload.kind, workload.name);
    const others = (this.#active.get(key) ?? []).filter((other) => other.uid !== policy.uid);
    return [...(this.#claims.get(key) ?? []), ...others.map((other) => `AutonomicPolicy/${other.name}`)];
  }
}

/** A policy that would write: one in Preview may stand beside it, to be compared. */
function acts(policy: PolicyView): boolean {
  return (
    policy.spec.mode === 'Apply' && !policy.spec.suspend && !policy.suspendedByAnnotation && !policy.deleting
  );
}

function claimKey(namespace: string, kind: string, name: string): string {
  return `${namespace}/${kind}/${name}`;
}

function claims(scalers: ClusterCaches['scalers']): ReadonlyMap<string, readonly string[]> {
  const all = scalers.flatMap((store) => [...store.values()]);
  const keyed = groupBy(all, (scaler) => claimKey(scaler.namespace, scaler.targetKind, scaler.targetName));
  return new Map([...keyed].map(([key, group]) => [key, group.map(({ kind, name }) => `${kind}/${name}`)]));
}

function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
