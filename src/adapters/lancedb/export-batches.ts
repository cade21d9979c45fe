import type { ForgetRecord, JournalPosition, JournalRecord } from '../../loop/execute/journal-record.ts';
import { batchOf, changeOf, type RowBatch, type TableRow } from './row-batch.ts';

/** The journal, as far as the knowledge store needs it. */
export interface ExportSource {
  readonly exportedThrough: JournalPosition;
  readonly exportedVersions: Readonly<Record<string, number>>;
  records(
    from: JournalPosition,
  ): AsyncIterable<{ readonly record: JournalRecord; readonly end: JournalPosition }>;
  append(record: JournalRecord): Promise<void>;
  subscribe(listener: (record: JournalRecord) => void): () => void;
}

/** One step of the export; when it is done, everything before `through` is in the store. */
export interface ExportBatch {
  readonly rows: RowBatch;
  /** Whom to forget after that. */
  readonly forget?: ForgetRecord;
  /** Records that are no rows, with the reason. */
  readonly refused: readonly string[];
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
  let rows: TableRow[] = [];
  let refused: string[] = [];
  let text = 0;
  let through = from;
  for await (const { record, end } of source.records(from)) {
    const change = changeOf(record);
    through = end;
    if (change === undefined) continue;
    if ('refused' in change) refused.push(change.refused);
    if ('table' in change) {
      rows.push(change);
      text += sizeOf(change.row);
    }
    const forget = 'forget' in change ? change.forget : undefined;
    if (forget === undefined && rows.length < MAX_ROWS && text < MAX_TEXT) continue;
    yield { rows: batchOf(rows), refused, through, ...(forget && { forget }) };
    rows = [];
    refused = [];
    text = 0;
  }
  if (rows.length + refused.length > 0) yield { rows: batchOf(rows), refused, through };
}

/** Roughly, in characters: 8 for whatever is no text. */
function sizeOf(row: object): number {
  let size = 0;
  for (const value of Object.values(row) as unknown[]) {
    const counted = typeof value === 'string' || Array.isArray(value) || value instanceof Float32Array;
    size += counted ? value.length * (typeof value === 'string' ? 1 : 8) : 8;
  }
  return size;
}
