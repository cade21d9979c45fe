import { HOUR, MINUTE, NOW, podsFixture } from '../../../../test/support/loop-fixtures.ts';
import type { PodView } from '../observation.ts';
import { createRestartWatch, observeRestarts } from './restarts.ts';

const pod = (name: string, restarts: number | undefined, createdAt = NOW - 5 * HOUR): PodView => {
  const [base] = podsFixture(1, { name, createdAt });
  return { ...base!, ...(restarts === undefined ? {} : { restarts }) };
};

function looks(...each: readonly (readonly PodView[])[]): number[] {
  const watch = createRestartWatch();
  return each.map((pods, i) => observeRestarts(watch, pods, NOW + i * MINUTE));
}

test.each([
  ['counts what is new', [[pod('a', 3)], [pod('a', 3)], [pod('a', 5)]], [0, 0, 2]],
  ['counts all of a young pod', [[pod('a', 3, NOW - MINUTE)], [pod('a', 4, NOW - MINUTE)]], [3, 1]],
  [
    'sums over the pods',
    [
      [pod('a', 0), pod('b', 7)],
      [pod('a', 1), pod('b', 9)],
    ],
    [0, 3],
  ],
  ['does not fall when a pod goes', [[pod('a', 1), pod('b', 7)], [pod('a', 2)], [pod('a', 2)]], [0, 1, 0]],
  ['knows a pod of the same name by its creation', [[pod('a', 9)], [pod('a', 1, NOW)]], [0, 1]],
  [
    'passes over pods without a status',
    [
      [pod('a', 1), pod('b', undefined)],
      [pod('a', 2), pod('b', undefined)],
    ],
    [0, 1],
  ],
  ['is unknown when no pod has a status', [[pod('a', undefined)]], [NaN]],
  ['is none without pods', [[]], [0]],
])('%s', (_, given, wanted) => {
  expect(looks(...given)).toEqual(wanted);
});

test('keeps nothing of pods that never restarted', () => {
  const watch = createRestartWatch();
  expect(observeRestarts(watch, [pod('a', 0)], NOW)).toBe(0);
  expect(watch.pods).toBeUndefined();
  expect(observeRestarts(watch, [pod('a', 2)], NOW + MINUTE)).toBe(2);
});

test('forgets the pods that are gone', () => {
  const watch = createRestartWatch();
  observeRestarts(watch, [pod('a', 1), pod('b', 1)], NOW);
  observeRestarts(watch, [pod('b', 1)], NOW + MINUTE);
  expect([...(watch.pods?.keys() ?? [])]).toEqual(['b']);
});
