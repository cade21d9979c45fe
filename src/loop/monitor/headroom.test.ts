import { MINUTE, NOW, podsFixture, SECOND, targetFixture } from '../../../test/support/loop-fixtures.ts';
import { createHeadroom, observeHeadroom } from './headroom.ts';
import type { PodView, TargetView } from './observation.ts';

const pending = (minutes: number, change: Partial<PodView> = {}): PodView[] =>
  podsFixture(1, {
    name: `p${minutes}`,
    phase: 'Pending',
    ready: false,
    createdAt: NOW - minutes * MINUTE,
    ...change,
  });

/** What is said after two minutes in which the target looked the same. */
function after(seconds: number, target: TargetView): string | undefined {
  const headroom = createHeadroom();
  observeHeadroom(headroom, NOW - seconds * SECOND, target);
  return observeHeadroom(headroom, NOW, target);
}

describe('pods without a node', () => {
  test.each<readonly [string, PodView[], string | undefined]>([
    ['are waited for while a node may come', pending(14), undefined],
    [
      'are a reason to order no more after a quarter of an hour',
      pending(15),
      '1 of 5 pods found no node for 15 min',
    ],
    ['are not those that pull an image', pending(20, { scheduledAt: NOW - MINUTE }), undefined],
    ['are not those that are going', pending(20, { deleting: true }), undefined],
  ])('%s', (_name, pod, expected) => {
    const live = pod[0]?.deleting === true ? 5 : 4;
    expect(after(0, targetFixture(5, { pods: [...podsFixture(live), ...pod] }))).toBe(expected);
  });
});

describe('pods that are not created', () => {
  const short = { pods: podsFixture(3) };

  test.each<readonly [string, number, TargetView, string | undefined]>([
    ['are waited for at first', 119, targetFixture(5, short), undefined],
    [
      'are a reason to order no more after two minutes',
      120,
      targetFixture(5, short),
      '2 of 5 pods are not created: look for a quota or a refusing webhook',
    ],
    [
      'cannot be told during a rollout',
      900,
      targetFixture(5, { ...short, rolloutInProgress: true }),
      undefined,
    ],
    ['cannot be told of a StatefulSet', 900, targetFixture(5, { ...short, kind: 'StatefulSet' }), undefined],
    ['are not there when there are as many as ordered', 900, targetFixture(3, short), undefined],
  ])('%s', (_name, seconds, target, expected) => {
    expect(after(seconds, target)).toBe(expected);
  });

  test('count from anew when all were there in between', () => {
    const headroom = createHeadroom();
    observeHeadroom(headroom, NOW - 10 * MINUTE, targetFixture(5, short));
    observeHeadroom(headroom, NOW - MINUTE, targetFixture(5));
    expect(observeHeadroom(headroom, NOW, targetFixture(5, short))).toBeUndefined();
  });
});
