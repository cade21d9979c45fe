import type { PodView } from '../monitor/observation.ts';
import type { PodGrouping } from './hpa-defaults.ts';

/** Every pod of the target in exactly one group. */
export interface PodGroups {
  /** Their usage counts. */
  readonly ready: readonly PodView[];
  /** Pending, not ready yet, or too young for their CPU to mean anything: usage is not counted. */
  readonly unready: readonly PodView[];
  /** Running, but without a usable sample. */
  readonly missing: readonly PodView[];
  /** Deleting or failed: no longer part of the workload. */
  readonly ignored: readonly PodView[];
}

export interface PodGroupsInput {
  readonly pods: readonly PodView[];
  /** Time of each pod's usable sample, ms since the epoch; a pod that is not in it has none. */
  readonly sampledAt: ReadonlyMap<string, number>;
  readonly resource: 'cpu' | 'memory';
  /** Ms since the epoch. */
  readonly now: number;
  readonly grouping: PodGrouping;
}

type Group = keyof PodGroups;

/** Groups pods as the HPA does (kubernetes v1.36.3 replica_calculator.go, groupPods). */
export function groupPods(input: PodGroupsInput): PodGroups {
  const groups: Record<Group, PodView[]> = { ready: [], unready: [], missing: [], ignored: [] };
  for (const pod of input.pods) groups[groupOf(pod, input)].push(pod);
  return groups;
}

function groupOf(pod: PodView, { sampledAt, resource, now, grouping }: PodGroupsInput): Group {
  if (pod.deleting || pod.phase === 'Failed') return 'ignored';
  if (pod.phase === 'Pending') return 'unready';
  const sampled = sampledAt.get(pod.name);
  if (sampled === undefined) return 'missing';
  // Memory is held from the first moment; only CPU is distorted by starting up.
  return resource === 'cpu' && startingUp(pod, sampled, now, grouping) ? 'unready' : 'ready';
}

function startingUp(pod: PodView, sampled: number, now: number, grouping: PodGrouping): boolean {
  if (pod.readyChangedAt === undefined || pod.startedAt === undefined) return true;
  if (pod.startedAt + grouping.cpuInitializationSeconds * 1000 > now) {
    return !pod.ready || sampled < pod.readyChangedAt + grouping.sampleWindowSeconds * 1000;
  }
  return !pod.ready && pod.startedAt + grouping.readinessDelaySeconds * 1000 > pod.readyChangedAt;
}
