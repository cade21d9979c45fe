import type { BindingFact, RoleFact, Subject } from '../../loop/analyze/threat/grants.ts';
import { powersOf, type RoleRule } from '../../loop/analyze/threat/role-powers.ts';
import { criticalityOf, type Criticality } from '../../loop/analyze/threat/risk.ts';
import { list, object, text, time, type Json } from './records.ts';

// Roles, bindings and namespaces as far as threats are concerned; the rules themselves are not kept.

/** By which a person says that a binding, or a pod with access to its node, is meant to be. */
export const ACKNOWLEDGED_ANNOTATION = 'autonomic.dev/acknowledged';
/** Label or annotation of a namespace: how much there is to lose. */
const CRITICALITY = 'autonomic.dev/criticality';
/** Of the roles and bindings that the API server itself makes and repairs. */
const BOOTSTRAPPING_LABEL = 'kubernetes.io/bootstrapping';

export function roleFact(value: unknown): RoleFact {
  const rules = list(object(value)['rules']).map((rule): RoleRule => {
    const { apiGroups, resources, verbs } = object(rule);
    return { apiGroups: texts(apiGroups), resources: texts(resources), verbs: texts(verbs) };
  });
  return { powers: powersOf(rules) };
}

export function bindingFact(kind: BindingFact['kind'], value: unknown): BindingFact {
  const raw = object(value);
  const metadata = object(raw['metadata']);
  const role = object(raw['roleRef']);
  return {
    kind,
    namespace: text(metadata['namespace']) ?? '',
    name: text(metadata['name']) ?? '',
    uid: text(metadata['uid']) ?? '',
    createdAt: time(metadata['creationTimestamp']) ?? 0,
    role: { kind: text(role['kind']) ?? '', name: text(role['name']) ?? '' },
    subjects: list(raw['subjects']).map((subject): Subject => {
      const { kind: subjectKind, namespace, name } = object(subject);
      return { kind: text(subjectKind) ?? '', namespace: text(namespace) ?? '', name: text(name) ?? '' };
    }),
    acknowledged: isAcknowledged(metadata),
    bootstrapping: object(metadata['labels'])[BOOTSTRAPPING_LABEL] === 'rbac-defaults',
  };
}

export interface NamespaceRecord {
  readonly criticality: Criticality;
}

/** The annotation is asked first: it can be set where labels are governed by others. */
export function namespaceRecord(value: unknown): NamespaceRecord {
  const metadata = object(object(value)['metadata']);
  const said = object(metadata['annotations'])[CRITICALITY] ?? object(metadata['labels'])[CRITICALITY];
  return { criticality: criticalityOf(text(said)) };
}

export function isAcknowledged(metadata: Json): boolean {
  return object(metadata['annotations'])[ACKNOWLEDGED_ANNOTATION] === 'true';
}

function texts(value: unknown): string[] {
  return list(value).filter((item) => typeof item === 'string');
}
