import type { BindingFact } from '../../src/loop/analyze/threat/grants.ts';

/** A service account of the namespace `shop` that was made an administrator of the cluster. */
export function bindingFixture(over: Partial<BindingFact> = {}): BindingFact {
  return {
    kind: 'ClusterRoleBinding',
    namespace: '',
    name: 'surprise',
    uid: 'u1',
    createdAt: 0,
    role: { kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'robot' }],
    acknowledged: false,
    bootstrapping: false,
    ...over,
  };
}
