import fc from 'fast-check';
import {
  createStructuralState,
  surveyItems,
  type StructuralItem,
  type StructuralState,
} from './structural-watch.ts';

const MINUTE = 60_000;
const TIMES = { lookbackMs: 10 * MINUTE, expireMs: 480 * MINUTE };
const START = 1_000_000_000;

function item(key: string, over: Partial<StructuralItem> & { readonly power?: string } = {}): StructuralItem {
  return {
    key,
    createdAt: 0,
    acknowledged: false,
    powers: new Map([[over.power ?? 'ClusterAdmin to User eve', 0.75]]),
    message: `binding ${key}`,
    namespaces: new Map(),
    elsewhere: 0.5,
    ...over,
  };
}

function at(state: StructuralState, minutes: number, ...items: readonly StructuralItem[]): string[] {
  return surveyItems(state, items, { now: START + minutes * MINUTE, ...TIMES }).map(({ id }) => id);
}

test('what existed at the first look is no news, and never becomes any', () => {
  const state = createStructuralState();
  expect(at(state, 0, item('old'))).toEqual([]);
  expect(at(state, 1, item('old'))).toEqual([]);
});

test('at the first look, what is younger than the stated time is news', () => {
  const young = item('young', { createdAt: START - 9 * MINUTE });
  expect(at(createStructuralState(), 0, young, item('old', { createdAt: START - 11 * MINUTE }))).toEqual([
    'young',
  ]);
});

test('what comes later is news whatever its age says, until it is gone', () => {
  const state = createStructuralState();
  at(state, 0);
  expect(at(state, 1, item('new'))).toEqual(['new']);
  expect(at(state, 2, item('new'))).toEqual(['new']);
  expect(at(state, 3)).toEqual([]);
});

test('one that was deleted and made anew has another key, and is news again', () => {
  const state = createStructuralState();
  at(state, 0, item('uid-1'));
  expect(at(state, 1, item('uid-2'))).toEqual(['uid-2']);
});

test('the same name that comes back within a week is no news: jobs run every night', () => {
  const state = createStructuralState();
  at(state, 0);
  expect(at(state, 1, item('job'))).toEqual(['job']);
  at(state, 2);
  expect(at(state, 1441, item('job'))).toEqual([]);
  at(state, 1442);
  at(state, 1442 + 7 * 1440 + 1);
  expect(at(state, 1443 + 7 * 1440 + 1, item('job'))).toEqual(['job']);
});

test('a power that an old one did not have is news, and only that is told', () => {
  const state = createStructuralState();
  at(state, 0, item('a'));
  const more = item('a', {
    powers: new Map([
      ['ClusterAdmin to User eve', 0.75],
      ['Bind to User mallory', 0.55],
    ]),
  });
  const [finding] = surveyItems(state, [more], { now: START + MINUTE, ...TIMES });
  expect(finding).toMatchObject({
    evidence: ['Bind to User mallory'],
    probability: 0.55,
    severity: 'Medium',
  });
  expect(at(state, 2, item('a'))).toEqual([]);
});

test.each([
  ['a person acknowledges it', item('a', { acknowledged: true }), 2],
  ['the stated time is over', item('a'), 481],
])('it is over when %s, and stays so', (_name, later, minutes) => {
  const state = createStructuralState();
  at(state, 0);
  expect(at(state, 1, item('a'))).toEqual(['a']);
  expect(at(state, minutes, later)).toEqual([]);
  expect(at(state, minutes + 1, item('a'))).toEqual([]);
});

test('a state that was stored makes news of what came while nobody looked, however long', () => {
  const before = createStructuralState();
  at(before, 0, item('old'));
  const restored = structuredClone(before);
  expect(at(restored, 5000, item('old'), item('meanwhile', { createdAt: START + MINUTE }))).toEqual([
    'meanwhile',
  ]);
});

test('whatever comes and goes, only what is there now is open', () => {
  const keys = fc.subarray(['a', 'b', 'c', 'd']);
  fc.assert(
    fc.property(fc.array(keys, { maxLength: 20 }), (rounds) => {
      const state = createStructuralState();
      for (const [minute, present] of rounds.entries()) {
        const open = at(state, minute, ...present.map((key) => item(key)));
        expect(present).toEqual(expect.arrayContaining(open));
        expect([...state.open.keys()].sort()).toEqual([...open].sort());
      }
    }),
  );
});
