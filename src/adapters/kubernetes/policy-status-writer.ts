import type { PolicyStatus } from '../../api/policy-status.ts';
import type { KubeClient } from './client.ts';
import { object, text } from './records.ts';

export interface PolicyKey {
  readonly namespace: string;
  readonly name: string;
}

/** A policy's status as it is in etcd, with the version that the next write must name. */
export interface StoredStatus {
  readonly uid: string;
  readonly generation: number;
  readonly resourceVersion: string;
  readonly status: unknown;
}

/** Writes `status` as a compare-and-swap: a version that is not the newest is refused with 409. */
export class PolicyStatusWriter {
  readonly #client: Pick<KubeClient, 'request'>;

  constructor(client: Pick<KubeClient, 'request'>) {
    this.#client = client;
  }

  /** @throws ApiError */
  async read(key: PolicyKey): Promise<StoredStatus> {
    return stored(await this.#client.request<unknown>({ method: 'GET', path: pathOf(key) }));
  }

  /** @throws ApiError; isConflict when somebody else wrote since `resourceVersion`. */
  async write(key: PolicyKey, resourceVersion: string, status: PolicyStatus): Promise<StoredStatus> {
    const answer = await this.#client.request<unknown>({
      method: 'PATCH',
      path: `${pathOf(key)}/status`,
      contentType: 'application/merge-patch+json',
      // In a merge patch lists replace lists; `pending` is the one member that also goes away.
      body: { metadata: { resourceVersion }, status: { ...status, pending: status.pending ?? null } },
    });
    return stored(answer);
  }
}

function stored(value: unknown): StoredStatus {
  const raw = object(value);
  const metadata = object(raw['metadata']);
  const generation = metadata['generation'];
  return {
    uid: text(metadata['uid']) ?? '',
    generation: typeof generation === 'number' ? generation : 0,
    resourceVersion: text(metadata['resourceVersion']) ?? '',
    status: raw['status'],
  };
}

function pathOf({ namespace, name }: PolicyKey): string {
  return `/apis/autonomic.dev/v1alpha1/namespaces/${encodeURIComponent(namespace)}/autonomicpolicies/${encodeURIComponent(name)}`;
}
