import { parseAuditEvents } from './audit-events.ts';

/** As kube-apiserver 1.36 sends it. */
const EVENT = {
  level: 'Metadata',
  auditID: 'f7622f8f-f542-4ad4-8eb1-c0a8d5a1d4bd',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/shop/secrets',
  verb: 'list',
  user: { username: 'system:serviceaccount:shop:norights', groups: ['system:authenticated'] },
  sourceIPs: ['6.6.6.6', '10.0.0.4'],
  userAgent: 'probe/1',
  objectRef: { resource: 'secrets', namespace: 'shop', apiVersion: 'v1' },
  responseStatus: { status: 'Failure', reason: 'Forbidden', code: 403 },
  requestReceivedTimestamp: '2026-11-21T22:54:59.353933Z',
  stageTimestamp: '2026-11-21T22:54:59.354893Z',
};

function body(...items: readonly unknown[]): string {
  return JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {}, items });
}

test('an event becomes what is counted; of the addresses the one that the server saw itself', () => {
  expect(parseAuditEvents(body(EVENT))).toEqual([
    {
      id: EVENT.auditID,
      at: Date.UTC(2026, 10, 21, 22, 54, 59, 354),
      fact: {
        verb: 'list',
        user: 'system:serviceaccount:shop:norights',
        agent: 'probe/1',
        address: '10.0.0.4',
        namespace: 'shop',
        resource: 'secrets',
        subresource: '',
        code: 403,
      },
    },
  ]);
});

test('a refused log-in has no user and no later stage', () => {
  const refused = {
    ...EVENT,
    stage: 'ResponseStarted',
    user: {},
    objectRef: undefined,
    responseStatus: { code: 401 },
  };
  expect(parseAuditEvents(body(refused))[0]?.fact).toMatchObject({ user: '', namespace: '', code: 401 });
});

test('what has no answer yet is left out', () => {
  expect(parseAuditEvents(body({ ...EVENT, stage: 'RequestReceived' }))).toEqual([]);
});

test('names from outside are bounded and hold no control characters', () => {
  const agent = `evil\n\u202e${'x'.repeat(10_000)}`;
  const [event] = parseAuditEvents(body({ ...EVENT, userAgent: agent }));
  expect(event?.fact.agent).toHaveLength(128);
  expect(event?.fact.agent).toMatch(/^evil\?\?x+…$/);
});

test.each([
  ['no JSON', 'audit', 'the body is not JSON'],
  ['a list', '[]', 'the body: found a list, wanted an object'],
  [
    'another kind',
    '{"kind":"Event","apiVersion":"v1"}',
    'apiVersion and kind: found v1 Event, wanted audit.k8s.io/v1 EventList',
  ],
  ['no kind', '{}', 'found nothing nothing, wanted audit.k8s.io/v1 EventList'],
  ['no items', '{"kind":"EventList","apiVersion":"audit.k8s.io/v1"}', 'items: found nothing, wanted a list'],
  ['an item that is none', body(EVENT, 7), 'items[1]: found a number, wanted an object'],
  ['no id', body({ ...EVENT, auditID: undefined }), 'items[0].auditID: found nothing, wanted a text'],
  ['no time', body({ ...EVENT, stageTimestamp: 'soon' }), 'items[0].stageTimestamp: not a time'],
  [
    'a target that is none',
    body({ ...EVENT, objectRef: 'x' }),
    'items[0].objectRef: found a string, wanted an object',
  ],
])('%s is refused with what is wrong', (_name, text, message) => {
  expect(() => parseAuditEvents(text)).toThrow(message);
});
