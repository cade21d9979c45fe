import type { Table } from '@lancedb/lancedb';
import type { RecordBatch } from 'apache-arrow';

import { checksumOf } from './checksum.ts';
import { plainRows } from './plain-rows.ts';
import { checksumColumns, type TableDefinition } from './table-definitions.ts';

/** Which rows of one table, newest first. What is left out restricts nothing. */
export interface RowQuery {
  readonly namespace?: string;
  readonly policy?: string;
  /** Only rows of this time or later, ms since the epoch. */
  readonly since?: number;
  /** How many at most; 1 … 10,000. */
  readonly limit: number;
}

export interface FoundRows<Row> {
  readonly rows: readonly Row[];
  /** Rows met on the way whose checksum was wrong; they are left out. */
  readonly corruptRows: number;
}

/** Ids in one IN list: keeps the filter's text, and the plan made of it, small. */
const IDS_PER_FILTER = 500;

/** The newest rows, each once: they arrive at least once. @throws the error of LanceDB. */
export async function newestRows<Row>(
  table: Table,
  definition: TableDefinition,
  query: RowQuery,
): Promise<FoundRows<Row>> {
  const filter = filterOf(query);
  // Duplicates and bad rows are few; when they fill the page, a larger one is read.
  for (let pageSize = query.limit + 16; ; pageSize *= 4) {
    let page = table.query().orderBy([
      { columnName: 'at', ascending: false },
      { columnName: definition.key, ascending: true },
    ]);
    if (filter !== undefined) page = page.where(filter);
    const { batches, numRows } = await page.limit(pageSize).toArrow();
    const { rows, corruptRows } = distinctRows<Row>(batches, definition);
    if (rows.length >= query.limit || numRows < pageSize)
      return { rows: rows.slice(0, query.limit), corruptRows };
  }
}

/** The rows with these keys, each once. */
export async function rowsByKey<Row>(
  table: Table,
  definition: TableDefinition,
  keys: readonly string[],
): Promise<FoundRows<Row>> {
  const batches: RecordBatch[] = [];
  for (const filter of inFilters(definition.key, keys)) {
    batches.push(...(await table.query().where(filter).toArrow()).batches);
  }
  return distinctRows<Row>(batches, definition);
}

/** Which of `keys` the table already has. */
export async function existingKeys(
  table: Table,
  { key }: TableDefinition,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const filter of inFilters(key, keys)) {
    const rows = (await table.query().select([key]).where(filter).toArray()) as Record<string, string>[];
    for (const row of rows) found.add(row[key] ?? '');
  }
  return found;
}

/** `column IN (…)`, in portions. */
export function* inFilters(column: string, values: readonly string[]): Generator<string> {
  for (let i = 0; i < values.length; i += IDS_PER_FILTER) {
    yield `${column} IN (${values
      .slice(i, i + IDS_PER_FILTER)
      .map(sqlText)
      .join(', ')})`;
  }
}

/** A SQL string literal. DataFusion knows no backslash escapes: only the quote itself is doubled. */
export function sqlText(value: string): string {
  return `'${value.toWellFormed().replaceAll("'", "''")}'`;
}

/** A SQL timestamp in UTC of `at` ms since the epoch. */
export function sqlTime(at: number): string {
  return `timestamp '${new Date(at).toISOString().replace('T', ' ').replace('Z', '')}'`;
}

/** The first good row of each key. */
export function distinctRows<Row>(
  batches: readonly RecordBatch[],
  definition: TableDefinition,
): FoundRows<Row> {
  const good = new Map<unknown, Row>();
  const covered = checksumColumns(definition);
  let corruptRows = 0;
  for (const batch of batches) {
    for (const row of plainRows(batch, definition.columns)) {
      const key = row[definition.key];
      if (checksumOf(row, covered) !== row['checksum']) corruptRows += 1;
      else if (!good.has(key)) good.set(key, row as Row);
    }
  }
  return { rows: [...good.values()], corruptRows };
}

/** Keys of the rows whose checksum is wrong; reads the whole table. */
export async function corruptKeys(table: Table, definition: TableDefinition): Promise<readonly string[]> {
  const covered = checksumColumns(definition);
  const keys: string[] = [];
  for await (const batch of table.query()) {
    for (const row of plainRows(batch, definition.columns)) {
      if (checksumOf(row, covered) !== row['checksum']) keys.push(String(row[definition.key]));
    }
  }
  return keys;
}

function filterOf({ namespace, policy, since }: RowQuery): string | undefined {
  const terms = [
    ...(namespace === undefined ? [] : [`namespace = ${sqlText(namespace)}`]),
    ...(policy === undefined ? [] : [`policy = ${sqlText(policy)}`]),
    ...(since === undefined ? [] : [`at >= ${sqlTime(since)}`]),
  ];
  return terms.length === 0 ? undefined : terms.join(' AND ');
}
