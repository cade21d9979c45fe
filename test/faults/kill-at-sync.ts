// Loaded before the operator (node --import): kills the process at a chosen sync of its journal, as a crash of the
// machine or a kill -9 would. Armed by a file, so that one process can be armed when it is time.
import { readFileSync, readlinkSync, truncateSync, unlinkSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { decodeFrames } from '../../src/adapters/journal/frame.ts';
import { parseRecord } from '../../src/adapters/journal/record-codec.ts';
import type { JournalRecord } from '../../src/loop/execute/journal-record.ts';
import { SYNC_KILL_VARIABLE, type SyncKill } from './sync-kill.ts';

/** How far each file was synced, in bytes. */
const synced = new Map<string, number>();
/** The policy of each decision seen: later records of a decision do not name it. */
const policies = new Map<string, string>();

function armed(): SyncKill | undefined {
  try {
    return JSON.parse(readFileSync(process.env[SYNC_KILL_VARIABLE] ?? '', 'utf8')) as SyncKill;
  } catch {
    return undefined;
  }
}

/** What the coming sync makes durable. */
function unsynced(path: string): {
  readonly records: JournalRecord[];
  readonly start: number;
  readonly end: number;
} {
  const bytes = readFileSync(path);
  const start = synced.get(path) ?? 0;
  synced.set(path, bytes.length);
  const records = decodeFrames(bytes.subarray(start)).frames.flatMap(
    ({ payload }) => parseRecord(payload) ?? [],
  );
  return { records, start, end: bytes.length };
}

function policyOf(record: JournalRecord): string | undefined {
  if (record.kind === 'Exported') return undefined;
  if ('policy' in record) policies.set(record.decisionId, record.policy.name);
  return policies.get(record.decisionId);
}

/** Ends here and now; the file is taken away first, so that the next process lives. */
function die(): never {
  unlinkSync(process.env[SYNC_KILL_VARIABLE] ?? '');
  process.kill(process.pid, 'SIGKILL');
  throw new Error('not reached: the signal is delivered before kill returns');
}

const probe = await open('/dev/null');
const prototype = Object.getPrototypeOf(probe) as FileHandle;
await probe.close();
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own handle below
const datasync = prototype.datasync;

prototype.datasync = async function (this: FileHandle): Promise<void> {
  const path = readlinkSync(`/proc/self/fd/${this.fd}`);
  if (!path.endsWith('.journal')) return datasync.call(this);
  const { records, start, end } = unsynced(path);
  const kill = armed();
  const hit =
    kill !== undefined &&
    records.some((record) => {
      const policy = policyOf(record);
      return record.kind === kill.record && (kill.policy === undefined || kill.policy === policy);
    });
  if (hit && kill.when === 'torn') truncateSync(path, Math.floor((start + end) / 2));
  if (hit && kill.when !== 'after') die();
  await datasync.call(this);
  if (hit) die();
};
