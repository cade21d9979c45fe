import type { NodeAccess, PodPower } from '../../loop/analyze/threat/pod-powers.ts';
import { isAcknowledged } from './rbac-records.ts';
import { list, object, text, type Json } from './records.ts';

/** By which a pod can reach its node; undefined for most pods, which cannot. */
export function nodeAccess(pod: unknown): NodeAccess | undefined {
  const raw = object(pod);
  const powers = podPowers(object(raw['spec']));
  if (powers.length === 0) return undefined;
  const metadata = object(raw['metadata']);
  return { powers, lineage: lineageOf(metadata), acknowledged: isAcknowledged(metadata) };
}

/** What Kubernetes' Pod Security Standards forbid from "Baseline" on, as far as it opens the node. */
function podPowers(spec: Json): PodPower[] {
  const containers = ['initContainers', 'containers', 'ephemeralContainers']
    .flatMap((field) => list(spec[field]))
    .map(object);
  const has: Readonly<Record<PodPower, boolean>> = {
    Privileged: containers.some((container) => object(container['securityContext'])['privileged'] === true),
    HostPath: list(spec['volumes']).some((volume) => object(volume)['hostPath'] !== undefined),
    HostPID: spec['hostPID'] === true,
    HostNetwork: spec['hostNetwork'] === true,
    HostIPC: spec['hostIPC'] === true,
  };
  return (Object.keys(has) as PodPower[]).filter((power) => has[power]);
}

/**
 * A name for whatever makes such pods that outlives a rollout: the prefix of which the API server made the pod's name,
 * without the hash of a ReplicaSet's template and without the number of a CronJob's run.
 */
function lineageOf(metadata: Json): string {
  const generateName = text(metadata['generateName']);
  if (generateName === undefined) return text(metadata['name']) ?? '';
  const prefix = generateName.replace(/-$/, '');
  const hash = text(object(metadata['labels'])['pod-template-hash']);
  if (hash !== undefined && prefix.endsWith(`-${hash}`)) return prefix.slice(0, -hash.length - 1);
  // CronJobs name their jobs by the minute since 1970, eight digits until the year 2160.
  return prefix.replace(/-\d{8}$/, '');
}
