import type { HistoryOptions } from '../history.ts';
import { Story } from '../story.ts';
import type { Invariant } from '../violation.ts';
import { nothingAfterwards } from './aftermath.ts';
import { oneActionPerCooldown } from './cooldown.ts';
import { oneEnding } from './ending.ts';
import { intentBeforeEffect } from './intent.ts';

const UP = { id: 'd1', from: 4, to: 6 };
const DOWN = { id: 'd2', from: 6, to: 5 };
const FURTHER_UP = { id: 'd2', from: 6, to: 7 };
const messages = (invariant: Invariant, story: Story, options?: HistoryOptions): string[] =>
  invariant(story.history(options)).map(({ message }) => message);

describe('I5, one action in each cooldown', () => {
  test.each([
    ['up when it is over', FURTHER_UP, 15, 0],
    ['up too early', FURTHER_UP, 13, 1],
    ['down when it is over', DOWN, 60, 0],
    ['down too early, though up would be allowed', DOWN, 30, 1],
  ])('%s', (_, second, seconds, count) => {
    expect(messages(oneActionPerCooldown, Story.begin().acts(UP).after(seconds).acts(second))).toHaveLength(
      count,
    );
  });

  test('an action that the server refused does not count', () => {
    const story = Story.begin().patches(UP, {}, { code: 409 }).after(1).acts(FURTHER_UP);
    expect(messages(oneActionPerCooldown, story)).toEqual([]);
  });

  test('a leader that knows nothing of the other is caught', () => {
    const other = { by: 'system:serviceaccount:autonomic-system:autonomic-b' };
    const story = Story.begin().acts(UP).after(2).intends(FURTHER_UP).patches(FURTHER_UP, {}, other);
    expect(messages(oneActionPerCooldown, story)).toEqual([
      'deployments/web in shop was changed 2 s after the change before, scaleUpCooldownSeconds is 15',
    ]);
  });
});

describe('I8, the intent comes before the effect', () => {
  test.each([
    ['as it should be', (story: Story) => story.intends(UP).patches(UP), undefined],
    [
      'no decision named',
      (story: Story) =>
        story.intends(UP).patches(UP, { '/metadata/annotations/autonomic.dev~1decision': '' }),
      'without naming a decision',
    ],
    ['no intent', (story: Story) => story.patches(UP), 'which no policy intended before'],
    [
      'the intent afterwards',
      (story: Story) => story.patches(UP).intends(UP),
      'which no policy intended before',
    ],
    ['another intent', (story: Story) => story.intends(DOWN).patches(UP), 'which no policy intended before'],
    [
      'an intent that was withdrawn',
      (story: Story) => story.intends(UP).ends('d1', 'Aborted').patches(UP),
      'after its intent was withdrawn',
    ],
    [
      'other replicas than intended',
      (story: Story) => story.intends(UP).patches({ ...UP, to: 7 }),
      'was sent replicas 7, decision d1 intended 6',
    ],
    [
      'another count before',
      (story: Story) => story.intends(UP).patches({ ...UP, from: 5 }),
      'was sent previous replicas 5',
    ],
    [
      'another object',
      (story: Story) => story.intends(UP).patches(UP, { '/metadata/uid': 'new-uid' }),
      'was sent uid new-uid',
    ],
    [
      'no JSON Patch',
      (story: Story) => story.tell({ resource: 'deployments', request: { spec: { replicas: 6 } } }),
      'without naming a decision',
    ],
  ])('%s', (_, tell, problem) => {
    const found = messages(intentBeforeEffect, tell(Story.begin()));
    expect(found).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)]);
  });

  test('a write that was refused had no effect', () => {
    expect(messages(intentBeforeEffect, Story.begin().patches(UP, {}, { code: 409 }))).toEqual([]);
  });

  test.each([
    ['a journal that has it', [['d1']], 0],
    ['a journal that lacks it', [['d9']], 1],
    ['one of two journals has it', [['d9'], ['d1']], 0],
    ['no journal at all where there should be one', [], 1],
  ])('%s', (_, ids, count) => {
    const journals = ids.map((each) =>
      each.map((decisionId) => ({ kind: 'Intent' as const, decisionId, at: 0 })),
    );
    expect(messages(intentBeforeEffect, Story.begin().acts(UP), { journals })).toHaveLength(count);
  });
});

describe('I9, exactly one ending', () => {
  const TEN_MINUTES = 600;

  test.each([
    ['one ending', (story: Story) => story.acts(UP).after(TEN_MINUTES).renewsLease(), undefined],
    [
      'none though it is due',
      (story: Story) => story.intends(UP).after(TEN_MINUTES).renewsLease(),
      'has no ending',
    ],
    ['none yet', (story: Story) => story.intends(UP).after(200).renewsLease(), undefined],
    [
      'none because the operator never came back',
      (story: Story) => story.intends(UP).after(TEN_MINUTES),
      undefined,
    ],
    [
      'none because the policy was deleted',
      (story: Story) =>
        story
          .intends(UP)
          .tell({ by: 'admin', verb: 'delete', resource: 'autonomicpolicies' })
          .after(TEN_MINUTES)
          .renewsLease(),
      undefined,
    ],
    [
      'none because all policies of the namespace were deleted',
      (story: Story) =>
        story
          .intends(UP)
          .tell({ by: 'ns', verb: 'deletecollection', resource: 'autonomicpolicies', name: '' })
          .after(TEN_MINUTES)
          .renewsLease(),
      undefined,
    ],
    [
      'withdrawn without an ending',
      (story: Story) => story.intends(UP).statusNow(null).after(90).renewsLease(),
      'has no ending',
    ],
    [
      'replaced without an ending',
      (story: Story) => story.intends(UP).intends(DOWN).ends('d2').after(90).renewsLease(),
      'has no ending',
    ],
    [
      'two endings at once',
      (story: Story) => story.intends(UP).statusNow(null, [ended('d1', 'Met'), ended('d1', 'Met')]),
      'stands 2 times with an ending',
    ],
    [
      'a second, different ending',
      (story: Story) =>
        story
          .intends(UP)
          .statusNow(null, [ended('d1', 'Met')])
          .statusNow(null, [ended('d1', 'Violated')]),
      'ended as Met at then and again as Violated at then',
    ],
    [
      'an abort of a change that was made',
      (story: Story) => story.intends(UP).patches(UP).ends('d1', 'Aborted'),
      'ended as Aborted, and changed the workload all the same',
    ],
    [
      'an abort after a change that was refused',
      (story: Story) => story.intends(UP).patches(UP, {}, { code: 409 }).ends('d1', 'Aborted'),
      undefined,
    ],
    [
      'intended again after the ending',
      (story: Story) =>
        story
          .intends(UP)
          .statusNow(null, [ended('d1', 'Met')])
          .statusNow(UP, []),
      'is intended again after its ending',
    ],
    [
      'an ending that has left the list',
      (story: Story) => story.acts(UP).statusNow(null, []).after(TEN_MINUTES).renewsLease(),
      undefined,
    ],
  ])('%s', (_, tell, problem) => {
    const found = messages(oneEnding, tell(Story.begin()));
    expect(found).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)]);
  });

  test.each([
    ['one in the journal', [['Closed']], 0],
    ['two in the journal', [['Aborted', 'Closed']], 1],
    ['one in each of two journals, after a takeover', [['Closed'], ['Closed']], 0],
  ] as const)('%s', (_, kinds, count) => {
    const journals = kinds.map((each) => each.map((kind) => ({ kind, decisionId: 'd1', at: 0 })));
    expect(messages(oneEnding, Story.begin().acts(UP), { journals })).toHaveLength(count);
  });

  function ended(id: string, result: string): Record<string, unknown> {
    return { id, outcome: { result, endTime: 'then' } };
  }
});

describe('I17, nothing happens afterwards', () => {
  const deletePolicy = { by: 'admin', verb: 'delete', resource: 'autonomicpolicies' };
  const deleteAccount = {
    by: 'admin',
    verb: 'delete',
    resource: 'serviceaccounts',
    namespace: 'autonomic-system',
    name: 'autonomic-operator',
  };
  const collector = 'system:serviceaccount:kube-system:generic-garbage-collector';

  test.each([
    ['an ordinary end', (story: Story) => story.acts(UP).tell(deletePolicy).tell(deleteAccount), undefined],
    [
      'a write after the policy is gone',
      (story: Story) => story.intends(UP).tell(deletePolicy).patches(UP),
      'after its policy was deleted',
    ],
    [
      'a refused write after the policy is gone',
      (story: Story) => story.intends(UP).tell(deletePolicy).patches(UP, {}, { code: 409 }),
      undefined,
    ],
    [
      'a write after the account is gone',
      (story: Story) => story.intends(UP).tell(deleteAccount).patches(UP),
      'after that account was deleted',
    ],
    [
      'a workload taken away with what owned it',
      (story: Story) =>
        story.acts(UP).tell(deletePolicy).tell({ by: collector, verb: 'delete', resource: 'deployments' }),
      'taken away by the garbage collector',
    ],
    [
      'a workload that no policy names',
      (story: Story) => story.tell({ by: collector, verb: 'delete', resource: 'deployments', name: 'other' }),
      undefined,
    ],
    [
      'a person who deletes the workload',
      (story: Story) => story.acts(UP).tell({ by: 'admin', verb: 'delete', resource: 'deployments' }),
      undefined,
    ],
  ])('%s', (_, tell, problem) => {
    const found = messages(nothingAfterwards, tell(Story.begin()));
    expect(found).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)]);
  });
});
