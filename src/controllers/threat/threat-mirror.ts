import type { KubeClient } from '../../adapters/kubernetes/client.ts';
import type { KubeObject } from '../../adapters/kubernetes/objects.ts';
import {
  bindingFact,
  namespaceRecord,
  roleFact,
  type NamespaceRecord,
} from '../../adapters/kubernetes/rbac-records.ts';
import type { BindingFact, Rbac, RoleFact } from '../../loop/analyze/threat/grants.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import { Reflector, type ReflectorNote } from '../../runtime/reflector.ts';

export interface ThreatMirrorOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly observe: (kind: string, note: ReflectorNote) => void;
}

const RBAC_PATH = '/apis/rbac.authorization.k8s.io/v1';

/**
 * Local copies of roles, bindings and namespaces. Apart from what policies need: without the right to read these the
 * operator works as before, and says what it does not see.
 */
export class ThreatMirror {
  readonly #roles: Reflector<RoleFact>;
  readonly #clusterRoles: Reflector<RoleFact>;
  readonly #bindings: Reflector<BindingFact>;
  readonly #clusterBindings: Reflector<BindingFact>;
  readonly #namespaces: Reflector<NamespaceRecord>;

  constructor({ client, clock, random, observe }: ThreatMirrorOptions) {
    const mirror = <T>(kind: string, path: string, transform: (object: KubeObject) => T): Reflector<T> =>
      new Reflector<T>({
        client,
        collection: { kind, path },
        transform,
        onEvent: () => undefined,
        clock,
        random,
        observe: (note) => observe(kind, note),
      });
    this.#roles = mirror('Role', `${RBAC_PATH}/roles`, roleFact);
    this.#clusterRoles = mirror('ClusterRole', `${RBAC_PATH}/clusterroles`, roleFact);
    this.#bindings = mirror('RoleBinding', `${RBAC_PATH}/rolebindings`, (object) =>
      bindingFact('RoleBinding', object),
    );
    this.#clusterBindings = mirror('ClusterRoleBinding', `${RBAC_PATH}/clusterrolebindings`, (object) =>
      bindingFact('ClusterRoleBinding', object),
    );
    this.#namespaces = mirror('Namespace', '/api/v1/namespaces', namespaceRecord);
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#all().map((reflector) => reflector.run(signal)));
  }

  /** Undefined until all four lists are complete, and while one of them cannot be read any more. */
  rbac(): Rbac | undefined {
    if (this.problem() !== undefined) return undefined;
    return {
      roles: this.#roles.objects,
      clusterRoles: this.#clusterRoles.objects,
      bindings: this.#everyBinding(),
    };
  }

  namespaces(): ReadonlyMap<string, NamespaceRecord> {
    return this.#namespaces.objects;
  }

  /** Why roles and bindings are not known. */
  problem(): string | undefined {
    const kinds = { Role: this.#roles, ClusterRole: this.#clusterRoles, RoleBinding: this.#bindings };
    for (const [kind, reflector] of Object.entries({ ...kinds, ClusterRoleBinding: this.#clusterBindings })) {
      if (reflector.absent) return `the server has no ${kind}s`;
      // A short interruption is none: what was known a moment ago is still true.
      if (!reflector.synced)
        return `${kind}s were not read yet: ${reflector.problem?.message ?? 'no answer'}`;
      if (reflector.problem?.status === 403) return `${kind}s may not be read`;
    }
    return undefined;
  }

  *#everyBinding(): Iterable<BindingFact> {
    yield* this.#clusterBindings.objects.values();
    yield* this.#bindings.objects.values();
  }

  #all(): readonly Reflector<unknown>[] {
    return [
      this.#roles,
      this.#clusterRoles,
      this.#bindings,
      this.#clusterBindings,
      this.#namespaces,
    ] as unknown as readonly Reflector<unknown>[];
  }
}
