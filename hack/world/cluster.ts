import { parseQuantity } from '../../src/api/quantity.ts';

/** What the world needs to know of a pod. Cores and bytes; undefined when a container does not say. */
export interface WorldPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Direct owner, usually a ReplicaSet or StatefulSet. */
  readonly owner: { readonly kind: string; readonly name: string } | undefined;
  /** Name of the Deployment or StatefulSet, by the owner's name and the template hash. */
  readonly workload: string | undefined;
  readonly node: string;
  /** Its containers run: cAdvisor would know them. */
  readonly running: boolean;
  readonly ready: boolean;
  readonly deleting: boolean;
  readonly finished: boolean;
  readonly containers: readonly WorldContainer[];
}

export interface WorldContainer {
  readonly name: string;
  readonly image: string;
  readonly requests: { readonly cpu?: number; readonly memory?: number };
  readonly limits: { readonly cpu?: number; readonly memory?: number };
  /** Undefined before it has a status. */
  readonly restarts: number | undefined;
}

export interface WorldScale {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly namespace: string;
  readonly name: string;
  readonly specReplicas: number;
  readonly readyReplicas: number;
}

export interface WorldNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Allocatable by resource name, in its base unit. */
  readonly allocatable: Readonly<Record<string, number>>;
}

export interface Cluster {
  readonly pods: readonly WorldPod[];
  readonly scales: readonly WorldScale[];
  readonly nodes: readonly WorldNode[];
}

/** Reads one path of the API as JSON. */
export type GetJson = (path: string) => Promise<unknown>;

/** The pods, scales and nodes as the API server's watch cache knows them now: cheap enough for each second. */
export async function readCluster(get: GetJson, namespaces: readonly string[]): Promise<Cluster> {
  const list = async <T>(path: string): Promise<T[]> => {
    const answer = (await get(`${path}?resourceVersion=0`)) as { items: T[] };
    return answer.items;
  };
  const each = async <T>(prefix: string, resource: string): Promise<T[]> =>
    (await Promise.all(namespaces.map((ns) => list<T>(`${prefix}/namespaces/${ns}/${resource}`)))).flat();
  const [pods, deployments, statefulSets, nodes] = await Promise.all([
    each<ApiPod>('/api/v1', 'pods'),
    each<ApiScale>('/apis/apps/v1', 'deployments'),
    each<ApiScale>('/apis/apps/v1', 'statefulsets'),
    list<ApiNode>('/api/v1/nodes'),
  ]);
  return {
    pods: pods.map(worldPod),
    scales: [...deployments.map(worldScale('Deployment')), ...statefulSets.map(worldScale('StatefulSet'))],
    nodes: nodes.map(worldNode),
  };
}

interface ApiMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly labels?: Record<string, string>;
  readonly deletionTimestamp?: string;
  readonly ownerReferences?: readonly { kind: string; name: string; controller?: boolean }[];
}

type Amounts = Readonly<Record<string, string>>;

interface ApiPod {
  readonly metadata: ApiMeta;
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly {
      readonly name: string;
      readonly image?: string;
      readonly resources?: { readonly requests?: Amounts; readonly limits?: Amounts };
    }[];
  };
  readonly status: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly name: string; readonly restartCount: number }[];
  };
}

interface ApiScale {
  readonly metadata: ApiMeta;
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly readyReplicas?: number };
}

interface ApiNode {
  readonly metadata: ApiMeta;
  readonly status: { readonly allocatable?: Amounts };
}

function worldPod({ metadata, spec, status }: ApiPod): WorldPod {
  const owner = metadata.ownerReferences?.find((reference) => reference.controller === true);
  const labels = metadata.labels ?? {};
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid,
    labels,
    owner: owner && { kind: owner.kind, name: owner.name },
    workload: workloadOf(owner, labels['pod-template-hash']),
    node: spec.nodeName ?? '',
    running: status.phase === 'Running',
    ready: status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    deleting: metadata.deletionTimestamp !== undefined,
    finished: status.phase === 'Succeeded' || status.phase === 'Failed',
    containers: spec.containers.map(({ name, image = '', resources = {} }) => ({
      name,
      image,
      requests: amounts(resources.requests),
      limits: amounts(resources.limits),
      restarts: status.containerStatuses?.find((container) => container.name === name)?.restartCount,
    })),
  };
}

/** A Deployment's ReplicaSet is named `<deployment>-<template hash>`; other owners are the workload themselves. */
function workloadOf(
  owner: { kind: string; name: string } | undefined,
  hash: string | undefined,
): string | undefined {
  if (owner?.kind !== 'ReplicaSet' || hash === undefined) return owner?.name;
  return owner.name.endsWith(`-${hash}`) ? owner.name.slice(0, -hash.length - 1) : owner.name;
}

function amounts(from: Amounts = {}): { cpu?: number; memory?: number } {
  return {
    ...(from['cpu'] !== undefined && { cpu: parseQuantity(from['cpu']) }),
    ...(from['memory'] !== undefined && { memory: parseQuantity(from['memory']) }),
  };
}

function worldScale(kind: WorldScale['kind']): (object: ApiScale) => WorldScale {
  return ({ metadata, spec, status }) => ({
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    specReplicas: spec.replicas ?? 1,
    readyReplicas: status?.readyReplicas ?? 0,
  });
}

function worldNode({ metadata, status }: ApiNode): WorldNode {
  const allocatable = Object.entries(status.allocatable ?? {}).map(
    ([name, text]) => [name, parseQuantity(text)] as const,
  );
  return { name: metadata.name, labels: metadata.labels ?? {}, allocatable: Object.fromEntries(allocatable) };
}
