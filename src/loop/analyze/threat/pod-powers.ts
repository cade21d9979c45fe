import type { StructuralItem } from './structural-watch.ts';

/** Ways out of a container to its node. */
export type PodPower = 'Privileged' | 'HostPath' | 'HostPID' | 'HostNetwork' | 'HostIPC';

/** What a pod can reach of its node, and what makes such pods. */
export interface NodeAccess {
  readonly powers: readonly PodPower[];
  /** Name of what makes such pods, as well as it can be told from theirs: it stays the same over rollouts. */
  readonly lineage: string;
  readonly acknowledged: boolean;
}

/** A pod that has some of the powers. */
export interface PodFact extends NodeAccess {
  readonly namespace: string;
  readonly createdAt: number;
}

/** Chance that pods which never were there before are an attack or a grave mistake (docs/threats.md). */
const PRIOR: Readonly<Record<PodPower, number>> = {
  Privileged: 0.65,
  HostPath: 0.4,
  HostPID: 0.5,
  HostNetwork: 0.3,
  HostIPC: 0.3,
};

/** The pods with power, one item for all that come from the same. */
export function podItems(pods: Iterable<PodFact>): Iterable<StructuralItem> {
  const groups = new Map<string, PodFact[]>();
  for (const pod of pods) {
    const key = `Pods/${pod.namespace}/${pod.lineage}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pod]);
    else group.push(pod);
  }
  return [...groups].map(([key, group]) => podItem(key, group));
}

function podItem(key: string, group: readonly PodFact[]): StructuralItem {
  const powers = new Map<string, number>();
  let createdAt = Infinity;
  for (const pod of group) {
    createdAt = Math.min(createdAt, pod.createdAt);
    for (const power of pod.powers) powers.set(power, PRIOR[power]);
  }
  const { namespace = '', lineage = '' } = group[0] ?? {};
  return {
    key,
    createdAt,
    acknowledged: group.every(({ acknowledged }) => acknowledged),
    powers,
    message: `pods of ${namespace}/${lineage} reach their nodes (${[...powers.keys()].join(', ')})`,
    namespaces: new Map([[namespace, 1]]),
    elsewhere: 0,
  };
}
