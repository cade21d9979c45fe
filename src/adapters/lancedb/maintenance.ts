import { Index, type Table } from '@lancedb/lancedb';

import type { TableLimits } from './limits.ts';
import { inFilters, sqlText, sqlTime } from './row-query.ts';
import type { TableName } from './table-definitions.ts';

/** Too many rows by less than this are left: each deletion is a commit. */
const SLACK = 1.05;

/** A query on a table that is smaller is as fast without an index. */
const INDEX_ROWS = 10_000;

/** Deletes what is older or more than the limits allow. @throws the error of LanceDB. */
export async function retain(table: Table, { maxAgeMs, maxRows }: TableLimits, now: number): Promise<void> {
  const tooMany = (await table.countRows()) > maxRows * SLACK;
  const byCount = tooMany ? await timeOfNewest(table, maxRows) : -Infinity;
  const oldest = Math.max(byCount, maxAgeMs === null ? -Infinity : now - maxAgeMs);
  if (oldest > 0) await deleteRows(table, `at < ${sqlTime(oldest)}`);
}

/** Deletes revisions of documents after which newer ones came. */
export async function dropSuperseded(documents: Table): Promise<void> {
  const newest = new Map<string, { readonly revision_id: string; readonly at: number }>();
  const superseded: string[] = [];
  const rows = (await documents.query().select(['revision_id', 'document_id', 'at']).toArray()) as {
    readonly revision_id: string;
    readonly document_id: string;
    readonly at: number;
  }[];
  for (const row of rows) {
    const other = newest.get(row.document_id);
    if (other === undefined || row.at > other.at) newest.set(row.document_id, row);
    if (other !== undefined && row.at !== other.at)
      superseded.push((row.at > other.at ? other : row).revision_id);
  }
  for (const filter of inFilters('revision_id', superseded)) await deleteRows(documents, filter);
}

/**
 * Joins the small files and drops versions of before a time. `optimize` would rewrite the index along with the
 * rows, and take 550 MB for two million of them: without, and the index made anew after it, 360 MB in less time.
 */
export async function compact(table: Table, cleanupOlderThan: Date): Promise<void> {
  for (const { name } of await table.listIndices()) await table.dropIndex(name);
  await table.optimize({ cleanupOlderThan });
}

/** Makes the index that the point-in-time join needs: half a second for two million rows. */
export async function indexFeatures(features: Table): Promise<void> {
  if ((await features.countRows()) < INDEX_ROWS) return;
  await features.createIndex('series_minute', { config: Index.btree(), replace: true });
}

/** Makes the index anew where a join would read many rows one by one; half a millisecond for each thousand. */
export async function refreshIndex(features: Table): Promise<void> {
  const [index] = await features.listIndices();
  if (index === undefined) return indexFeatures(features);
  const { numUnindexedRows = 0 } = (await features.indexStats(index.name)) ?? {};
  if (numUnindexedRows > INDEX_ROWS) await indexFeatures(features);
}

/** Whose rows are to be deleted: a namespace's, a policy's, or both's; only those up to `at`. */
export interface Forget {
  readonly at: number;
  readonly namespace?: string;
  readonly policyUid?: string;
}

/** Deletes somebody's rows in all tables. Can be repeated. @throws the error of LanceDB. */
export async function forgetRows(
  tables: Readonly<Record<TableName, Table>>,
  { at, namespace, policyUid }: Forget,
): Promise<void> {
  const until = `at <= ${sqlTime(at)}`;
  const ofNamespace = namespace === undefined ? [] : [`namespace = ${sqlText(namespace)}`];
  const ofPolicy = policyUid === undefined ? [] : [`policy_uid = ${sqlText(policyUid)}`];
  const owned = `(${[...ofNamespace, ...ofPolicy].join(' OR ')}) AND ${until}`;
  // First the outcomes, which are found by their decisions: after a crash in between, they still are.
  const decided = (await tables.decisions.query().select(['decision_id']).where(owned).toArray()) as {
    readonly decision_id: string;
  }[];
  const ids = decided.map(({ decision_id }) => decision_id);
  for (const filter of inFilters('decision_id', ids)) await deleteRows(tables.outcomes, filter);
  for (const name of ['decisions', 'rewards', 'situations', 'anomalies', 'features'] as const)
    await deleteRows(tables[name], owned);
  if (ofNamespace.length > 0) await deleteRows(tables.documents, `${ofNamespace.join('')} AND ${until}`);
}

/** A deletion that finds nothing would be a commit all the same. */
async function deleteRows(table: Table, filter: string): Promise<void> {
  if ((await table.countRows(filter)) > 0) await table.delete(filter);
}

/** The time of the `count`-th newest row. */
async function timeOfNewest(table: Table, count: number): Promise<number> {
  const times = new Float64Array(await table.countRows());
  let known = 0;
  for await (const batch of table.query().select(['at'])) {
    const column = batch.getChild('at');
    for (let row = 0; row < batch.numRows; row += 1) times[known++] = Number(column?.get(row));
  }
  return times.subarray(0, known).sort()[known - count] ?? -Infinity;
}
