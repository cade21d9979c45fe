import { DEFAULT_IDENTITY, isOperator, namespaceOfUser } from './operator-identity.ts';
import type { AuditEvent } from './audit-log.ts';
import { buildHistory } from './history.ts';
import { OPERATOR, Story } from './story.ts';

describe('the operator is recognised', () => {
  test.each([
    ['by its account', OPERATOR, 'curl', true],
    ['by its account under another release name', 'system:serviceaccount:x:autonomic', '', true],
    ['by its user agent', 'admin', 'autonomic-operator/0.1.0', true],
    ['not in another account', 'system:serviceaccount:x:metrics', 'kubectl', false],
    [
      'not in an account whose namespace has the name',
      'system:serviceaccount:autonomic-system:default',
      '',
      false,
    ],
    ['not in a user agent that only mentions it', 'admin', 'not-autonomic-operator', false],
  ])('%s', (_, username, userAgent, expected) => {
    expect(isOperator({ user: { username }, userAgent } as AuditEvent, DEFAULT_IDENTITY)).toBe(expected);
  });

  test('by the user that it is impersonated as', () => {
    const event = { user: { username: 'admin' }, impersonatedUser: { username: OPERATOR } } as AuditEvent;
    expect(isOperator(event, DEFAULT_IDENTITY)).toBe(true);
  });

  test('under the names that a test gives', () => {
    const identity = { usernames: ['jane'], userAgentPrefix: 'none' };
    expect(
      Story.begin().patches({ id: 'd', from: 4, to: 5 }).history({ identity }).targetWrites,
    ).toHaveLength(0);
  });
});

test.each([
  [OPERATOR, 'autonomic-system'],
  ['admin', undefined],
])('%s lives in %s', (username, namespace) => {
  expect(namespaceOfUser(username)).toBe(namespace);
});

test('writes stand in the order of their revisions when two lines of the log are swapped', () => {
  const event = (auditID: string, resourceVersion: string): AuditEvent => ({
    auditID,
    stage: 'ResponseComplete',
    requestURI: '/apis',
    verb: 'update',
    user: { username: 'admin' },
    objectRef: { resource: 'deployments', apiGroup: 'apps', namespace: 'a', name: 'b' },
    responseStatus: { code: 200 },
    responseObject: { metadata: { resourceVersion } },
    requestReceivedTimestamp: '2026-05-04T09:00:00.000000Z',
    stageTimestamp: '2026-05-04T09:00:00.000000Z',
  });
  const { writes } = buildHistory([event('second', '12'), event('first', '9')]);
  expect(writes.map(({ auditId }) => auditId)).toEqual(['first', 'second']);
});

test('reads and dry runs change nothing', () => {
  const history = Story.begin()
    .tell({ verb: 'get', resource: 'deployments' })
    .patches({ id: 'd1', from: 4, to: 6 }, {}, { query: '?dryRun=All' })
    .history();
  expect(history.targetWrites.map(({ succeeded }) => succeeded)).toEqual([false]);
});
