import { powersOf } from './role-powers.ts';

function rule(apiGroups: string, resources: string, verbs: string) {
  return { apiGroups: apiGroups.split(','), resources: resources.split(','), verbs: verbs.split(',') };
}

test.each<[string, [string, string, string], string[]]>([
  ['all rights', ['*', '*', '*'], ['ClusterAdmin']],
  ['all verbs on something built in', ['apps', 'deployments', '*'], ['Wildcard']],
  ['writing everything of the core', ['', '*', 'get,update'], ['Wildcard']],
  ['reading everything', ['*', '*', 'get,list,watch'], ['WildcardRead']],
  ['all verbs on own resources', ['cert-manager.io', '*', '*'], []],
  ['a group of Kubernetes itself', ['rbac.authorization.k8s.io', '*', 'get'], ['WildcardRead']],
  ['escalate', ['rbac.authorization.k8s.io', 'clusterroles', 'escalate'], ['Escalate']],
  ['bind', ['rbac.authorization.k8s.io', 'roles', 'bind,get'], ['Bind']],
  ['impersonate', ['', 'users', 'impersonate'], ['Impersonate']],
  ['reading Secrets by name is what many need', ['', 'secrets', 'get,list'], []],
  ['an ordinary editor', ['apps', 'deployments', 'get,list,watch,update,patch'], []],
])('%s', (_name, [apiGroups, resources, verbs], powers) => {
  expect(powersOf([rule(apiGroups, resources, verbs)])).toEqual(powers);
});

test('each power of several rules is named once', () => {
  const rules = [rule('', 'users', 'impersonate'), rule('', 'groups', 'impersonate'), rule('*', '*', '*')];
  expect(powersOf(rules)).toEqual(['Impersonate', 'ClusterAdmin']);
});
