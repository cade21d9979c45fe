import fc from 'fast-check';
import { RUNBOOKS, runbookDocument } from '../../../../test/support/runbooks.ts';
import { passageTexts, putVectors } from './embedded-passages.ts';
import { searchText } from './search.ts';
import {
  createTextIndex,
  putDocument,
  removeDocument,
  TEXT_BOUNDS,
  type TextDocument,
  type TextIndex,
} from './text-index.ts';

const note = (id: string, text: string, change: Partial<TextDocument> = {}): TextDocument => ({
  id,
  namespace: 'shop',
  title: 'Note',
  text,
  ...change,
});

function indexOf(...documents: readonly TextDocument[]): TextIndex {
  const index = createTextIndex();
  for (const document of documents) expect(putDocument(index, document)).toMatchObject({ accepted: true });
  return index;
}

const find = (index: TextIndex, query: string, namespace = 'shop'): readonly string[] =>
  searchText(index, query, { namespace, limit: 10 }).map(({ documentId }) => documentId);

describe('documents', () => {
  test('are replaced by another of the same id, and taken out', () => {
    const index = indexOf(note('a', 'postgres vacuum'), note('a', '# One\nkafka\n# Two\nredis'));
    expect(index).toMatchObject({ passages: 2, shelfOf: new Map([['a', 'shop']]) });
    expect(find(index, 'vacuum')).toEqual([]);
    expect(find(index, 'redis')).toEqual(['a']);
    expect(removeDocument(index, 'a')).toBe(true);
    expect(removeDocument(index, 'a')).toBe(false);
    expect(index).toEqual(createTextIndex());
  });

  test('move to another namespace', () => {
    const index = indexOf(note('a', 'kafka'), note('a', 'kafka', { namespace: 'bank' }));
    expect(find(index, 'kafka', 'shop')).toEqual([]);
    expect(find(index, 'kafka', 'bank')).toEqual(['a']);
  });

  test('are found by their namespace and, where they are for all, by all', () => {
    const index = indexOf(
      note('own', 'kafka lag'),
      note('other', 'kafka lag', { namespace: 'bank' }),
      note('all', 'kafka lag', { namespace: null }),
    );
    expect(find(index, 'kafka').toSorted()).toEqual(['all', 'own']);
    expect(find(index, 'kafka', 'bank').toSorted()).toEqual(['all', 'other']);
    expect(find(index, 'kafka', 'none')).toEqual(['all']);
  });

  test('of another namespace do not show in scores', () => {
    const scored = (index: TextIndex) => searchText(index, 'kafka lag', { namespace: 'shop', limit: 10 });
    const alone = indexOf(note('a', 'kafka lag'), note('b', 'kafka'));
    const crowded = indexOf(
      note('a', 'kafka lag'),
      note('b', 'kafka'),
      note('c', 'lag lag', { namespace: 'bank' }),
    );
    expect(scored(crowded)).toEqual(scored(alone));
  });
});

describe('a document is refused, and nothing is changed,', () => {
  const small = { maxDocuments: 2, maxPassages: 3, maxBytes: 100 };
  test.each<[string, TextDocument, string]>([
    ['without an id', note('', 'x'), "a document's id must have 1 to 256 characters, found 0"],
    [
      'without a title',
      note('c', 'x', { title: ' ' }),
      'the title of document c must have 1 to 256 characters, found 0',
    ],
    [
      'for a namespace without a name',
      note('c', 'x', { namespace: '' }),
      'the namespace of document c is empty: name one, or null for all',
    ],
    [
      'when there are too many',
      note('c', 'x'),
      'with document c there would be 3 documents, allowed are 2: remove others or make it shorter',
    ],
    [
      'when it has too many passages',
      note('b', '# One\na\n# Two\nb\n# Three\nc'),
      'with document b there would be 4 passages, allowed are 3: remove others or make it shorter',
    ],
    [
      'when it is too long',
      note('b', 'ä€😀'.repeat(10)),
      'with document b there would be 103 bytes, allowed are 100: remove others or make it shorter',
    ],
  ])('%s', (_name, document, message) => {
    const index = createTextIndex(small);
    for (const id of ['a', 'b']) putDocument(index, note(id, 'kafka'));
    const before = structuredClone(index);
    expect(putDocument(index, document)).toEqual({ accepted: false, message });
    expect(index).toEqual(before);
  });

  test('but one in the place of another counts alone', () => {
    const index = createTextIndex({ ...TEXT_BOUNDS, maxDocuments: 1, maxPassages: 1 });
    putDocument(index, note('a', 'kafka'));
    expect(putDocument(index, note('a', 'redis'))).toEqual({ accepted: true, passages: 1 });
  });
});

test('whatever was put, replaced and removed before, the same documents find the same', () => {
  const ids = Object.keys(RUNBOOKS);
  const queries = Object.values(RUNBOOKS).flatMap(({ queries: [query = ''] }) => query);
  const answers = (index: TextIndex) =>
    queries.map((query) => searchText(index, query, { namespace: 'shop', limit: 5 }));
  const step = fc.record({ id: fc.constantFrom(...ids), remove: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const index = createTextIndex();
      const there = new Set<string>();
      for (const { id, remove } of steps) {
        if (remove) removeDocument(index, id);
        else putDocument(index, runbookDocument(id));
        there[remove ? 'delete' : 'add'](id);
      }
      expect(answers(index)).toEqual(answers(indexOf(...[...there].sort().map((id) => runbookDocument(id)))));
    }),
    { numRuns: 30 },
  );
});

describe('vectors of an embedder', () => {
  const space = 'words/2';
  const query = (vector: readonly number[], of = space) => ({
    namespace: 'shop',
    limit: 3,
    embedded: { space: of, vector: Float32Array.from(vector) },
  });

  test('are those of the passages with what they stand under', () => {
    const index = indexOf(note('a', '# One\nkafka\n# Two\nredis', { title: 'Queues' }));
    expect(passageTexts(index, 'a')).toEqual(['Queues\nQueues\nOne\nkafka', 'Queues\nQueues\nTwo\nredis']);
    expect(passageTexts(index, 'b')).toBeUndefined();
  });

  test('find what no word finds, and nothing in another space', () => {
    const index = indexOf(note('a', 'kafka'), note('b', 'redis'));
    putVectors(index, 'a', { space, vectors: [Float32Array.of(0, 3)] });
    putVectors(index, 'b', { space, vectors: [Float32Array.of(2, 0)] });
    expect(searchText(index, 'zzz', query([1, 0.1]))).toMatchObject([
      { documentId: 'b', ranks: { Embedded: 1 } },
    ]);
    expect(searchText(index, 'zzz', query([1, 0.1], 'other'))).toEqual([]);
    expect(searchText(index, 'zzz', query([1, 0.1, 0]))).toEqual([]);
    expect(searchText(index, 'zzz', query([NaN, 0]))).toEqual([]);
  });

  test('go with their document, and with their space', () => {
    const index = indexOf(note('a', 'kafka'), note('b', 'redis'));
    putVectors(index, 'a', { space, vectors: [Float32Array.of(1, 0)] });
    removeDocument(index, 'a');
    putDocument(index, note('c', 'nginx'));
    expect(searchText(index, 'zzz', query([1, 0]))).toEqual([]);
    putVectors(index, 'b', { space, vectors: [Float32Array.of(1, 0)] });
    putVectors(index, 'c', { space: 'words/3', vectors: [Float32Array.of(1, 0, 0)] });
    expect(searchText(index, 'zzz', query([1, 0]))).toEqual([]);
    expect(searchText(index, 'zzz', query([1, 0, 0], 'words/3'))).toMatchObject([{ documentId: 'c' }]);
  });

  test.each<[string, string, readonly Float32Array[], string]>([
    ['of no document', 'x', [], 'there is no document x'],
    [
      'of other passages',
      'a',
      [Float32Array.of(1), Float32Array.of(1)],
      'document a has 1 passages, found 2 vectors: embed it again',
    ],
    [
      'of another length',
      'a',
      [Float32Array.of(1, 2, 3)],
      'the vectors of document a must each be 2 finite numbers that are not all zero',
    ],
    [
      'that are no numbers',
      'a',
      [Float32Array.of(1, NaN)],
      'the vectors of document a must each be 2 finite numbers that are not all zero',
    ],
    [
      'that are nothing',
      'a',
      [Float32Array.of(0, 0)],
      'the vectors of document a must each be 2 finite numbers that are not all zero',
    ],
  ])('%s are refused', (_name, id, vectors, message) => {
    const index = indexOf(note('a', 'kafka'), note('b', 'redis'));
    putVectors(index, 'b', { space, vectors: [Float32Array.of(1, 0)] });
    expect(putVectors(index, id, { space, vectors })).toBe(message);
  });

  test('that are too long are refused', () => {
    const vectors = [new Float32Array(1025).fill(1)];
    expect(putVectors(indexOf(note('a', 'x')), 'a', { space, vectors })).toBe(
      'vectors of words/2 must have 1 to 1024 dimensions, found 1025',
    );
  });
});
