import { REMOVED, Story } from '../story.ts';
import { withinBounds } from './bounds.ts';
import { allowedFields } from './fields.ts';
import { noEffectElsewhere } from './namespaces.ts';
import { soundNumbers } from './numbers.ts';
import { preconditionsTested } from './preconditions.ts';
import { noTemplateDuringRollout } from './rollout.ts';
import type { Invariant } from '../violation.ts';

const UP = { id: 'd1', from: 4, to: 6 };
const messages = (invariant: Invariant, story: Story): string[] =>
  invariant(story.history()).map(({ message }) => message);

describe('I1, replicas within the bounds of the policy', () => {
  test.each([
    ['the lowest allowed', 2, []],
    ['the highest allowed', 10, []],
    ['one below', 1, ['deployments/web in shop was set to 1, allowed are 2 to 10']],
    ['one above', 11, ['deployments/web in shop was set to 11, allowed are 2 to 10']],
    ['text', '5', ['deployments/web in shop was set to "5", allowed are 2 to 10']],
  ])('%s', (_, to, expected) => {
    const decision = { id: 'd1', from: 4, to };
    expect(messages(withinBounds, Story.begin().intends(decision).patches(decision))).toEqual(expected);
  });

  test('counts by the bounds that the decision was intended under', () => {
    const story = Story.begin().intends(UP);
    story.spec = { ...story.spec, horizontal: { minReplicas: 2, maxReplicas: 5 } };
    story.tell({
      by: 'admin',
      resource: 'autonomicpolicies',
      response: { metadata: { name: 'web' }, spec: story.spec },
    });
    expect(messages(withinBounds, story.patches(UP))).toEqual([]);
    expect(
      messages(withinBounds, story.intends({ ...UP, id: 'd2' }).patches({ ...UP, id: 'd2' })),
    ).toHaveLength(1);
  });

  test('does not take unknown bounds for none', () => {
    const story = Story.begin().patches(UP, {}, { namespace: 'elsewhere' });
    expect(messages(withinBounds, story)[0]).toContain('allowed are unknown to unknown');
  });
});

describe('I2, nothing but sound numbers leaves the process', () => {
  test.each([
    ['zero', 0, 0],
    ['the largest int32', 2_147_483_647, 0],
    ['null, which NaN becomes', null, 1],
    ['a fraction', 1.5, 1],
    ['a negative number', -1, 1],
    ['an overflow', 2_147_483_648, 1],
    ['text', '3', 1],
  ])('%s', (_, replicas, count) => {
    expect(messages(soundNumbers, Story.begin().patches(UP, { '/spec/replicas': replicas }))).toHaveLength(
      count,
    );
    const refused = Story.begin().patches(UP, { '/spec/replicas': replicas }, { code: 422 });
    expect(messages(soundNumbers, refused)).toHaveLength(count);
    const scale = Story.begin().tell({
      verb: 'update',
      resource: 'deployments',
      subresource: 'scale',
      request: { spec: { replicas } },
    });
    expect(messages(soundNumbers, scale)).toHaveLength(count);
  });

  test.each([
    ['a previous count that is not one', 'NaN'],
    ['a previous count that is no text', 4],
  ])('%s', (_, previous) => {
    const path = '/metadata/annotations/autonomic.dev~1previous-replicas';
    expect(messages(soundNumbers, Story.begin().patches(UP, { [path]: previous }))).toHaveLength(1);
  });

  test('in the status too: a null is allowed only where an intent is withdrawn', () => {
    const status = (body: object): Story =>
      Story.begin().tell({ resource: 'autonomicpolicies', subresource: 'status', request: { status: body } });
    expect(messages(soundNumbers, status({ pending: null }))).toEqual([]);
    expect(messages(soundNumbers, status({ workloads: [{ readyReplicas: null }] }))).toEqual([
      'autonomicpolicies/web in shop was sent null at /status/workloads/0/readyReplicas',
    ]);
    expect(
      messages(soundNumbers, status({ pending: { nextReplicas: 2.5, previousReplicas: 1 } })),
    ).toHaveLength(1);
  });
});

describe('I11, preconditions on uid and resourceVersion', () => {
  test.each([
    ['both', {}, []],
    ['no uid', { '/metadata/uid': REMOVED }, ['/metadata/uid']],
    ['an empty version', { '/metadata/resourceVersion': '' }, ['/metadata/resourceVersion']],
    [
      'neither',
      { '/metadata/uid': REMOVED, '/metadata/resourceVersion': REMOVED },
      ['/metadata/uid', '/metadata/resourceVersion'],
    ],
  ])('%s', (_, change, missing) => {
    for (const code of [200, 409]) {
      const found = messages(preconditionsTested, Story.begin().patches(UP, change, { code }));
      expect(found.map((message) => message.split(' ').at(-1))).toEqual(missing);
    }
  });

  test('tested only after the change is not tested', () => {
    const request = [
      { op: 'replace', path: '/spec/replicas', value: 6 },
      { op: 'test', path: '/metadata/uid', value: 'web-uid' },
      { op: 'test', path: '/metadata/resourceVersion', value: '1' },
    ];
    expect(
      messages(preconditionsTested, Story.begin().tell({ resource: 'deployments', request })),
    ).toHaveLength(2);
  });

  test.each(['update', 'delete', 'patch'])('%s without a JSON Patch has none', (verb) => {
    const story = Story.begin().tell({ verb, resource: 'statefulsets', request: { spec: { replicas: 3 } } });
    expect(messages(preconditionsTested, story)).toHaveLength(2);
  });
});

describe('I12, only the allowed fields and few reversals', () => {
  test.each([
    ['the ordinary patch', {}, 0],
    [
      'one that makes the map of annotations',
      { '/metadata/annotations': { 'autonomic.dev/decision': 'd1' } },
      1,
    ],
    ['the pod template', { '/spec/template/spec/containers/0/image': 'evil' }, 1],
    ['a label', { '/metadata/labels/team': 'x' }, 1],
    ['a foreign annotation', { '/metadata/annotations/other': 'x' }, 1],
    ['an owner reference', { '/metadata/ownerReferences': [] }, 1],
  ])('%s', (_, change, count) => {
    expect(messages(allowedFields, Story.begin().patches(UP, change))).toHaveLength(count);
  });

  test.each([
    [{ 'autonomic.dev/decision': 'd1', 'autonomic.dev/previous-replicas': '4' }, 0],
    [{ 'autonomic.dev/decision': 'd1', other: 'x' }, 1],
  ])('a whole map of annotations %j', (value, count) => {
    const request = [{ op: 'add', path: '/metadata/annotations', value }];
    expect(messages(allowedFields, Story.begin().tell({ resource: 'deployments', request }))).toHaveLength(
      count,
    );
  });

  test.each([
    ['removes its annotation', 'remove', '/metadata/annotations/autonomic.dev~1decision'],
    ['moves something', 'move', '/spec/replicas'],
  ])('a patch that %s', (_, op, path) => {
    expect(
      messages(allowedFields, Story.begin().tell({ resource: 'deployments', request: [{ op, path }] })),
    ).toHaveLength(1);
  });

  test.each([
    ['a merge patch of the workload', { resource: 'deployments', request: { spec: { replicas: 3 } } }],
    [
      'an update of its scale',
      { verb: 'update', resource: 'deployments', subresource: 'scale', request: {} },
    ],
    ['a deletion of it', { verb: 'delete', resource: 'statefulsets' }],
    ['a Secret', { verb: 'create', resource: 'secrets' }],
    ["the policy's spec", { resource: 'autonomicpolicies', request: { spec: {} } }],
    ['a pod', { verb: 'delete', resource: 'pods' }],
  ])('refuses %s', (_, told) => {
    expect(messages(allowedFields, Story.begin().tell(told))).toHaveLength(1);
  });

  test.each([
    ['its lease', { verb: 'update', resource: 'leases', namespace: 'autonomic-system' }],
    ['an event', { verb: 'create', resource: 'events' }],
    ['what others write', { by: 'admin', verb: 'delete', resource: 'deployments' }],
  ])('lets %s pass', (_, told) => {
    expect(messages(allowedFields, Story.begin().tell(told))).toEqual([]);
  });

  test.each([
    ['three reversals in an hour pass', 600, [6, 5, 6, 5], 0],
    ['a fourth does not', 600, [6, 5, 6, 5, 6], 1],
    ['a fourth passes when the hour is over', 1201, [6, 5, 6, 5, 6], 0],
    ['steps in one direction are none', 600, [5, 6, 7, 8, 9], 0],
  ])('%s', (_, seconds, counts, expected) => {
    const story = Story.begin();
    let from = 4;
    counts.forEach((to, index) => {
      story.patches({ id: `d${index}`, from, to }).after(seconds);
      from = to;
    });
    expect(messages(allowedFields, story)).toHaveLength(expected);
  });
});

describe('I13, no effect in another namespace', () => {
  test("a policy's own target passes", () => {
    expect(messages(noEffectElsewhere, Story.begin().acts(UP).renewsLease())).toEqual([]);
  });

  test.each([
    ['a workload of the same name elsewhere', { namespace: 'elsewhere' }],
    ['a workload that the policy does not name', { name: 'other' }],
    ['another kind of the same name', { resource: 'statefulsets' }],
  ])('%s', (_, told) => {
    expect(messages(noEffectElsewhere, Story.begin().intends(UP).patches(UP, {}, told))).toHaveLength(1);
    expect(
      messages(noEffectElsewhere, Story.begin().patches({ ...UP, id: 'unknown' }, {}, told)),
    ).toHaveLength(1);
  });

  test.each([
    ['a lease in the namespace of a policy', 'leases', 'shop', 1],
    ['an event in the namespace of a policy', 'events', 'shop', 0],
    ['an event where no policy is', 'events', 'elsewhere', 1],
    ['an event at home', 'events', 'autonomic-system', 0],
  ])('%s', (_, resource, namespace, count) => {
    expect(
      messages(noEffectElsewhere, Story.begin().tell({ verb: 'create', resource, namespace })),
    ).toHaveLength(count);
  });
});

describe('I14, no template change during a rollout', () => {
  const rolledOut = { observedGeneration: 2, replicas: 4, updatedReplicas: 4, availableReplicas: 4 };

  test.each([
    ['finished', rolledOut, 0],
    ['not seen by the controller', { ...rolledOut, observedGeneration: 1 }, 1],
    ['with old pods', { ...rolledOut, updatedReplicas: 2 }, 1],
    ['with pods too many', { ...rolledOut, replicas: 5 }, 1],
    ['with pods that are not available', { ...rolledOut, availableReplicas: 3 }, 1],
    ['with two revisions', { ...rolledOut, currentRevision: 'a', updateRevision: 'b' }, 1],
  ])('a rollout that is %s', (_, status, count) => {
    for (const request of [
      [{ op: 'add', path: '/spec/template/metadata/annotations', value: {} }],
      { spec: { template: {} } },
    ]) {
      const story = Story.begin()
        .tell({
          by: 'kcm',
          resource: 'deployments',
          subresource: 'status',
          response: { metadata: { generation: 2 }, spec: { replicas: 4 }, status },
        })
        .tell({ resource: 'deployments', request });
      expect(messages(noTemplateDuringRollout, story)).toHaveLength(count);
    }
  });

  test('a workload that nobody has seen', () => {
    const request = { spec: { template: {} } };
    expect(
      messages(
        noTemplateDuringRollout,
        Story.begin().tell({ resource: 'deployments', name: 'new', request }),
      ),
    ).toHaveLength(1);
  });

  test('a change of replicas is no template change', () => {
    expect(messages(noTemplateDuringRollout, Story.begin().patches(UP, {}, { name: 'new' }))).toEqual([]);
  });
});
