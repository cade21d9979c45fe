import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { intentFixture } from '../../../test/support/decision-fixtures.ts';
import { documentFixture } from '../../../test/support/memory-fixtures.ts';
import { decisionRow } from './decision-rows.ts';
import { documentRow } from './memory-rows.ts';
import { readDecisions, readRows } from './reader.ts';
import { KnowledgeTables } from './tables.ts';

let uri: string;

beforeEach(async () => {
  uri = await mkdtemp(join(tmpdir(), 'knowledge-'));
});

afterEach(() => rm(uri, { recursive: true }));

describe('a reader', () => {
  test('sees what another has written and still has open, commit after commit', async () => {
    const { tables } = await KnowledgeTables.repair({ uri }, 1);
    const documents = ['r1', 'r2'].map((id) => documentRow(documentFixture(id)));
    for (const [i, document] of documents.entries()) {
      await tables.append({ documents: [document] }, false);
      const { rows, corruptRows } = await readRows({ uri }, 'documents', { limit: 10, namespace: 'shop' });
      expect([rows, corruptRows]).toEqual([documents.slice(0, i + 1), 0]);
    }
    tables.close();
  });

  test('needs only the tables that it reads: an older store has fewer', async () => {
    const { tables } = await KnowledgeTables.repair({ uri }, 1);
    await tables.append({ decisions: [decisionRow(intentFixture('d1'))] }, false);
    tables.close();
    await rm(join(uri, 'situations.lance'), { recursive: true });
    expect((await readDecisions({ uri }, { limit: 1 })).decisions).toHaveLength(1);
    await expect(readRows({ uri }, 'situations', { limit: 1 })).rejects.toMatchObject({
      reason: 'NeedsRepair',
      message: 'there is no table situations',
    });
  });

  test('makes no store where there is none', async () => {
    await expect(readRows({ uri: join(uri, 'none') }, 'documents', { limit: 1 })).rejects.toMatchObject({
      reason: 'CannotOpen',
    });
    expect(await readdir(uri)).toEqual([]);
  });
});
