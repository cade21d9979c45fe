import { bindingFixture } from '../../../../test/support/binding-fixture.ts';
import { grantItems, type BindingFact, type Rbac } from './grants.ts';

const EVE = { kind: 'User', namespace: '', name: 'eve' };
const ROBOT = { kind: 'ServiceAccount', namespace: 'shop', name: 'robot' };

const binding = (over: Partial<BindingFact> = {}): BindingFact =>
  bindingFixture({ createdAt: 7, subjects: [EVE], ...over });

function items(...bindings: readonly BindingFact[]) {
  const rbac: Rbac = {
    roles: new Map([['shop/local', { powers: ['Bind'] }]]),
    clusterRoles: new Map([
      ['cluster-admin', { powers: ['ClusterAdmin'] }],
      ['view', { powers: [] }],
    ]),
    bindings,
  };
  return [...grantItems(rbac)];
}

test('a binding of the cluster concerns all namespaces by half, and the one where a subject lives in full', () => {
  const [item] = items(binding({ subjects: [EVE, ROBOT] }));
  expect(item).toMatchObject({ key: 'ClusterRoleBinding/u1', createdAt: 7, elsewhere: 0.5 });
  expect([...(item?.namespaces ?? [])]).toEqual([['shop', 1]]);
  expect([...(item?.powers.keys() ?? [])]).toEqual([
    'ClusterAdmin to User eve',
    'ClusterAdmin to ServiceAccount shop/robot',
  ]);
  expect(item?.message).toBe(
    'ClusterRoleBinding surprise gives User eve, ServiceAccount shop/robot the ClusterRole cluster-admin (ClusterAdmin)',
  );
});

test('a service account that is bound as a user lives where it lives', () => {
  const user = { kind: 'User', namespace: '', name: 'system:serviceaccount:bank:robot' };
  expect([...(items(binding({ subjects: [user] }))[0]?.namespaces ?? [])]).toEqual([['bank', 1]]);
});

test('a binding of a namespace concerns that namespace only', () => {
  const role = { kind: 'Role', name: 'local' };
  const [item] = items(binding({ kind: 'RoleBinding', namespace: 'shop', role }));
  expect(item).toMatchObject({ elsewhere: 0, namespaces: new Map([['shop', 1]]) });
});

test.each([
  ['a role without powers', binding({ role: { kind: 'ClusterRole', name: 'view' } })],
  ['a role that is not there', binding({ role: { kind: 'ClusterRole', name: 'gone' } })],
  [
    'a Role of the same name elsewhere',
    binding({ kind: 'RoleBinding', namespace: 'bank', role: { kind: 'Role', name: 'local' } }),
  ],
  ['nobody', binding({ subjects: [] })],
  [
    "the API server's own for its administrators",
    binding({ bootstrapping: true, subjects: [{ kind: 'Group', namespace: '', name: 'system:masters' }] }),
  ],
  [
    "the API server's own for a controller",
    binding({
      bootstrapping: true,
      role: { kind: 'ClusterRole', name: 'cluster-admin-of-sorts' },
      subjects: [{ ...ROBOT, namespace: 'kube-system' }],
    }),
  ],
])('%s is nothing', (_name, one) => {
  expect(items(one)).toEqual([]);
});

test("the label of the API server's own hides no stranger", () => {
  expect(items(binding({ bootstrapping: true }))).toHaveLength(1);
});
