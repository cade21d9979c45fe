import type { Cluster, WorldContainer, WorldNode, WorldPod, WorldScale } from './cluster.ts';
import type { Family, Labels, Sample } from './exposition.ts';
import { DURATION_BUCKETS, FAMILIES } from './families.ts';
import { newCounters, type PodCounters, type Workload } from './workload.ts';

/** Everything that is exposed about one workload and its pods. */
export function workloadSamples(workload: Workload, cluster: Cluster): Sample[] {
  const pods = cluster.pods.filter((pod) => workload.owns(pod));
  const scale = cluster.scales.find((each) => isScaleOf(each, workload));
  return [
    ...[...workload.counters.values()].flatMap((counters) => [
      ...containerSamples(counters),
      ...networkSamples({ namespace: counters.pod.namespace, pod: counters.pod.name }, counters),
      ...applicationSamples(counters),
    ]),
    ...pods.filter((pod) => startsUp(pod, workload)).flatMap((pod) => applicationSamples(newCounters(pod))),
    ...pods.flatMap(podStateSamples),
    ...(scale === undefined ? [] : scaleSamples(scale)),
  ];
}

/**
 * KWOK's containers run from the moment they are ready. Real ones run while they warm up, and their counters are scraped
 * at zero before the first request: without that `rate()` would miss what a new pod served up to its second scrape.
 */
function startsUp({ uid, node, finished, deleting }: WorldPod, { counters }: Workload): boolean {
  return node !== '' && !finished && !deleting && !counters.has(uid);
}

export function isScaleOf(scale: WorldScale, { spec }: Workload): boolean {
  return (
    scale.kind === (spec.kind ?? 'Deployment') &&
    scale.namespace === spec.namespace &&
    scale.name === spec.name
  );
}

/** cAdvisor's: the first container does the work. CFS series exist only under a CPU limit, as in life. */
function containerSamples({ pod, cpuSeconds, cfsPeriods, cfsThrottled, memoryBytes }: PodCounters): Sample[] {
  const app = pod.containers[0];
  if (app === undefined) return [];
  const { namespace, name, node } = pod;
  const labels = { namespace, pod: name, container: app.name, node, image: app.image };
  const samples: Sample[] = [
    { family: FAMILIES.cpuUsage, labels, value: rounded(cpuSeconds) },
    { family: FAMILIES.workingSet, labels, value: memoryBytes },
  ];
  if (app.limits.cpu !== undefined) {
    samples.push({ family: FAMILIES.cfsPeriods, labels, value: Math.round(cfsPeriods) });
    samples.push({ family: FAMILIES.cfsThrottled, labels, value: Math.round(cfsThrottled) });
  }
  return samples;
}

/** What a call of a web service and its answer usually weigh, headers included. */
const REQUEST_BYTES = 2_000;
const RESPONSE_BYTES = 20_000;
/** An answer of one line. */
const REFUSAL_BYTES = 500;

/** cAdvisor's: by interface of the pod, which its containers share. */
export function networkSamples(
  labels: Labels,
  { accepted, rejected }: { readonly accepted: number; readonly rejected: number },
): Sample[] {
  const of = { ...labels, interface: 'eth0' };
  const sent = RESPONSE_BYTES * accepted + REFUSAL_BYTES * rejected;
  return [
    { family: FAMILIES.networkReceive, labels: of, value: REQUEST_BYTES * (accepted + rejected) },
    { family: FAMILIES.networkTransmit, labels: of, value: sent },
  ];
}

function applicationSamples(counters: PodCounters): Sample[] {
  const { pod, accepted, rejected } = counters;
  const labels = { namespace: pod.namespace, pod: pod.name };
  return [
    { family: FAMILIES.requests, labels: { ...labels, code: '200' }, value: accepted },
    { family: FAMILIES.requests, labels: { ...labels, code: '503' }, value: rejected },
    ...durationSamples(labels, { ...counters, count: accepted + rejected }),
  ];
}

/** A histogram's series; `buckets` are cumulative counts for DURATION_BUCKETS. */
export function durationSamples(
  labels: Labels,
  { buckets, count, waitSeconds }: { buckets: readonly number[]; count: number; waitSeconds: number },
): Sample[] {
  const family = FAMILIES.duration;
  const bucket = (le: string, value: number): Sample => ({
    family,
    suffix: '_bucket',
    labels: { ...labels, le },
    value,
  });
  return [
    ...DURATION_BUCKETS.map((bound, index) => bucket(String(bound), buckets[index] ?? 0)),
    bucket('+Inf', count),
    { family, suffix: '_sum', labels, value: rounded(waitSeconds) },
    { family, suffix: '_count', labels, value: count },
  ];
}

/** kube-state-metrics': readiness, requests, limits, restarts and owner of one pod. */
function podStateSamples(pod: WorldPod): Sample[] {
  const labels = { namespace: pod.namespace, pod: pod.name };
  const samples: Sample[] = (['true', 'false'] as const).map((condition) => ({
    family: FAMILIES.podReady,
    labels: { ...labels, condition },
    value: Number(pod.ready === (condition === 'true')),
  }));
  for (const { name, requests, limits, restarts } of pod.containers) {
    const of = { ...labels, container: name };
    const on = { ...of, node: pod.node };
    samples.push(
      ...amountSamples(FAMILIES.podRequests, on, requests),
      ...amountSamples(FAMILIES.podLimits, on, limits),
    );
    if (restarts !== undefined) samples.push({ family: FAMILIES.podRestarts, labels: of, value: restarts });
  }
  if (pod.owner !== undefined) {
    const { kind, name } = pod.owner;
    const owner = { ...labels, owner_kind: kind, owner_name: name, owner_is_controller: 'true' };
    samples.push({ family: FAMILIES.podOwner, labels: owner, value: 1 });
  }
  return samples;
}

function amountSamples(
  family: Family,
  labels: Labels,
  { cpu, memory }: WorldContainer['requests'],
): Sample[] {
  const samples: Sample[] = [];
  if (cpu !== undefined)
    samples.push({ family, labels: { ...labels, resource: 'cpu', unit: 'core' }, value: cpu });
  if (memory !== undefined)
    samples.push({ family, labels: { ...labels, resource: 'memory', unit: 'byte' }, value: memory });
  return samples;
}

/** kube-state-metrics': replicas asked for and ready. */
export function scaleSamples({ kind, namespace, name, specReplicas, readyReplicas }: WorldScale): Sample[] {
  if (kind === 'StatefulSet') {
    const labels = { namespace, statefulset: name };
    return [
      { family: FAMILIES.statefulSetReplicas, labels, value: specReplicas },
      { family: FAMILIES.statefulSetReady, labels, value: readyReplicas },
    ];
  }
  const labels = { namespace, deployment: name };
  return [
    { family: FAMILIES.deploymentReplicas, labels, value: specReplicas },
    { family: FAMILIES.deploymentReady, labels, value: readyReplicas },
  ];
}

/** What a node's pods have used so far; keeps counting when a pod is gone. */
export interface NodeUse {
  cpuSeconds: number;
  memoryBytes: number;
}

/** Node exporter's and kube-state-metrics', for one node that has been seen for `seconds`. */
export function nodeSamples(node: WorldNode, use: NodeUse, seconds: number): Sample[] {
  const samples: Sample[] = Object.entries(node.allocatable).map(([resource, value]) => ({
    family: FAMILIES.nodeAllocatable,
    labels: { node: node.name, resource, unit: UNITS[resource] ?? 'integer' },
    value,
  }));
  const cores = Math.max(1, Math.floor(node.allocatable['cpu'] ?? 1));
  const busy = Math.min(use.cpuSeconds, cores * seconds);
  for (let cpu = 0; cpu < cores; cpu += 1) {
    const labels = { node: node.name, cpu: String(cpu) };
    samples.push({
      family: FAMILIES.nodeCpu,
      labels: { ...labels, mode: 'user' },
      value: rounded(busy / cores),
    });
    const idle = rounded(seconds - busy / cores);
    samples.push({ family: FAMILIES.nodeCpu, labels: { ...labels, mode: 'idle' }, value: idle });
  }
  const available = Math.max(0, (node.allocatable['memory'] ?? 0) - use.memoryBytes);
  samples.push({ family: FAMILIES.nodeMemory, labels: { node: node.name }, value: available });
  return samples;
}

const UNITS: Readonly<Record<string, string>> = { cpu: 'core', memory: 'byte', 'ephemeral-storage': 'byte' };

/** Microseconds are finer than any rate needs, and keep the text short. */
export function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
