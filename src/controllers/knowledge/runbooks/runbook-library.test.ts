import { setImmediate } from 'node:timers/promises';
import { searchText, type FoundPassage } from '../../../loop/knowledge/text/search.ts';
import type { ShelvedPassage, TextBounds, TextDocument } from '../../../loop/knowledge/text/text-index.ts';
import { RunbookLibrary, TENANT_BOUNDS } from './runbook-library.ts';

const SHOP = 'shop/runbooks';

const document = (key: string, text: string, namespace: string | null = 'shop'): TextDocument => ({
  id: `ConfigMap/${namespace ?? 'autonomic'}/runbooks/${key}`,
  namespace,
  title: key,
  text,
});

const written = (...documents: readonly TextDocument[]) => ({
  documents,
  refused: new Map<string, string>(),
});

interface Said {
  readonly refusals: string[];
  readonly documents: string[];
  readonly kept: Map<string, readonly string[]>;
  size: readonly [number, number];
}

function library(bounds?: TextBounds): { readonly books: RunbookLibrary; readonly said: Said } {
  const said: Said = { refusals: [], documents: [], kept: new Map(), size: [0, 0] };
  const books = new RunbookLibrary({
    ledger: {
      documentIds: () => ['ConfigMap/shop/old/a', 'note'],
      keep: (id: string, _origin: unknown, passages: readonly ShelvedPassage[]) => {
        said.kept.set(
          id,
          passages.map(({ text }) => text),
        );
        return Promise.resolve();
      },
    },
    log: { warn: (_message, fields) => said.refusals.push(String(fields?.['reason'])) },
    ...(bounds && { bounds }),
    onDocument: (id) => said.documents.push(id),
    onSize: (...size) => {
      said.size = size;
    },
  });
  return { books, said };
}

const find = (books: RunbookLibrary, query: string, namespace = 'shop'): readonly FoundPassage[] =>
  searchText(books.index, query, { namespace, limit: 3 });

describe('the library of runbooks', () => {
  it('searches what a ConfigMap says now, and nothing of what it said before', async () => {
    const { books, said } = library();
    await books.put(SHOP, written(document('a', 'Restart the broker.'), document('b', 'Call the vendor.')));
    expect(said.size).toEqual([2, 0]);
    await books.put(SHOP, written(document('a', 'Drain the node.')));
    expect(find(books, 'broker vendor')).toEqual([]);
    expect(find(books, 'drain node').map(({ text }) => text)).toEqual(['Drain the node.']);
    expect(said.size).toEqual([1, 0]);
    expect([...said.kept.values()]).toEqual([['Drain the node.'], []]);
    await books.put(SHOP);
    expect(find(books, 'drain node')).toEqual([]);
    expect(said.size).toEqual([0, 0]);
  });

  it('does not read again what did not change, and moves its version only when something did', async () => {
    const { books, said } = library();
    await books.put(SHOP, written(document('a', 'Restart the broker.')));
    const { version } = books;
    await books.put(SHOP, written(document('a', 'Restart the broker.')));
    expect(books.version).toBe(version);
    expect(said.documents).toEqual(['ConfigMap/shop/runbooks/a']);
    await books.put(SHOP);
    expect(books.version).toBeGreaterThan(version);
  });

  it('shows a namespace nothing of another one, and everybody what is for all', async () => {
    const { books } = library();
    await books.put(SHOP, written(document('a', 'Restart the broker.')));
    await books.put('autonomic/runbooks', written(document('b', 'Restart the broker slowly.', null)));
    const sources = (namespace: string): string[] =>
      find(books, 'restart broker', namespace).map(({ documentId }) => documentId);
    expect(sources('shop').sort()).toEqual(['ConfigMap/autonomic/runbooks/b', 'ConfigMap/shop/runbooks/a']);
    expect(sources('bank')).toEqual(['ConfigMap/autonomic/runbooks/b']);
  });

  it('refuses what there is no room for, says so once, and takes it in when it is asked again with room', async () => {
    const { books, said } = library({ maxDocuments: 9, maxPassages: 9, maxBytes: 60 });
    await books.put('shop/first', written(document('a', 'x'.repeat(40))));
    const second = written(document('b', 'y'.repeat(40)));
    expect(await books.put(SHOP, second)).toBe(false);
    expect(await books.put(SHOP, second)).toBe(false);
    expect(said.refusals).toEqual([
      'with document ConfigMap/shop/runbooks/b there would be 82 bytes, allowed are 60: remove others or make it shorter',
    ]);
    expect([...books.waiting()]).toEqual([SHOP]);
    expect(said.size).toEqual([1, 1]);
    expect(await books.put(SHOP, written())).toBe(false);
    expect([...books.waiting()]).toEqual([]);
  });

  it('tells of room, and then takes in what had none', async () => {
    const { books, said } = library({ maxDocuments: 1, maxPassages: 9, maxBytes: 999 });
    const [first, second] = [document('a', 'Restart.'), document('b', 'Drain.')];
    await books.put(SHOP, written(first, second));
    expect(said.size).toEqual([1, 1]);
    await books.put(SHOP, written(second));
    expect(said.size).toEqual([1, 0]);
    expect(await books.put(SHOP)).toBe(true);
  });

  it('no longer searches an old text whose new one is refused', async () => {
    const { books, said } = library({ maxDocuments: 9, maxPassages: 9, maxBytes: 60 });
    await books.put(SHOP, written(document('a', 'Restart the broker.')));
    await books.put(SHOP, written(document('a', 'z'.repeat(90))));
    expect(find(books, 'broker')).toEqual([]);
    expect(said.kept.get('ConfigMap/shop/runbooks/a')).toEqual([]);
    await books.put(SHOP, { documents: [], refused: new Map([['ConfigMap/shop/runbooks/a', 'too long']]) });
    expect(said.refusals.at(-1)).toBe('too long');
  });

  it('gives each namespace its share, and takes in of it what fits', async () => {
    const { books, said } = library();
    const many = Array.from({ length: TENANT_BOUNDS.documents + 1 }, (_, number) =>
      document(`k${number}`, 'Restart.'),
    );
    await books.put(SHOP, written(...many));
    expect(said.size).toEqual([TENANT_BOUNDS.documents, 1]);
    expect(said.refusals).toEqual([expect.stringContaining('namespace shop would have 201 documents')]);
    await books.put('bank/runbooks', written(document('a', 'Restart.', 'bank')));
    expect(said.size).toEqual([TENANT_BOUNDS.documents + 1, 1]);
  });

  it('knows the ConfigMaps of which something is stored from earlier, and lets it go when they are gone', async () => {
    const { books, said } = library();
    expect(books.stored()).toEqual(['shop/old']);
    await books.put('shop/old');
    expect(said.kept.get('ConfigMap/shop/old/a')).toEqual([]);
  });

  it('lets others have a turn after each document', async () => {
    const { books } = library();
    let turns = 0;
    const done = new AbortController();
    const others = (async () => {
      for (; !done.signal.aborted; turns += 1) await setImmediate();
    })();
    await books.put(SHOP, written(...Array.from({ length: 100 }, (_, n) => document(`k${n}`, `Step ${n}.`))));
    done.abort();
    await others;
    expect(turns).toBeGreaterThanOrEqual(100);
  });
});
