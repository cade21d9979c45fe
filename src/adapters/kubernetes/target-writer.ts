import { replicaCount, type ReplicaCount } from '../../api/replica-count.ts';
import type { KubeClient } from './client.ts';
import { ApiError } from './errors.ts';
import {
  DECISION_ANNOTATION,
  PREVIOUS_REPLICAS_ANNOTATION,
  workloadRecord,
  type WorkloadRecord,
} from './records.ts';

export interface WorkloadKey {
  readonly kind: WorkloadRecord['kind'];
  readonly namespace: string;
  readonly name: string;
}

export interface ReplicaPatch {
  readonly decisionId: string;
  readonly from: ReplicaCount;
  readonly to: ReplicaCount;
  /** The live object that the change was checked against: its uid and resourceVersion are tested by the server. */
  readonly workload: WorkloadRecord;
}

/** What is certain after a write was tried. `Unknown`: the answer was lost, only a live read can tell. */
export type WriteResult =
  | { readonly result: 'Applied' }
  | { readonly result: 'Refused'; readonly reason: string; readonly message: string }
  | { readonly result: 'Unknown'; readonly message: string };

interface Operation {
  readonly op: 'test' | 'replace' | 'add';
  readonly path: string;
  readonly value: unknown;
}

/** Short, because recovery has to wait until a lost request cannot arrive any more. */
const PATCH_DEADLINE_MS = 5_000;

/** Reads workloads past every cache, and makes the one change that this operator makes to them. */
export class TargetWriter {
  readonly #client: Pick<KubeClient, 'request'>;

  constructor(client: Pick<KubeClient, 'request'>) {
    this.#client = client;
  }

  /** @throws ApiError */
  async read(key: WorkloadKey): Promise<WorkloadRecord> {
    return workloadRecord(
      key.kind,
      await this.#client.request<unknown>({ method: 'GET', path: pathOf(key) }),
    );
  }

  /**
   * One JSON Patch: it tests identity and version, sets the replicas, and writes the decision beside them. Effect
   * and proof are one write in etcd, so no crash can separate them.
   */
  async writeReplicas(patch: ReplicaPatch): Promise<WriteResult> {
    const body = serialize(patch);
    try {
      await this.#client.request<unknown>({
        method: 'PATCH',
        path: pathOf(patch.workload),
        contentType: 'application/json-patch+json',
        body,
        deadlineMs: PATCH_DEADLINE_MS,
      });
      return { result: 'Applied' };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return refusal(error);
    }
  }
}

/** A 4xx is the server's word that nothing was written; no answer and a 5xx leave it open. */
function refusal(error: ApiError): WriteResult {
  const certain = error.status >= 400 && error.status < 500 && error.status !== 408;
  if (!certain) return { result: 'Unknown', message: error.message };
  const changed = error.status === 409 || error.status === 422;
  return { result: 'Refused', reason: changed ? 'TargetChanged' : error.reason, message: error.message };
}

function pathOf({ kind, namespace, name }: WorkloadKey): string {
  const plural = kind === 'Deployment' ? 'deployments' : 'statefulsets';
  return `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/${plural}/${encodeURIComponent(name)}`;
}

/**
 * The exact bytes, checked after serialising: `JSON.stringify` writes NaN as null, and the server takes a null
 * for "default", which is one replica.
 */
export function serialize({ decisionId, from, to, workload }: ReplicaPatch): string {
  const annotations = {
    [DECISION_ANNOTATION]: decisionId,
    [PREVIOUS_REPLICAS_ANNOTATION]: String(from),
  };
  const operations: Operation[] = [
    { op: 'test', path: '/metadata/uid', value: workload.uid },
    { op: 'test', path: '/metadata/resourceVersion', value: workload.resourceVersion },
    { op: 'replace', path: '/spec/replicas', value: to },
    ...(workload.hasAnnotations
      ? Object.entries(annotations).map(([name, value]): Operation => ({
          op: 'add',
          path: `/metadata/annotations/${escapePointer(name)}`,
          value,
        }))
      : [{ op: 'add', path: '/metadata/annotations', value: annotations } as const]),
  ];
  const body = JSON.stringify(operations);
  const sent = (JSON.parse(body) as Operation[]).find((operation) => operation.path === '/spec/replicas');
  replicaCount(sent?.value as number);
  return body;
}

/** RFC 6901. */
function escapePointer(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}
