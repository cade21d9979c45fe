import { renameSync, writeFileSync } from 'node:fs';
import type { JournalRecord } from '../../src/loop/execute/journal-record.ts';

/** Environment variable with the path of a file that holds, as JSON, the list of SyncKills yet to come. */
export const SYNC_KILL_VARIABLE = 'AUTONOMIC_KILL_AT_SYNC';

/** Where in a journal's life its process is killed. */
export interface SyncKill {
  /** Before the sync that makes the record durable, before it with half of the bytes lost, or right after it. */
  readonly when: 'before' | 'torn' | 'after';
  readonly record: JournalRecord['kind'];
  /** Name of the policy whose decision it is; of any when left out. */
  readonly policy?: string;
}

/** Replaces the list at once: a process that reads it at each sync must never find half of one. */
export function writeSyncKills(path: string, kills: readonly SyncKill[]): void {
  const temporary = `${path}.new`;
  writeFileSync(temporary, JSON.stringify(kills));
  renameSync(temporary, path);
}
