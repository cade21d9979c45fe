import type { KubeObject } from '../../../adapters/kubernetes/objects.ts';
import { configMapKeyOf, LONGEST_DOCUMENT_BYTES, MOST_DOCUMENTS, runbooksIn } from './config-map.ts';

const configMap = (data: unknown, namespace = 'shop'): KubeObject => ({
  metadata: { namespace, name: 'runbooks' },
  data,
});

describe('a ConfigMap of runbooks', () => {
  it.each([
    ['its first heading', 'Call us.\n# Too slow\nLook at the database.', 'Too slow'],
    ['its key, where it has none', 'Look at the database.', 'latency.md'],
    ['its key, where what looks like one is a comment in code', '```\n# restart\nkubectl\n```', 'latency.md'],
    ['the beginning of a heading that is a paragraph', `# ${'long '.repeat(99)}\nText.`, 'long '.repeat(40)],
  ])('has a document for a key, called by %s', (_name, text, title) => {
    const { documents } = runbooksIn(configMap({ 'latency.md': text }), 'autonomic');
    expect(documents).toEqual([{ id: 'ConfigMap/shop/runbooks/latency.md', namespace: 'shop', title, text }]);
  });

  it("is for all namespaces in the operator's own", () => {
    const { documents } = runbooksIn(configMap({ a: 'Text.' }, 'autonomic'), 'autonomic');
    expect(documents.map(({ namespace }) => namespace)).toEqual([null]);
  });

  it.each([
    ['no data', undefined],
    ['data that is no map', 'text'],
    ['an empty text', { a: ' \n' }],
    ['a value that is no text', { a: 3 }],
  ])('is empty with %s', (_name, data) => {
    expect(runbooksIn(configMap(data), 'autonomic')).toEqual({ documents: [], refused: new Map() });
  });

  it('goes without the texts that are too long, counted in bytes', () => {
    const half = 'ä'.repeat(LONGEST_DOCUMENT_BYTES / 2);
    const { documents, refused } = runbooksIn(configMap({ fits: half, long: `${half}!` }), 'autonomic');
    expect(documents.map(({ id }) => id)).toEqual(['ConfigMap/shop/runbooks/fits']);
    expect([...refused]).toEqual([
      ['ConfigMap/shop/runbooks/long', 'has 65537 bytes, allowed are 65536: split it into several keys'],
    ]);
  });

  it('goes without the last of too many keys, by name', () => {
    const keys = Array.from({ length: MOST_DOCUMENTS + 1 }, (_, number) => String(number).padStart(3, '0'));
    const { documents, refused } = runbooksIn(
      configMap(Object.fromEntries(keys.toReversed().map((key) => [key, 'Text.']))),
      'autonomic',
    );
    expect(documents).toHaveLength(MOST_DOCUMENTS);
    expect([...refused.keys()]).toEqual(['ConfigMap/shop/runbooks/100']);
  });

  it.each([
    ['ConfigMap/shop/runbooks/latency.md', 'shop/runbooks'],
    ['annotation', undefined],
    ['ConfigMap/shop/runbooks', undefined],
  ])('is known by its document: %s', (id, key) => {
    expect(configMapKeyOf(id)).toBe(key);
  });
});
