import type { Table } from '@lancedb/lancedb';

import { newestRows, rowsByKey } from './row-query.ts';
import type { DecisionRow, OutcomeRow } from './row-types.ts';
import { DEFINITIONS } from './table-definitions.ts';

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

/**
 * Reads decisions newest first, each once (rows arrive at least once), with their endings.
 * @throws the error of LanceDB when a table cannot be scanned.
 */
export async function queryDecisions(
  tables: { readonly decisions: Table; readonly outcomes: Table },
  query: DecisionQuery,
): Promise<RecordedDecisions> {
  const newest = await newestRows<DecisionRow>(tables.decisions, DEFINITIONS.decisions, query);
  const ids = newest.rows.map((row) => row.decision_id);
  const endings = await rowsByKey<OutcomeRow>(tables.outcomes, DEFINITIONS.outcomes, ids);
  const byId = new Map(endings.rows.map((row) => [row.decision_id, row]));
  return {
    decisions: newest.rows.map((decision) => ({ decision, outcome: byId.get(decision.decision_id) ?? null })),
    corruptRows: newest.corruptRows + endings.corruptRows,
  };
}
