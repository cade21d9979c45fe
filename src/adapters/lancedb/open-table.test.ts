import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Connection } from '@lancedb/lancedb';

import { checksumOf, type StoredRow } from './checksum.ts';
import { connectTo, migrate, openTable, repairTable } from './open-table.ts';
import { newestRows } from './row-query.ts';
import { versionOf } from './schema.ts';
import { checksumColumns, type TableDefinition } from './table-definitions.ts';

const FIRST: TableDefinition = {
  name: 'notes',
  version: 1,
  key: 'id',
  columns: { id: 'text', at: 'time', checksum: 'checksum' },
};

/** Two versions later. */
const THIRD: TableDefinition = {
  ...FIRST,
  version: 3,
  columns: { id: 'text', at: 'time', checksum: 'checksum', colour: 'maybeText', size: 'maybeNumber' },
  addedIn: { colour: 2, size: 3 },
};

const OTHER: TableDefinition = { ...FIRST, columns: { id: 'integer', at: 'time', checksum: 'checksum' } };

let uri: string;
let connection: Connection;

beforeEach(async () => {
  uri = await mkdtemp(join(tmpdir(), 'knowledge-'));
  connection = await connectTo({ uri });
});

afterEach(async () => {
  connection.close();
  await rm(uri, { recursive: true });
});

function rowOf(definition: TableDefinition, row: StoredRow): Record<string, unknown> {
  return { ...row, checksum: checksumOf(row, checksumColumns(definition)) };
}

async function opened(definition: TableDefinition) {
  const state = await openTable(connection, definition);
  if (!('table' in state)) throw new Error(JSON.stringify(state));
  return state.table;
}

const repair = (definition: TableDefinition): Promise<boolean> =>
  repairTable(connection, definition, { location: { uri }, now: 7 });

describe('a table of another version', () => {
  test('that is older gets the new columns; its rows stay, and their checksums are right', async () => {
    await repair(FIRST);
    await (await opened(FIRST)).add([rowOf(FIRST, { id: 'old', at: 1 })]);
    const table = await opened(THIRD);
    await migrate(table, THIRD);
    expect(versionOf(await table.schema())).toBe(3);
    await table.add([rowOf(THIRD, { id: 'new', at: 2, colour: 'red', size: null })]);
    expect(await newestRows(await opened(THIRD), THIRD, { limit: 10 })).toMatchObject({
      rows: [
        { id: 'new', colour: 'red', size: null },
        { id: 'old', colour: null, size: null },
      ],
      corruptRows: 0,
    });
    expect(await repair(THIRD)).toBe(false);
  });

  test('whose migration was cut short is migrated to the end', async () => {
    await repair(FIRST);
    const table = await opened(FIRST);
    await table.addColumns([{ name: 'colour', valueSql: 'cast(null as string)' }]);
    await migrate(await opened(THIRD), THIRD);
    const schema = await (await opened(THIRD)).schema();
    expect(schema.names).toEqual(['id', 'at', 'checksum', 'colour', 'size']);
    expect(versionOf(schema)).toBe(3);
  });

  test('that is younger is left alone, and the message says so', async () => {
    await repair(THIRD);
    const message = 'table notes is of version 3, this operator knows 1';
    await expect(openTable(connection, FIRST)).rejects.toMatchObject({
      reason: 'TooNew',
      message: expect.stringContaining(message) as string,
    });
    await expect(repair(FIRST)).rejects.toMatchObject({ reason: 'TooNew' });
    expect(await readdir(uri)).toEqual(['notes.lance']);
  });

  test('with another type in a column is put aside whole, and begun anew', async () => {
    await repair(OTHER);
    expect(await openTable(connection, FIRST)).toEqual({ unusable: 'column id is Int32 and should be Utf8' });
    expect(await repair(FIRST)).toBe(true);
    expect('table' in (await openTable(connection, FIRST))).toBe(true);
    expect(await readdir(join(uri, 'quarantine'))).toEqual(['notes-7.lance.bad']);
  });

  test('without a column that it must have is put aside as well', async () => {
    await repair({ ...FIRST, columns: { id: 'text', checksum: 'checksum' } });
    expect(await openTable(connection, FIRST)).toEqual({ unusable: 'it has no column at' });
    expect(await repair(FIRST)).toBe(true);
  });
});
