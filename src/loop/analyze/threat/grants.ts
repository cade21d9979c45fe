import type { RolePower } from './role-powers.ts';
import type { StructuralItem } from './structural-watch.ts';
import { homeOf, SPREAD, type ThreatObject } from './threat.ts';

/** A Role (with namespace) or a ClusterRole, by what is dangerous in it. */
export interface RoleFact {
  readonly powers: readonly RolePower[];
}

export interface Subject {
  readonly kind: string;
  /** Of a ServiceAccount. */
  readonly namespace: string;
  readonly name: string;
}

/** A RoleBinding (with namespace) or a ClusterRoleBinding. */
export interface BindingFact {
  readonly kind: 'RoleBinding' | 'ClusterRoleBinding';
  /** Empty for a ClusterRoleBinding. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: number;
  readonly role: { readonly kind: string; readonly name: string };
  readonly subjects: readonly Subject[];
  readonly acknowledged: boolean;
  /** The API server itself keeps it (label `kubernetes.io/bootstrapping: rbac-defaults`). */
  readonly bootstrapping: boolean;
}

/** Each keyed by `namespace/name` or `name`. */
export interface Rbac {
  readonly roles: ReadonlyMap<string, RoleFact>;
  readonly clusterRoles: ReadonlyMap<string, RoleFact>;
  readonly bindings: Iterable<BindingFact>;
}

/**
 * Chance that a new binding of this kind, which nobody announced, is an attack or a grave mistake. Judgements, not
 * measurements: high enough to make people look, low enough that none alone is a certainty (docs/threats.md).
 */
const PRIOR: Readonly<Record<RolePower, number>> = {
  ClusterAdmin: 0.75,
  Wildcard: 0.65,
  WildcardRead: 0.3,
  Escalate: 0.65,
  Bind: 0.55,
  Impersonate: 0.65,
};

/** The bindings that give power, as they are now. */
export function* grantItems({ roles, clusterRoles, bindings }: Rbac): Iterable<StructuralItem> {
  for (const binding of bindings) {
    if (isOwnBinding(binding)) continue;
    const { kind, name } = binding.role;
    const role = kind === 'Role' ? roles.get(`${binding.namespace}/${name}`) : clusterRoles.get(name);
    if (role === undefined || role.powers.length === 0 || binding.subjects.length === 0) continue;
    yield grantItem(binding, role);
  }
}

/** Made by the API server for its own parts: they come with a cluster and with its upgrades. */
function isOwnBinding({ bootstrapping, role, subjects }: BindingFact): boolean {
  if (!bootstrapping) return false;
  if (role.name === 'cluster-admin') return subjects.every(({ name }) => name === 'system:masters');
  return subjects.every(
    ({ kind, namespace, name }) =>
      (kind === 'ServiceAccount' && namespace === 'kube-system') ||
      (kind !== 'ServiceAccount' && name.startsWith('system:kube-')),
  );
}

function grantItem(binding: BindingFact, { powers }: RoleFact): StructuralItem {
  const { kind, namespace, name, uid, createdAt, acknowledged, role, subjects } = binding;
  const places = new Map<string, number>();
  if (namespace !== '') places.set(namespace, 1);
  for (const subject of subjects) {
    const home = homeOfSubject(subject);
    if (home !== undefined) places.set(home, 1);
  }
  const given = new Map<string, number>();
  for (const power of powers) {
    for (const subject of subjects) given.set(`${power} to ${nameOf(subject)}`, PRIOR[power]);
  }
  const who = subjects.slice(0, 3).map(nameOf).join(', ');
  const more = subjects.length > 3 ? ` and ${subjects.length - 3} more` : '';
  const where = namespace === '' ? name : `${namespace}/${name}`;
  return {
    key: `${kind}/${uid}`,
    createdAt,
    acknowledged,
    powers: given,
    message: `${kind} ${where} gives ${who}${more} the ${role.kind} ${role.name} (${powers.join(', ')})`,
    namespaces: places,
    elsewhere: kind === 'ClusterRoleBinding' ? SPREAD : 0,
    regarding: regardingOf(binding),
  };
}

function homeOfSubject({ kind, namespace, name }: Subject): string | undefined {
  if (kind === 'ServiceAccount') return namespace === '' ? undefined : namespace;
  return homeOf(name);
}

function nameOf({ kind, namespace, name }: Subject): string {
  return kind === 'ServiceAccount' ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}

function regardingOf({ kind, namespace, name, uid }: BindingFact): ThreatObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    ...(namespace === '' ? {} : { namespace }),
    name,
    uid,
  };
}
