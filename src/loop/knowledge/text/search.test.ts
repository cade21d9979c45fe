import { misspelt, runbookHits, runbookIndex } from '../../../../test/support/runbook-search.ts';
import { anomalyQuery } from './anomaly-query.ts';
import { searchText } from './search.ts';
import { createTextIndex, putDocument } from './text-index.ts';

const SHOP = { namespace: 'shop', limit: 3 };

describe('a passage that is found', () => {
  const index = runbookIndex();

  test('says where it is and why', () => {
    const [first] = searchText(index, 'where are heap dumps?', SHOP);
    expect(first).toMatchObject({
      documentId: 'oom-killed',
      headings: ['Containers killed for memory', 'Diagnosis'],
      ranks: { Words: 1 },
      terms: expect.arrayContaining(['heap']) as string[],
    });
    expect(first?.text).toContain('Heap dumps of the JVM');
  });

  test.each([
    [
      'a flood',
      { kind: 'Spike' as const, signal: 'load', message: 'the load is 9000 where 400 is usual' },
      'traffic-flood',
    ],
    [
      'bad requests',
      {
        kind: 'Degradation' as const,
        signal: 'errors',
        message: 'the share of bad requests is 7 % where 0.2 % is usual',
      },
      'error-burn',
    ],
    [
      'a backlog',
      { kind: 'Degradation' as const, signal: 'queue', message: 'the queue is 48000 where 120 is usual' },
      'queue-lag',
    ],
    [
      'a leak',
      {
        kind: 'Leak' as const,
        signal: 'memory',
        message: 'memory of the oldest pod reaches its limit in 5 h',
      },
      'oom-killed',
    ],
    [
      'silence',
      { kind: 'Missing' as const, signal: 'load', message: 'the load and the latency do not come any more' },
      'scrape-missing',
    ],
    [
      'cost',
      { kind: 'Cost' as const, signal: 'cost', message: 'the namespace costs 41 a day where 12 is usual' },
      'cost-rise',
    ],
  ])('is about the open anomaly: %s', (_name, anomaly, runbook) => {
    const query = anomalyQuery({ ...anomaly, actual: undefined, expected: undefined });
    expect(searchText(index, query, SHOP).map(({ documentId }) => documentId)).toContain(runbook);
  });
});

describe('nothing is found', () => {
  test.each([
    ['by words that are nowhere', 'zymurgy quokka'],
    ['by nothing', ' '],
    ['by words without meaning', 'what is the'],
  ])('%s', (_name, query) => {
    expect(searchText(runbookIndex(), query, SHOP)).toEqual([]);
  });

  test('where nothing is', () => {
    expect(searchText(createTextIndex(), 'kafka', SHOP)).toEqual([]);
  });
});

test('equals are in the order of their names, and no more than asked for', () => {
  const index = createTextIndex();
  for (const id of ['c', 'a', 'd', 'b'])
    putDocument(index, { id, namespace: 'shop', title: 'Note', text: 'kafka' });
  expect(searchText(index, 'kafka', SHOP).map(({ documentId }) => documentId)).toEqual(['a', 'b', 'c']);
  expect(searchText(index, 'kafka', { ...SHOP, limit: 0 })).toEqual([]);
});

test('a very long query is read as far as a paragraph', () => {
  const query = `${'filler '.repeat(64)} kafka`;
  expect(searchText(runbookIndex(), query, SHOP)).toEqual([]);
});

/** What is reached on twelve runbooks and 36 questions; lower means that something was lost. */
describe('of 36 questions', () => {
  const index = runbookIndex();
  test.each([
    ['words alone', { rankings: ['Words' as const] }, 27, 35],
    ['hashed words alone', { rankings: ['Hashed' as const] }, 22, 24],
    ['both', {}, 30, 36],
    ['both, of misspelt questions', { written: misspelt }, 25, 33],
  ])('%s find the right runbook', (_name, asking, first, amongThree) => {
    const hits = runbookHits(index, asking);
    expect(hits).toMatchObject({ queries: 36 });
    expect(hits.first).toBeGreaterThanOrEqual(first);
    expect(hits.amongThree).toBeGreaterThanOrEqual(amongThree);
  });
});
