import type { Table } from '@lancedb/lancedb';

import { checksumOf, DECISION_COLUMNS, OUTCOME_COLUMNS, type DecisionRow, type OutcomeRow } from './rows.ts';

/** Which decisions to read. Without namespace or policy: of all. */
export interface DecisionQuery {
  readonly namespace?: string;
  readonly policy?: string;
  /** How many at most, newest first; 1 … 10,000. */
  readonly limit: number;
}

/** A decision with its ending; null while the ending is not known. */
export interface RecordedDecision {
  readonly decision: DecisionRow;
  readonly outcome: OutcomeRow | null;
}

export interface RecordedDecisions {
  /** Newest first. */
  readonly decisions: readonly RecordedDecision[];
  /** Rows met on the way whose checksum was wrong; they are left out. */
  readonly corruptRows: number;
}

interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly corrupt: number;
}

/** Ids in one IN list: keeps the filter's text, and the plan made of it, small. */
const IDS_PER_FILTER = 500;

/**
 * Reads decisions newest first, each once (rows arrive at least once), with their endings.
 * @throws the error of LanceDB when a table cannot be scanned.
 */
export async function queryDecisions(
  tables: { readonly decisions: Table; readonly outcomes: Table },
  query: DecisionQuery,
): Promise<RecordedDecisions> {
  const newest = await newestDecisions(tables.decisions, query);
  const ids = newest.rows.map((row) => row.decision_id);
  const endings = await endingsOf(tables.outcomes, ids);
  const byId = new Map(endings.rows.map((row) => [row.decision_id, row]));
  return {
    decisions: newest.rows.map((decision) => ({ decision, outcome: byId.get(decision.decision_id) ?? null })),
    corruptRows: newest.corrupt + endings.corrupt,
  };
}

/** Which of `ids` the table already has. */
export async function existingIds(table: Table, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const filter of idFilters(ids)) {
    const rows = (await table.query().select(['decision_id']).where(filter).toArray()) as {
      decision_id: string;
    }[];
    for (const row of rows) found.add(row.decision_id);
  }
  return found;
}

async function newestDecisions(table: Table, query: DecisionQuery): Promise<Rows<DecisionRow>> {
  const filter = decisionFilter(query);
  // Duplicates and bad rows are few; when they fill the page, a larger one is read.
  for (let pageSize = query.limit + 16; ; pageSize *= 4) {
    let page = table.query().orderBy([
      { columnName: 'at', ascending: false },
      { columnName: 'decision_id', ascending: true },
    ]);
    if (filter !== undefined) page = page.where(filter);
    const raw = await page.limit(pageSize).toArray();
    const { rows, corrupt } = distinctRows<DecisionRow>(raw, DECISION_COLUMNS);
    if (rows.length >= query.limit || raw.length < pageSize)
      return { rows: rows.slice(0, query.limit), corrupt };
  }
}

async function endingsOf(table: Table, ids: readonly string[]): Promise<Rows<OutcomeRow>> {
  const raw: unknown[] = [];
  for (const filter of idFilters(ids))
    raw.push(...((await table.query().where(filter).toArray()) as unknown[]));
  return distinctRows<OutcomeRow>(raw, OUTCOME_COLUMNS);
}

/** The first good row of each decision, as plain objects. */
function distinctRows<Row extends { readonly decision_id: string; readonly checksum: number }>(
  raw: readonly unknown[],
  columns: readonly string[],
): Rows<Row> {
  const good = new Map<string, Row>();
  let corrupt = 0;
  for (const entry of raw) {
    const row = { ...(entry as Row) };
    if (checksumOf(row, columns) !== row.checksum) corrupt += 1;
    else if (!good.has(row.decision_id)) good.set(row.decision_id, row);
  }
  return { rows: [...good.values()], corrupt };
}

function decisionFilter({ namespace, policy }: DecisionQuery): string | undefined {
  const terms = [
    ...(namespace === undefined ? [] : [`namespace = ${sqlText(namespace)}`]),
    ...(policy === undefined ? [] : [`policy = ${sqlText(policy)}`]),
  ];
  return terms.length === 0 ? undefined : terms.join(' AND ');
}

function* idFilters(ids: readonly string[]): Generator<string> {
  for (let i = 0; i < ids.length; i += IDS_PER_FILTER) {
    yield `decision_id IN (${ids
      .slice(i, i + IDS_PER_FILTER)
      .map(sqlText)
      .join(', ')})`;
  }
}

/** A SQL string literal. DataFusion knows no backslash escapes: only the quote itself is doubled. */
function sqlText(value: string): string {
  return `'${value.toWellFormed().replaceAll("'", "''")}'`;
}
