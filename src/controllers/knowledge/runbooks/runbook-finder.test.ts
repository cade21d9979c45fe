import { RUNBOOKS } from '../../../../test/support/runbooks.ts';
import type { EmbeddedText } from '../../../loop/knowledge/text/text-embedder.ts';
import { createTextIndex, putDocument } from '../../../loop/knowledge/text/text-index.ts';
import { RunbookFinder } from './runbook-finder.ts';

const FLOOD = {
  kind: 'Spike',
  signal: 'load',
  message: 'the load is 9000 where 400 is usual',
  actual: 9000,
  expected: 400,
} as const;

const { title, text } = RUNBOOKS['traffic-flood']!;
const ID = 'ConfigMap/shop/runbooks/flood.md';

function finder(written = text, called = title) {
  const library = { index: createTextIndex(), version: 1 };
  putDocument(library.index, { id: ID, namespace: 'shop', title: called, text: written });
  const asked: string[] = [];
  const state: { vector: EmbeddedText | undefined } = { vector: undefined };
  const find = new RunbookFinder({
    library,
    vectorOf: (query) => {
      asked.push(query);
      return state.vector;
    },
  });
  return { library, find, asked, state };
}

describe('finding the passage for an anomaly', () => {
  it('gives source, headings and text', () => {
    const found = finder().find.find('shop', FLOOD);
    expect(found).toMatchObject({ source: 'ConfigMap shop/runbooks', title: `${title} / Meaning` });
    expect(text).toContain(found?.text);
  });

  it('cuts a long passage to what the API takes', () => {
    const long = `# Load\n## Spike of load\n${'The load is unusual: a surge of traffic and requests. '.repeat(20)}`;
    const found = finder(long).find.find('shop', FLOOD);
    expect(found?.text).toHaveLength(500);
    expect(found?.text.endsWith('…')).toBe(true);
  });

  it('finds nothing of another namespace', () => {
    expect(finder().find.find('bank', FLOOD)).toBeUndefined();
  });

  it('gives the same again, whatever the numbers are, until the runbooks change', () => {
    const { library, find } = finder();
    const found = find.find('shop', FLOOD);
    putDocument(library.index, { id: ID, namespace: 'shop', title: 'Lunch', text: 'Soup.' });
    expect(find.find('shop', { ...FLOOD, message: 'the load is 9312 where 400 is usual' })).toBe(found);
    library.version += 1;
    expect(find.find('shop', FLOOD)).toBeUndefined();
  });

  it("searches again as soon as an embedder's vector is there", () => {
    const { library, find, state } = finder(
      `${'Lunch is at noon. '.repeat(20)} Requests for soup go to the kitchen.`,
      'Lunch',
    );
    expect(find.find('shop', FLOOD)).toBeUndefined();
    const [shelf] = library.index.shelves.values();
    shelf!.embedded = { space: 'm/2', table: { dimensions: 2, values: Float32Array.of(1, 0) } };
    expect(find.find('shop', FLOOD)).toBeUndefined();
    state.vector = { space: 'm/2', vector: Float32Array.of(1, 0) };
    expect(find.find('shop', FLOOD)).toBeDefined();
  });

  it('asks nobody for vectors while there are no runbooks', () => {
    const { library, find, asked } = finder();
    library.index.shelves.clear();
    library.index.passages = 0;
    expect(find.find('shop', FLOOD)).toBeUndefined();
    expect(asked).toEqual([]);
  });
});
