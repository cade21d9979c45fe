/** A rule of a Role or ClusterRole, as `rbac.authorization.k8s.io/v1` has it. */
export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Ways in which a role gives more than it says (Kubernetes, "RBAC good practices: privilege escalation risks"). */
export type RolePower = 'ClusterAdmin' | 'Wildcard' | 'WildcardRead' | 'Escalate' | 'Bind' | 'Impersonate';

const READING = new Set(['get', 'list', 'watch']);

/** What is dangerous in these rules; empty for most. */
export function powersOf(rules: readonly RoleRule[]): readonly RolePower[] {
  const powers = new Set<RolePower>();
  for (const rule of rules) {
    const wildcard = wildcardOf(rule);
    if (wildcard !== undefined) powers.add(wildcard);
    if (rule.verbs.includes('escalate')) powers.add('Escalate');
    if (rule.verbs.includes('bind')) powers.add('Bind');
    if (rule.verbs.includes('impersonate')) powers.add('Impersonate');
  }
  return [...powers];
}

function wildcardOf({ apiGroups, resources, verbs }: RoleRule): RolePower | undefined {
  if (!apiGroups.some(isBuiltIn)) return undefined;
  const all = (list: readonly string[]): boolean => list.includes('*');
  if (all(apiGroups) && all(resources) && all(verbs)) return 'ClusterAdmin';
  if (!all(resources) && !all(verbs)) return undefined;
  return verbs.every((verb) => READING.has(verb)) ? 'WildcardRead' : 'Wildcard';
}

/** All rights to one's own custom resources are usual for an operator, and give no power over the rest. */
function isBuiltIn(group: string): boolean {
  return group === '*' || !group.includes('.') || group.endsWith('.k8s.io');
}
