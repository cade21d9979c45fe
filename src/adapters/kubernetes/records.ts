import { parseQuantity } from '../../api/quantity.ts';
import type { NodeAccess } from '../../loop/analyze/threat/pod-powers.ts';
import type { PodView } from '../../loop/monitor/observation.ts';

// Slim, checked copies of the objects that are cached by the thousand. Everything unexpected in an object
// becomes "absent" here, so that nothing behind this line meets a wrong type.

/** An object as JSON gave it. */
export type Json = Readonly<Record<string, unknown>>;

export interface WorkloadRecord {
  readonly apiVersion: string;
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly specReplicas: number;
  readonly readyReplicas: number;
  readonly rolloutInProgress: boolean;
  readonly paused: boolean;
  readonly deleting: boolean;
  readonly hasAnnotations: boolean;
  readonly decisionAnnotation?: string;
  readonly replicasManager?: string;
  /** A StatefulSet's newest revision, by the name of its ControllerRevision. */
  readonly updateRevision?: string;
}

export interface ReplicaSetRecord {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly ownerUid?: string;
  readonly createdAt?: number;
  /** Its Deployment counts its revisions: the highest number is the present one, also after a rollback to an old set. */
  readonly revision?: number;
}

export interface PodRecord extends PodView {
  readonly namespace: string;
  readonly uid: string;
  readonly ownerUid?: string;
  /** Of a StatefulSet's pod: the name of the ControllerRevision that it was made by. */
  readonly controllerRevision?: string;
  /** The first of its addresses; a pod on its node's network has the node's. */
  readonly ip?: string;
  /** Its containers' TCP ports that have a name. */
  readonly namedPorts?: Readonly<Record<string, number>>;
  /** Present when it can reach its node; of who watches for threats. */
  readonly nodeAccess?: NodeAccess;
}

/** Anything that claims the replicas of another object: an HPA or a ScaledObject. */
export interface ScalerRecord {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly targetKind: string;
  readonly targetName: string;
}

export const DECISION_ANNOTATION = 'autonomic.dev/decision';
/** Set by the Deployment controller on its ReplicaSets. */
const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';
/** Set by the StatefulSet controller on its pods. */
const REVISION_LABEL = 'controller-revision-hash';
export const PREVIOUS_REPLICAS_ANNOTATION = 'autonomic.dev/previous-replicas';

export function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function integer(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

/** RFC 3339 text to ms since the epoch. */
export function time(value: unknown): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isFinite(at) ? at : undefined;
}

interface Identity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

function identity(metadata: Json): Identity {
  return {
    namespace: text(metadata['namespace']) ?? '',
    name: text(metadata['name']) ?? '',
    uid: text(metadata['uid']) ?? '',
  };
}

/** The uid of the controlling owner: pods are found by this chain and never by labels alone (kubernetes#124307). */
function controllerUid(metadata: Json): { ownerUid?: string } {
  const owner = list(metadata['ownerReferences'])
    .map(object)
    .find((reference) => reference['controller'] === true);
  const uid = text(owner?.['uid']);
  return uid === undefined ? {} : { ownerUid: uid };
}

export function workloadRecord(kind: WorkloadRecord['kind'], value: unknown): WorkloadRecord {
  const raw = object(value);
  const metadata = object(raw['metadata']);
  const spec = object(raw['spec']);
  const status = object(raw['status']);
  const annotation = text(object(metadata['annotations'])[DECISION_ANNOTATION]);
  const manager = replicasManager(metadata);
  const updateRevision = text(status['updateRevision']);
  return {
    apiVersion: 'apps/v1',
    kind,
    ...identity(metadata),
    resourceVersion: text(metadata['resourceVersion']) ?? '',
    generation: integer(metadata['generation']) ?? 0,
    specReplicas: integer(spec['replicas']) ?? 1,
    readyReplicas: integer(status['readyReplicas']) ?? 0,
    rolloutInProgress: rolloutInProgress(kind, metadata, status),
    paused: spec['paused'] === true,
    deleting: metadata['deletionTimestamp'] !== undefined,
    hasAnnotations: metadata['annotations'] !== undefined,
    ...(annotation === undefined ? {} : { decisionAnnotation: annotation }),
    ...(manager === undefined ? {} : { replicasManager: manager }),
    ...(updateRevision === undefined ? {} : { updateRevision }),
  };
}

function rolloutInProgress(kind: WorkloadRecord['kind'], metadata: Json, status: Json): boolean {
  const observed = integer(status['observedGeneration']) ?? 0;
  if (observed < (integer(metadata['generation']) ?? 0)) return true;
  const replicas = integer(status['replicas']) ?? 0;
  const updated = integer(status['updatedReplicas']) ?? 0;
  if (kind === 'Deployment') return updated < replicas;
  return status['updateRevision'] !== status['currentRevision'] && updated < replicas;
}

function replicasManager(metadata: Json): string | undefined {
  const owners = list(metadata['managedFields'])
    .map(object)
    .filter((entry) => object(object(entry['fieldsV1'])['f:spec'])['f:replicas'] !== undefined)
    .sort((a, b) => (time(b['time']) ?? 0) - (time(a['time']) ?? 0));
  return text(owners[0]?.['manager']);
}

export function replicaSetRecord(value: unknown): ReplicaSetRecord {
  const metadata = object(object(value)['metadata']);
  const createdAt = time(metadata['creationTimestamp']);
  const revision = text(object(metadata['annotations'])[REVISION_ANNOTATION]);
  return {
    ...identity(metadata),
    ...controllerUid(metadata),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(revision !== undefined && /^\d{1,15}$/.test(revision)
      ? { revision: Number.parseInt(revision, 10) }
      : {}),
  };
}

const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed'] as const;

export function podRecord(value: unknown): PodRecord {
  const raw = object(value);
  const metadata = object(raw['metadata']);
  const status = object(raw['status']);
  const conditions = list(status['conditions']).map(object);
  const ready = conditions.find((condition) => condition['type'] === 'Ready');
  const readyChangedAt = time(ready?.['lastTransitionTime']);
  const startedAt = time(status['startTime']);
  const controllerRevision = text(object(metadata['labels'])[REVISION_LABEL]);
  return {
    ...identity(metadata),
    ...controllerUid(metadata),
    phase: PHASES.find((phase) => phase === status['phase']) ?? 'Unknown',
    ready: ready?.['status'] === 'True',
    ...(readyChangedAt === undefined ? {} : { readyChangedAt }),
    createdAt: time(metadata['creationTimestamp']) ?? 0,
    ...(startedAt === undefined ? {} : { startedAt }),
    deleting: metadata['deletionTimestamp'] !== undefined,
    requests: podAmounts(object(raw['spec']), 'requests'),
    limits: podAmounts(object(raw['spec']), 'limits'),
    ...(controllerRevision === undefined ? {} : { controllerRevision }),
    ...podPlace(object(raw['spec']), status, conditions),
    ...podAddress(object(raw['spec']), status),
  };
}

/** Where it is reached. */
function podAddress(spec: Json, status: Json): Pick<PodRecord, 'ip' | 'namedPorts'> {
  const ip = text(status['podIP']);
  // A sidecar may be an init container that goes on.
  const named = [...list(spec['initContainers']), ...list(spec['containers'])]
    .flatMap((container) => list(object(container)['ports']))
    .map(object)
    .flatMap(({ name, containerPort, protocol = 'TCP' }): [string, number][] => {
      const [key, port] = [text(name), integer(containerPort)];
      return key === undefined || port === undefined || protocol !== 'TCP' ? [] : [[key, port]];
    });
  return {
    ...(ip === undefined || ip === '' ? {} : { ip }),
    ...(named.length === 0 ? {} : { namedPorts: Object.fromEntries(named) }),
  };
}

/** Where a pod runs, what, and how often anew: what its start-up time depends on. */
function podPlace(
  spec: Json,
  status: Json,
  conditions: readonly Json[],
): Pick<PodView, 'scheduledAt' | 'node' | 'image' | 'restarts'> {
  const scheduled = conditions.find(({ type, status: met }) => type === 'PodScheduled' && met === 'True');
  const scheduledAt = time(scheduled?.['lastTransitionTime']);
  const node = text(spec['nodeName']);
  const images = list(spec['containers']).map((container) => text(object(container)['image']));
  const restarts = list(status['containerStatuses']).map(
    (container) => integer(object(container)['restartCount']) ?? 0,
  );
  return {
    ...(scheduledAt === undefined ? {} : { scheduledAt }),
    ...(node === undefined ? {} : { node }),
    ...(images.length === 0 || images.includes(undefined) ? {} : { image: images.join(' ') }),
    ...(restarts.length === 0 ? {} : { restarts: restarts.reduce((sum, count) => sum + count, 0) }),
  };
}

function podAmounts(spec: Json, of: 'requests' | 'limits'): PodView['requests'] {
  const cpu = sumAmounts(spec, of, 'cpu');
  const memory = sumAmounts(spec, of, 'memory');
  return { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
}

/** Sum over the containers; undefined when one of them has none (HPA refuses utilisation without requests then too). */
function sumAmounts(spec: Json, of: 'requests' | 'limits', resource: 'cpu' | 'memory'): number | undefined {
  let sum = 0;
  for (const container of list(spec['containers']).map(object)) {
    const amount = text(object(object(container['resources'])[of])[resource]);
    if (amount === undefined) return undefined;
    sum += parseQuantity(amount);
  }
  return sum;
}

export function scalerRecord(kind: string, value: unknown): ScalerRecord {
  const raw = object(value);
  const metadata = object(raw['metadata']);
  const target = object(object(raw['spec'])['scaleTargetRef']);
  return {
    kind,
    namespace: text(metadata['namespace']) ?? '',
    name: text(metadata['name']) ?? '',
    // KEDA's ScaledObject leaves the kind out for a Deployment.
    targetKind: text(target['kind']) ?? 'Deployment',
    targetName: text(target['name']) ?? '',
  };
}
