import fc from 'fast-check';
import {
  pointAt,
  recallQueryFixture,
  situationFixture,
  WINDOW_MS,
  WINDOW_START,
} from '../../../../test/support/situation-fixture.ts';
import { EMBEDDING_DIMENSIONS, type Situation } from '../situation.ts';
import { createHotIndex, removeSituation, type HotIndex } from './hot-index.ts';
import { FLEET_FACTOR, nearest, type RecallQuery } from './nearest.ts';
import { rememberSituation } from './remember.ts';

function indexOf(situations: readonly Situation[]): HotIndex {
  const index = createHotIndex({ capacity: Math.max(1, situations.length) });
  for (const situation of situations) rememberSituation(index, situation);
  return index;
}

function found(
  situations: readonly Situation[],
  query: Partial<RecallQuery> = {},
  count = 10,
): readonly string[] {
  const index = indexOf(situations);
  return [...nearest(index, recallQueryFixture(query), count).rows].map((row) => index.labels[row]!.id);
}

const other = { policyUid: 'uid-api' };

test('the nearest come first, with their distances', () => {
  const index = indexOf([3, 1, 2].map((x) => situationFixture({ at: x, embedding: pointAt(x) })));
  const { rows, distances, searched } = nearest(index, recallQueryFixture(), 2);
  expect([...rows].map((row) => index.labels[row]?.id)).toEqual(['uid-web/1', 'uid-web/2']);
  expect([...distances]).toEqual([1, 2]);
  expect(searched).toBe(3);
});

test('what happened to others is 1.3 times as far away', () => {
  const own = (x: number) => situationFixture({ at: x, embedding: pointAt(x) });
  const fleet = situationFixture({ ...other, at: 0, embedding: pointAt(10) });
  expect(found([own(12.9), fleet])).toEqual(['uid-web/12.9', 'uid-api/0']);
  expect(found([own(13.1), fleet])).toEqual(['uid-api/0', 'uid-web/13.1']);
});

test.each<[string, Parameters<typeof situationFixture>[0], Partial<RecallQuery>, boolean]>([
  ["another's of the same kind", other, {}, true],
  ["another's of another kind", { ...other, kind: 'StatefulSet' }, {}, false],
  ['its own of another class', { workloadClass: 'Metrics' }, {}, false],
  ['its own of another version of the embedding', { embeddingVersion: 2 }, {}, false],
  ["another namespace's, where the cluster is shared", { ...other, namespace: 'bank' }, {}, true],
  [
    "another namespace's, where only its own is",
    { ...other, namespace: 'bank' },
    { sharing: 'Namespace' },
    false,
  ],
  [
    "another namespace's that does not share",
    { ...other, namespace: 'bank' },
    { consenting: new Set(['uid-web']) },
    false,
  ],
  [
    "another namespace's that shares as well",
    { ...other, namespace: 'bank' },
    { consenting: new Set(['uid-api']) },
    true,
  ],
  ["another's in its namespace", other, { sharing: 'Namespace' }, true],
  ['its own of which the window is open', {}, { knownBy: WINDOW_START + WINDOW_MS - 1 }, false],
  ['its own of which the window has just ended', {}, { knownBy: WINDOW_START + WINDOW_MS }, true],
])('%s: found where %j is asked', (_, change, query, expected) => {
  expect(found([situationFixture(change)], query)).toHaveLength(expected ? 1 : 0);
});

test('of equally far ones the newer come first, in whatever order they were remembered', () => {
  const twins = [1, 2, 3, 4].map((at) => situationFixture({ at }));
  expect(found(twins, {}, 2)).toEqual(['uid-web/4', 'uid-web/3']);
  expect(found(twins.toReversed(), {}, 2)).toEqual(['uid-web/4', 'uid-web/3']);
});

test("a policy's own rows are told apart, however far away they are", () => {
  const index = indexOf([
    situationFixture({ ...other, at: 1 }),
    situationFixture({ at: 2, embedding: pointAt(3, 3) }),
    situationFixture({ at: 3, embedding: pointAt(1) }),
  ]);
  const { own } = nearest(index, recallQueryFixture(), 1);
  expect(own.map((row) => index.labels[row]?.id)).toEqual(['uid-web/2', 'uid-web/3']);
});

test.each([
  [new Float32Array(3), 'has 3 numbers'],
  [pointAt(NaN), 'number 0 of the embedding is NaN'],
])('a question without a place is refused by its name', (embedding, words) => {
  const ask = () => nearest(indexOf([]), recallQueryFixture({ embedding }), 5);
  expect(ask).toThrow(RangeError);
  expect(ask).toThrow('uid-web/now');
  expect(ask).toThrow(words);
});

test('nothing is found in an empty index, or where nothing is wanted', () => {
  expect(found([])).toEqual([]);
  expect(found([situationFixture()], {}, 0)).toEqual([]);
});

test.each<[string, Parameters<typeof situationFixture>[0], string]>([
  ['a little nearer', { at: 1, embedding: pointAt(0.99) }, 'uid-api/1'],
  ['as far and newer', { at: 9, embedding: pointAt(1) }, 'uid-api/9'],
  ['as far and older', { at: 1, embedding: pointAt(1) }, 'uid-db/5'],
  ['a little farther', { at: 9, embedding: pointAt(1.01) }, 'uid-db/5'],
])("of two others' single situations one is found, where the first is %s", (_, change, id) => {
  const first = situationFixture({ ...other, ...change });
  const second = situationFixture({ policyUid: 'uid-db', at: 5, embedding: pointAt(1) });
  expect(found([first, second], {}, 1)).toEqual([id]);
  expect(found([second, first], {}, 1)).toEqual([id]);
});

test.each([
  ['nearer', 9.9, 'uid-api/0'],
  ['farther', 10.1, 'uid-web/0'],
])("another's counts before the last of its own where it is %s with its factor", (_, x, id) => {
  const own = situationFixture({ at: 0, embedding: pointAt(13) });
  expect(found([own, situationFixture({ ...other, at: 0, embedding: pointAt(x) })], {}, 1)).toEqual([id]);
});

test("another's at no distance comes before an older one of its own", () => {
  expect(found([situationFixture({ at: 1 }), situationFixture({ ...other, at: 2 })], {}, 1)).toEqual([
    'uid-api/2',
  ]);
});

/** Squared distance by the definition. */
function squared(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, place) => sum + (value - b[place]!) ** 2, 0);
}

/** Whose situations there are, and what squared distances to them are multiplied by; 0 where they are not looked at. */
const OWNERS = [
  { policyUid: 'uid-web', kind: 'Deployment', factor: 1 },
  { policyUid: 'uid-set', kind: 'StatefulSet', factor: 0 },
  ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({
    policyUid: `uid-${name}`,
    kind: 'Deployment',
    factor: FLEET_FACTOR ** 2,
  })),
];

// Few values in few dimensions, whose squares and sums are not rounded: many distances are equal, and boxes are tight.
const vector = fc
  .array(fc.constantFrom(-3, 0, 0.5, 2), { minLength: 3, maxLength: 3 })
  .map(([first = 0, middle = 0, last = 0]) => {
    const point = pointAt(first);
    point[17] = middle;
    point[EMBEDDING_DIMENSIONS - 1] = last;
    return point;
  });
const member = fc.record({
  point: vector,
  owner: fc.constantFrom(...OWNERS),
  fate: fc.constantFrom('kept' as const, 'kept' as const, 'removed' as const, 'not over' as const),
});
const population = fc.array(member, { maxLength: 40 });

test('finds what a search through everything finds, in its order', () => {
  fc.assert(
    fc.property(population, vector, fc.integer({ min: 1, max: 5 }), (members, embedding, count) => {
      const knownBy = WINDOW_START;
      const all = members.map(({ point, owner, fate }, place) => ({
        owner,
        fate,
        point,
        situation: situationFixture({
          policyUid: owner.policyUid,
          kind: owner.kind,
          at: knownBy - WINDOW_MS + (fate === 'not over' ? place + 1 : -place),
          embedding: point,
        }),
      }));
      const index = indexOf(all.map(({ situation }) => situation));
      for (const { fate, situation } of all) if (fate === 'removed') removeSituation(index, situation.id);
      const { rows, distances, searched } = nearest(index, recallQueryFixture({ embedding, knownBy }), count);

      const wanted = all
        .filter(({ owner, fate }) => fate === 'kept' && owner.factor > 0)
        .map(({ owner: { factor }, point, situation: { id, at } }) => ({
          id,
          at,
          distance: Math.sqrt(factor * squared(point, embedding)),
        }))
        .sort((a, b) => a.distance - b.distance || b.at - a.at);
      expect([...rows].map((row, place) => [index.labels[row]!.id, distances[place]])).toEqual(
        wanted.slice(0, count).map(({ id, distance }) => [id, distance]),
      );
      expect(searched).toBe(wanted.length);
    }),
  );
});
