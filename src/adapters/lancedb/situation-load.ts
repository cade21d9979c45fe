import type { Table } from '@lancedb/lancedb';

import { checksumOf } from './checksum.ts';
import { plainRows } from './plain-rows.ts';
import type { SituationRow } from './row-types.ts';
import { SituationColumnsBuilder, type SituationColumns } from './situation-columns.ts';
import { checksumColumns, DEFINITIONS } from './table-definitions.ts';

/** Situations in columns; rows with a wrong checksum are left out and counted. */
export type FoundSituations = SituationColumns & { readonly corruptRows: number };

/** Copies and bad rows are few: so many more are read than are wanted. */
const MORE = 64;

/** The newest situations, each once, batch by batch. @throws the error of LanceDB. */
export async function newestSituations(table: Table, limit: number): Promise<FoundSituations> {
  const definition = DEFINITIONS.situations;
  const covered = checksumColumns(definition);
  const wanted = Math.min(limit, await table.countRows());
  const builder = new SituationColumnsBuilder(wanted);
  const known = new Set<string>();
  let corruptRows = 0;
  const newest = table.query().orderBy([
    { columnName: 'at', ascending: false },
    { columnName: definition.key, ascending: true },
  ]);
  for await (const batch of newest.limit(wanted + MORE)) {
    for (const row of plainRows(batch, definition.columns)) {
      const situation = row as unknown as SituationRow;
      if (builder.count === wanted || known.has(situation.situation_id)) continue;
      if (checksumOf(row, covered) !== situation.checksum) {
        corruptRows += 1;
        continue;
      }
      known.add(situation.situation_id);
      builder.add(situation);
    }
  }
  return { ...builder.columns(), corruptRows };
}
