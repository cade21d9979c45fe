import type { JournalRecord } from '../execute/journal-record.ts';

/** A passage of a runbook or a note. The newest of an id counts. */
export interface KnowledgeDocument {
  readonly id: string;
  /** Where it is from: `ConfigMap/shop/runbook`, `annotation`, … */
  readonly source: string;
  /** Who may see it; null: everybody. */
  readonly namespace: string | null;
  readonly title: string;
  readonly text: string;
  /** When it became so, ms since the epoch. */
  readonly at: number;
  /** There is no such passage any more. */
  readonly removed: boolean;
}

/** What the journal keeps of it. */
export function documentRecord(document: KnowledgeDocument): JournalRecord {
  return { kind: 'Document', document };
}
