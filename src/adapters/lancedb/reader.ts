import { stat } from 'node:fs/promises';

import type { DecisionQuery, RecordedDecisions } from './decision-query.ts';
import { StoreError } from './store-error.ts';
import { KnowledgeTables, localDirectory, type StoreLocation } from './tables.ts';

/**
 * Reads from a store that another process may be writing. Changes nothing in it, and does not make one.
 * @throws StoreError; NeedsRepair when there are no tables yet.
 */
export async function readDecisions(
  location: StoreLocation,
  query: DecisionQuery,
): Promise<RecordedDecisions> {
  const directory = localDirectory(location.uri);
  // LanceDB would create the directory.
  if (directory !== undefined && !(await isDirectory(directory))) {
    throw new StoreError('CannotOpen', `there is no directory ${directory}`);
  }
  const tables = await KnowledgeTables.open(location);
  try {
    return await tables.query(query);
  } finally {
    tables.close();
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
