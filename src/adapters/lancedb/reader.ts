import { stat } from 'node:fs/promises';

import type { Table } from '@lancedb/lancedb';

import { queryDecisions, type DecisionQuery, type RecordedDecisions } from './decision-query.ts';
import { connectTo, localDirectory, type StoreLocation } from './open-table.ts';
import { newestRows, type FoundRows, type RowQuery } from './row-query.ts';
import { conciseMessage, StoreError } from './store-error.ts';
import { DEFINITIONS, type RowTableName, type RowTables } from './table-definitions.ts';
import { openTables } from './tables.ts';

/**
 * Reads decisions from a store that another process may be writing. Changes nothing in it, and does not make one.
 * @throws StoreError; NeedsRepair when there are no tables yet.
 */
export function readDecisions(location: StoreLocation, query: DecisionQuery): Promise<RecordedDecisions> {
  return reading(location, ['decisions', 'outcomes'], (tables) => queryDecisions(tables, query));
}

/** Reads the newest rows of one table, as `readDecisions` does. */
export function readRows<T extends RowTableName>(
  location: StoreLocation,
  name: T,
  query: RowQuery,
): Promise<FoundRows<RowTables[T]>> {
  return reading(location, [name], (tables) =>
    newestRows<RowTables[T]>(tables[name], DEFINITIONS[name], query),
  );
}

async function reading<T extends RowTableName, Found>(
  location: StoreLocation,
  names: readonly T[],
  read: (tables: Readonly<Record<T, Table>>) => Promise<Found>,
): Promise<Found> {
  const directory = localDirectory(location.uri);
  // LanceDB would create the directory.
  if (directory !== undefined && !(await isDirectory(directory))) {
    throw new StoreError('CannotOpen', `there is no directory ${directory}`);
  }
  const connection = await connectTo(location);
  try {
    const tables = await openTables(connection, names);
    return await read(tables).catch((error: unknown) => {
      throw new StoreError('QueryFailed', conciseMessage(error), { cause: error });
    });
  } finally {
    connection.close();
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new StoreError('CannotOpen', (error as Error).message, { cause: error });
  }
}
