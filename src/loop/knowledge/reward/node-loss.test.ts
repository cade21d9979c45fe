import type { PodView } from '../../monitor/observation.ts';
import { createNodeWatch, observeNodes } from './node-loss.ts';

const pod = (name: string, node: string, change: Partial<PodView> = {}): PodView => ({
  name,
  node,
  phase: 'Running',
  ready: true,
  createdAt: 0,
  deleting: false,
  requests: {},
  ...change,
});

const PODS = [pod('a1', 'a'), pod('a2', 'a'), pod('b1', 'b'), pod('b2', 'b'), pod('c1', 'c')];
const unready = { ready: false };

/** The second look, with these pods changed; null takes one away. */
function lostAfter(changes: Readonly<Record<string, Partial<PodView> | null>>, before = PODS): boolean {
  const watch = createNodeWatch();
  expect(observeNodes(watch, before)).toBe(false);
  return observeNodes(
    watch,
    before.flatMap((p) => (changes[p.name] === null ? [] : [{ ...p, ...changes[p.name] }])),
  );
}

describe('pods are lost with their node', () => {
  test.each<[string, Readonly<Record<string, Partial<PodView> | null>>, boolean]>([
    ['when all of one node and no others fail', { a1: unready, a2: unready }, true],
    ['when nobody knows the state of one', { c1: { phase: 'Unknown' } }, true],
    ['not when nothing happens', {}, false],
    ['not when one of two fails', { a1: unready }, false],
    ['not when the only pod of a node fails, which may be the pod', { c1: unready }, false],
    [
      'not when pods fail on two nodes, which may be overload',
      { a1: unready, a2: unready, b1: unready },
      false,
    ],
    [
      'not when pods are deleted',
      { a1: { ...unready, deleting: true }, a2: { ...unready, deleting: true } },
      false,
    ],
    ['not when pods have gone', { a1: null, a2: null }, false],
  ])('%s', (_name, changes, lost) => {
    expect(lostAfter(changes)).toBe(lost);
  });

  test('not when all pods are on one node: it may be overload', () => {
    expect(lostAfter({ a1: unready, a2: unready }, PODS.slice(0, 2))).toBe(false);
  });

  test('once: a pod that stays unknown is no news', () => {
    const watch = createNodeWatch();
    const pods = [pod('a1', 'a', { phase: 'Unknown' })];
    expect([1, 2].map(() => observeNodes(watch, pods))).toEqual([true, false]);
  });
});
