import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../../../adapters/journal/journal.ts';
import type { KnowledgeDocument } from '../../../loop/knowledge/document.ts';
import type { ShelvedPassage } from '../../../loop/knowledge/text/text-index.ts';
import { PassageLedger } from './passage-ledger.ts';

const NOW = Date.UTC(2026, 4, 4, 9, 0);
const ORIGIN = { source: 'ConfigMap/shop/runbooks', namespace: 'shop' };
const ID = 'ConfigMap/shop/runbooks/slow';

const passages = (...texts: readonly string[]): ShelvedPassage[] =>
  texts.map((text, number) => ({ documentId: ID, number, headings: ['Slow', 'What to do'], text }));

let directory: string;
let journal: Journal;
let problems: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'autonomic-ledger-'));
  journal = await Journal.open({ directory });
  problems = [];
});

afterEach(async () => {
  await journal.close();
  await rm(directory, { recursive: true, force: true });
});

function ledger(stored: readonly KnowledgeDocument[] | Error = [], now = NOW): PassageLedger {
  return new PassageLedger({
    store: {
      documents: () => (stored instanceof Error ? Promise.reject(stored) : Promise.resolve(stored)),
    },
    journal,
    now: () => now,
    onProblem: (problem) => problems.push(problem),
  });
}

async function written(): Promise<KnowledgeDocument[]> {
  const found: KnowledgeDocument[] = [];
  for await (const { record } of journal.records()) {
    if (record.kind === 'Document') found.push(record.document as KnowledgeDocument);
  }
  // Those that were written together are in no order.
  return found.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

const inShort = ({ id, text, at, removed }: KnowledgeDocument): unknown[] => [
  id.slice(ID.length),
  text,
  at - NOW,
  removed,
];

describe('the ledger of stored passages', () => {
  it('writes each passage once, as long as it stays as it is', async () => {
    const one = ledger();
    await one.keep(ID, ORIGIN, passages('Look.', 'Restart.'));
    await one.keep(ID, ORIGIN, passages('Look.', 'Restart.'));
    expect(await written()).toEqual([
      { id: `${ID}#0`, ...ORIGIN, title: 'Slow / What to do', text: 'Look.', at: NOW, removed: false },
      { id: `${ID}#1`, ...ORIGIN, title: 'Slow / What to do', text: 'Restart.', at: NOW, removed: false },
    ]);
  });

  it('writes what changed and what is gone, as newer also when the clock stands still', async () => {
    const one = ledger();
    await one.keep(ID, ORIGIN, passages('Look.', 'Restart.'));
    await one.keep(ID, ORIGIN, passages('Look.', 'Wait.'));
    await one.keep(ID, ORIGIN, passages('Look.'));
    await one.keep(ID, { ...ORIGIN, namespace: null }, passages('Look.'));
    expect((await written()).slice(2).map(inShort)).toEqual([
      ['#0', 'Look.', 1, false],
      ['#1', 'Wait.', 1, false],
      ['#1', '', 2, true],
    ]);
  });

  it('knows after a restart what the journal and the store have, whichever is newer', async () => {
    await ledger().keep(ID, ORIGIN, passages('Look.', 'Restart.'));
    const stored = await written();
    const later = ledger([
      { ...stored[0]!, text: 'Older.', at: NOW - 5 },
      { ...stored[0]!, id: 'ConfigMap/shop/gone/a#0' },
    ]);
    await later.load();
    expect([...later.documentIds()].sort()).toEqual(['ConfigMap/shop/gone/a', ID]);
    await later.keep(ID, ORIGIN, passages('Look.', 'Restart.'));
    expect(await written()).toHaveLength(2);
    await later.keep('ConfigMap/shop/gone/a', ORIGIN, []);
    expect(await written()).toContainEqual(
      expect.objectContaining({ id: 'ConfigMap/shop/gone/a#0', removed: true }),
    );
    expect([...later.documentIds()]).toEqual([ID]);
  });

  it('goes on with the journal when the store cannot be read, and says so', async () => {
    await ledger().keep(ID, ORIGIN, passages('Look.'));
    const later = ledger(new Error('the store is away'));
    await later.load();
    expect(problems).toEqual(['stored runbooks could not be read from the store: Error: the store is away']);
    expect([...later.documentIds()]).toEqual([ID]);
  });

  it('takes for stored only what the journal took', async () => {
    const one = ledger();
    await journal.close();
    await expect(one.keep(ID, ORIGIN, passages('Look.'))).rejects.toThrow();
    expect([...one.documentIds()]).toEqual([]);
  });
});
