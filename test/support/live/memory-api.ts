import type { KubeRequest } from '../../../src/adapters/kubernetes/client.ts';
import { ApiError } from '../../../src/adapters/kubernetes/errors.ts';

interface Metadata {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  resourceVersion: string;
  generation: number;
  annotations?: Record<string, string>;
}

interface Stored {
  readonly metadata: Metadata;
  spec: { replicas?: number };
  status: object;
}

interface Operation {
  readonly op: 'test' | 'replace' | 'add';
  readonly path: string;
  readonly value: unknown;
}

/**
 * The two objects of a loop in memory, behind the requests that the operator sends: a Deployment that takes JSON
 * patches with their tests, and a policy whose status is a compare-and-swap. Weeks go by in minutes; what a real API
 * server does with the same requests is tested elsewhere.
 */
export class MemoryApi {
  readonly deployment: Stored;
  readonly policy: Stored;
  #version = 1;

  constructor(namespace: string, name: string, replicas: number) {
    const metadata = (uid: string): Metadata => ({
      namespace,
      name,
      uid,
      resourceVersion: '1',
      generation: 1,
    });
    this.deployment = { metadata: metadata('deployment'), spec: { replicas }, status: {} };
    this.policy = { metadata: metadata('policy'), spec: {}, status: {} };
  }

  get replicas(): number {
    return this.deployment.spec.replicas ?? 0;
  }

  request<T>(request: KubeRequest): Promise<T> {
    const { method, path } = request;
    const stored = path.includes('/deployments/') ? this.deployment : this.policy;
    if (method === 'PATCH' && stored === this.policy) this.#writeStatus(request);
    else if (method === 'PATCH') this.#patch(request);
    return Promise.resolve((stored === this.policy ? structuredClone(stored) : this.rolledOut()) as T);
  }

  /** The Deployment with a status that says: nothing is being rolled out. */
  rolledOut(): object {
    const { metadata, spec } = structuredClone(this.deployment);
    const { replicas } = spec;
    const status = { observedGeneration: metadata.generation, replicas, updatedReplicas: replicas };
    return { metadata, spec, status };
  }

  #writeStatus({ body }: KubeRequest): void {
    const { metadata, status } = body as { metadata: { resourceVersion: string }; status: object };
    this.#expect(metadata.resourceVersion, this.policy);
    // As JSON on the wire: what is undefined is not there, null takes away.
    const merged = { ...this.policy.status, ...(JSON.parse(JSON.stringify(status)) as object) };
    this.policy.status = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
    this.#touch(this.policy);
  }

  #patch({ body }: KubeRequest): void {
    const { metadata, spec } = this.deployment;
    for (const { op, path, value } of JSON.parse(body as string) as Operation[]) {
      if (op === 'test' && path === '/metadata/resourceVersion') this.#expect(value, this.deployment);
      else if (path === '/spec/replicas') spec.replicas = value as number;
      else if (path === '/metadata/annotations') metadata.annotations = value as Record<string, string>;
      else if (path.startsWith('/metadata/annotations/')) {
        const name = path.slice('/metadata/annotations/'.length).replaceAll('~1', '/').replaceAll('~0', '~');
        metadata.annotations = { ...metadata.annotations, [name]: value as string };
      }
    }
    metadata.generation += 1;
    this.#touch(this.deployment);
  }

  #expect(version: unknown, { metadata }: Stored): void {
    if (version === metadata.resourceVersion) return;
    throw new ApiError({ status: 409, reason: 'Conflict', message: `found ${metadata.resourceVersion}` });
  }

  #touch({ metadata }: Stored): void {
    this.#version += 1;
    metadata.resourceVersion = String(this.#version);
  }
}
