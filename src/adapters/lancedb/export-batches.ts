import type { JournalPosition, JournalRecord } from '../../loop/execute/journal-record.ts';
import { rowsOf, type DecisionRow, type OutcomeRow, type RowBatch } from './rows.ts';

/** The journal, as far as the knowledge store needs it. */
export interface ExportSource {
  readonly exportedThrough: JournalPosition;
  records(
    from: JournalPosition,
  ): AsyncIterable<{ readonly record: JournalRecord; readonly end: JournalPosition }>;
  append(record: JournalRecord): Promise<void>;
  subscribe(listener: (record: JournalRecord) => void): () => void;
}

export interface ExportBatch {
  readonly rows: RowBatch;
  /** Everything before this place is in this batch or an earlier one. */
  readonly through: JournalPosition;
}

/** Two thousand commits cost LanceDB as much as a hundred thousand rows: make few and large ones. */
const MAX_ROWS = 200;

/** Serialising a batch for the other process holds up the event loop, by some 6 ms for a megabyte. */
const MAX_TEXT = 256 * 1024;

/** What the journal has from `from` on, in batches that are small enough to hand over. */
export async function* exportBatches(
  source: ExportSource,
  from: JournalPosition,
): AsyncGenerator<ExportBatch> {
  let decisions: DecisionRow[] = [];
  let outcomes: OutcomeRow[] = [];
  let text = 0;
  let through = from;
  for await (const { record, end } of source.records(from)) {
    const rows = rowsOf(record);
    decisions.push(...rows.decisions);
    outcomes.push(...rows.outcomes);
    text += textOf(rows);
    through = end;
    if (decisions.length + outcomes.length < MAX_ROWS && text < MAX_TEXT) continue;
    yield { rows: { decisions, outcomes }, through };
    decisions = [];
    outcomes = [];
    text = 0;
  }
  if (decisions.length + outcomes.length > 0) yield { rows: { decisions, outcomes }, through };
}

function textOf({ decisions, outcomes }: RowBatch): number {
  let length = 0;
  for (const row of decisions) {
    length += row.trace.length + (row.guards?.length ?? 0) + (row.proposals?.length ?? 0) + 500;
  }
  for (const row of outcomes) length += (row.outcome?.length ?? 0) + 300;
  return length;
}
