import type { PodView } from '../../src/loop/monitor/observation.ts';
import { replay } from './hpa-agreement.ts';
import type { Rival } from './hpa-rivals.ts';
import type { HpaSync } from './hpa-syncs.ts';

const pod = (name: string): PodView => ({
  name,
  phase: 'Running',
  ready: true,
  createdAt: 0,
  deleting: false,
  requests: {},
});

const sync = (at: number, current: number, decided: number): HpaSync => ({
  at,
  current,
  decided,
  writeMs: 0,
  statusReplicas: current,
});

/** Wants one replica more than there are pods. */
const follower = (): Rival => ({ decide: ({ pods }) => pods.length + 1, overruled: () => undefined });

const now = [pod('a'), pod('b')];
const before = [pod('a')];

test('decisions and changes are counted, with those that are equal', () => {
  const syncs = [sync(1, 3, 3), sync(2, 2, 3), sync(3, 3, 3)];
  const options = { rival: follower, podsAt: () => now, podsBetween: () => [now] };
  expect(replay({ ...options, syncs })).toEqual({
    decisions: 3,
    equal: 3,
    changes: 1,
    equalChanges: 1,
    differences: [],
  });
});

test('a difference that the pods of another moment remove is said to be theirs, and still counts', () => {
  const syncs = [sync(1, 3, 2)];
  const result = replay({ syncs, rival: follower, podsAt: () => now, podsBetween: () => [before, now] });
  expect(result).toMatchObject({ equal: 0, changes: 1, equalChanges: 0 });
  expect(result.differences).toMatchObject([{ rival: 3, explanation: 'pods of another moment' }]);
});

test('a difference that no other input removes is not explained, and the rival hears what was done instead', () => {
  const heard: number[] = [];
  const rival = (): Rival => ({ ...follower(), overruled: (replicas) => heard.push(replicas) });
  const result = replay({ syncs: [sync(1, 3, 9)], rival, podsAt: () => now, podsBetween: () => [now] });
  expect(result.differences).toMatchObject([{ explanation: 'none found' }]);
  expect(heard).toEqual([9]);
});
