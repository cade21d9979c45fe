import type { ForgetRecord, JournalRecord } from '../../loop/execute/journal-record.ts';
import type { KnowledgeDocument } from '../../loop/knowledge/document.ts';
import type { EndedAnomaly } from '../../loop/knowledge/ended-anomaly.ts';
import type { DecisionReward } from '../../loop/knowledge/reward/decision-reward.ts';
import type { Situation } from '../../loop/knowledge/situation.ts';
import type { StoredRow } from './checksum.ts';
import { decisionRow, outcomeRow } from './decision-rows.ts';
import { anomalyRow, documentRow, situationRow } from './memory-rows.ts';
import { rewardRow } from './reward-rows.ts';
import { rowProblem } from './row-check.ts';
import { DEFINITIONS, type RowTableName, type RowTables } from './table-definitions.ts';

/** What goes to the store together. */
export type RowBatch = { readonly [T in RowTableName]?: readonly RowTables[T][] };

/** A row and the table that it belongs to. */
export type TableRow = {
  readonly [T in RowTableName]: { readonly table: T; readonly row: RowTables[T] };
}[RowTableName];

/** What a journal record comes to in the store; undefined for those that only the journal needs. */
export type StoreChange = TableRow | { readonly forget: ForgetRecord } | { readonly refused: string };

export function changeOf(record: JournalRecord): StoreChange | undefined {
  try {
    if (record.kind === 'Forget') return { forget: record };
    const found = rowOf(record);
    const problem = found && rowProblem(DEFINITIONS[found.table], found.row as unknown as StoredRow);
    return problem === undefined ? found : { refused: problem };
  } catch (error) {
    // One bad record must not keep those after it from being stored.
    return { refused: `${record.kind}: ${(error as Error).message}` };
  }
}

function rowOf(record: JournalRecord): TableRow | undefined {
  switch (record.kind) {
    case 'Intent':
    case 'Proposal':
      return { table: 'decisions', row: decisionRow(record) };
    case 'Aborted':
    case 'Closed':
      return { table: 'outcomes', row: outcomeRow(record) };
    case 'Situation':
      return { table: 'situations', row: situationRow(record.situation as Situation) };
    case 'Anomaly':
      return { table: 'anomalies', row: anomalyRow(record.anomaly as EndedAnomaly) };
    case 'Rewarded':
      return { table: 'rewards', row: rewardRow(record.reward as DecisionReward) };
    case 'Document':
      return { table: 'documents', row: documentRow(record.document as KnowledgeDocument) };
    default:
      return undefined;
  }
}

/** The same rows by table. */
export function batchOf(rows: readonly TableRow[]): RowBatch {
  const batch: Partial<Record<RowTableName, TableRow['row'][]>> = {};
  for (const { table, row } of rows) (batch[table] ??= []).push(row);
  return batch as RowBatch;
}

export function rowsIn(batch: RowBatch): number {
  return Object.values(batch).reduce((sum, rows) => sum + rows.length, 0);
}
