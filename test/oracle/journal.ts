import { readFile } from 'node:fs/promises';
import { decodeFrames } from '../../src/adapters/journal/frame.ts';
import { parseRecord } from '../../src/adapters/journal/record-codec.ts';
import { listSegments, segmentPath } from '../../src/adapters/journal/segment.ts';
import { isProtocolRecord } from '../../src/loop/execute/journal-record.ts';

/** What the journal says of a decision that was to be carried out. */
export interface JournalEntry {
  readonly kind: 'Intent' | 'Applied' | 'Aborted' | 'Closed';
  readonly decisionId: string;
  /** `namespace/name`; of an Intent only. */
  readonly policy?: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** One operator's, in the order in which it was written. */
export type Journal = readonly JournalEntry[];

/** Reads a journal directory without touching it: opening it as the operator does would mend what is broken. */
export async function readJournal(directory: string): Promise<Journal> {
  const entries: JournalEntry[] = [];
  for (const segment of await listSegments(directory)) {
    for (const { payload } of decodeFrames(await readFile(segmentPath(directory, segment))).frames) {
      const record = parseRecord(payload);
      if (record === undefined || !isProtocolRecord(record)) continue;
      const { kind, decisionId, at } = record;
      const policy =
        record.kind === 'Intent' ? { policy: `${record.policy.namespace}/${record.policy.name}` } : {};
      entries.push({ kind, decisionId, at, ...policy });
    }
  }
  return entries;
}
