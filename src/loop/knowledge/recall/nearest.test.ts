import fc from 'fast-check';
import {
  pointAt,
  recallQueryFixture,
  situationFixture,
  WINDOW_MS,
  WINDOW_START,
} from '../../../../test/support/situation-fixture.ts';
import { EMBEDDING_DIMENSIONS, type Situation } from '../situation.ts';
import { createHotIndex, type HotIndex } from './hot-index.ts';
import { nearest, type RecallQuery } from './nearest.ts';
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

/** Squared distance by the definition. */
function squared(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, place) => sum + (value - b[place]!) ** 2, 0);
}

// Few values, so that many distances are equal and many first dimensions as well.
const vector = fc
  .array(fc.constantFrom(-3, -1, 0, 0.5, 2), {
    minLength: EMBEDDING_DIMENSIONS,
    maxLength: EMBEDDING_DIMENSIONS,
  })
  .map((values) => Float32Array.from(values));
const population = fc.array(fc.record({ embedding: vector, own: fc.boolean() }), { maxLength: 60 });

test('finds what a search through everything finds', () => {
  fc.assert(
    fc.property(population, vector, fc.integer({ min: 1, max: 12 }), (members, embedding, count) => {
      const situations = members.map((member, at) =>
        situationFixture({ at, embedding: member.embedding, policyUid: member.own ? 'uid-web' : 'uid-api' }),
      );
      const index = indexOf(situations);
      const { distances, searched } = nearest(index, recallQueryFixture({ embedding }), count);
      const all = members
        .map((member) => Math.sqrt(squared(member.embedding, embedding)) * (member.own ? 1 : 1.3))
        .sort((a, b) => a - b);
      expect(searched).toBe(members.length);
      expect(distances).toHaveLength(Math.min(count, members.length));
      for (const [place, distance] of distances.entries()) expect(distance).toBeCloseTo(all[place]!, 9);
    }),
  );
});
