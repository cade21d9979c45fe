// Loaded before the operator (node --import): kills the process at a chosen sync of its journal, as a crash of the
// machine or a kill -9 would. Armed by a file, so that one process can be armed when it is time.
import { readdirSync, readFileSync, readlinkSync, truncateSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { decodeFrames } from '../../src/adapters/journal/frame.ts';
import { parseRecord } from '../../src/adapters/journal/record-codec.ts';
import type { JournalRecord } from '../../src/loop/execute/journal-record.ts';
import { SYNC_KILL_VARIABLE, writeSyncKills, type SyncKill } from './sync-kill.ts';

/** How far each file was synced, in bytes. */
const synced = new Map<string, number>();
/** The policy of each decision seen: later records of a decision do not name it. */
const policies = new Map<string, string>();

const listFile = process.env[SYNC_KILL_VARIABLE] ?? '';

function armed(): readonly SyncKill[] {
  return JSON.parse(readFileSync(listFile, 'utf8')) as SyncKill[];
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
  return { records: recordsIn(bytes.subarray(start)), start, end: bytes.length };
}

function recordsIn(bytes: Buffer): JournalRecord[] {
  return decodeFrames(bytes).frames.flatMap(({ payload }) => parseRecord(payload) ?? []);
}

function learn(records: readonly JournalRecord[]): void {
  for (const record of records) {
    if ('policy' in record) policies.set(record.decisionId, record.policy.name);
  }
}

/** What earlier processes wrote: this one goes on with their decisions. */
function learnFromPredecessors(directory: string): void {
  for (const name of readdirSync(directory).filter((one) => one.endsWith('.journal'))) {
    learn(recordsIn(readFileSync(join(directory, name))));
  }
}

function isOf(policy: string | undefined, record: JournalRecord): boolean {
  return policy === undefined || ('decisionId' in record && policies.get(record.decisionId) === policy);
}

/** Ends here and now, after taking the kill off the list, so that the next process lives. */
function die(kill: SyncKill): never {
  writeSyncKills(
    listFile,
    armed().filter((other) => !isDeepStrictEqual(other, kill)),
  );
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
  if (synced.size === 0) learnFromPredecessors(dirname(path));
  const { records, start, end } = unsynced(path);
  learn(records);
  const hit = armed().find((kill) =>
    records.some((record) => record.kind === kill.record && isOf(kill.policy, record)),
  );
  if (hit?.when === 'torn') truncateSync(path, Math.floor((start + end) / 2));
  if (hit !== undefined && hit.when !== 'after') die(hit);
  await datasync.call(this);
  if (hit !== undefined) die(hit);
};
