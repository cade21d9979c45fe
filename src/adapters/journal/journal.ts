import { mkdir, readFile, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import {
  comparePositions,
  isProtocolRecord,
  type JournalPosition,
  type JournalRecord,
} from '../../loop/execute/journal-record.ts';
import { Ledger, type OpenIntent } from '../../loop/execute/ledger.ts';
import { decodeFrames, encodeFrame } from './frame.ts';
import { GroupCommit } from './group-commit.ts';
import { JournalError } from './journal-error.ts';
import { JournalLock } from './lock.ts';
import { parseRecord, serializeRecord } from './record-codec.ts';
import { replay, type PlacedRecord, type ReplayResult } from './replay.ts';
import { segmentsToDelete } from './retention.ts';
import { createFile, segmentPath, syncDirectory, type CreateFile } from './segment.ts';

const MEBIBYTE = 1 << 20;
const START: JournalPosition = { segment: 0, offset: 0 };

/** What is left of a full disk is for the endings of decisions, and not for these. */
const MAY_WAIT: ReadonlySet<JournalRecord['kind']> = new Set(['Situation', 'Anomaly', 'Document']);

export interface JournalOptions {
  /** Created when it is not there. One journal for each directory. */
  readonly directory: string;
  /** A segment is sealed when it has this size. Default 4 MiB: at most so much is read at a time. */
  readonly segmentBytes?: number;
  /**
   * Exported segments are kept up to this total, so that the knowledge store can be rebuilt from them.
   * Default 64 MiB, some ten thousand decisions.
   */
  readonly retainBytes?: number;
  /**
   * Beyond this total the oldest finished segments go even when they were never exported: a knowledge store
   * that is away for weeks must not stop the operator. Default 256 MiB.
   */
  readonly maxBytes?: number;
  /**
   * Free space below which new intents are refused. Default 32 MiB: what is left is for the endings of
   * decisions already begun.
   */
  readonly freeFloorBytes?: number;
  /** How files come to be; tests put a failing disk here. */
  readonly createFile?: CreateFile;
}

/** What `Journal.open` found. */
export interface JournalRecovery {
  /** True: a record that was acknowledged is bad or missing. Intents are refused until a person has looked. */
  readonly damaged: boolean;
  /** The damage, each a sentence naming file and bytes. */
  readonly problems: readonly string[];
  /** Bytes of an unacknowledged write that a crash had cut short. Harmless. */
  readonly truncatedBytes: number;
  /** The holder whose lock was taken over, if any. */
  readonly takenOverFrom?: string;
}

/**
 * The operator's memory of what it is doing: append-only, checksummed, and durable before `append` resolves.
 * One process at a time has it open.
 */
export class Journal {
  readonly recovery: JournalRecovery;
  readonly #options: Required<JournalOptions>;
  readonly #lock: JournalLock;
  readonly #commits: GroupCommit;
  readonly #fold: Fold;
  readonly #listeners = new Set<(record: JournalRecord) => void>();
  /** Decisions with a record on its way to the disk: the ledger judges one at a time. */
  readonly #inFlight = new Set<string>();
  #reclaiming: Promise<void> = Promise.resolve();
  #sealedAtReclaim = 0;
  #failure: string | undefined;
  #closed = false;

  private constructor(options: Required<JournalOptions>, lock: JournalLock, found: ReplayResult, fold: Fold) {
    this.#options = options;
    this.#lock = lock;
    this.#fold = fold;
    this.#commits = new GroupCommit({ ...options, lock, sealed: found.segments });
    const problems = [...found.problems, ...fold.problems];
    const from = lock.takenFrom;
    this.recovery = {
      damaged: problems.length > 0,
      problems,
      truncatedBytes: found.truncatedBytes,
      ...(from && { takenOverFrom: `process ${from.pid} on ${from.host}` }),
    };
  }

  /**
   * Takes the lock and reads what is there.
   * @throws JournalError Locked when a live process has it, Unreadable when it cannot be read at all.
   */
  static async open(options: JournalOptions): Promise<Journal> {
    const complete = {
      segmentBytes: 4 * MEBIBYTE,
      retainBytes: 64 * MEBIBYTE,
      maxBytes: 256 * MEBIBYTE,
      freeFloorBytes: 32 * MEBIBYTE,
      createFile,
      ...options,
    };
    try {
      await mkdir(options.directory, { recursive: true, mode: 0o700 });
      const lock = await JournalLock.acquire(join(options.directory, 'lock'));
      try {
        const fold = new Fold();
        const found = await replay(options.directory, (placed) => fold.take(placed));
        return new Journal(complete, lock, found, fold);
      } catch (error) {
        await lock.release();
        throw error;
      }
    } catch (error) {
      if (error instanceof JournalError) throw error;
      const message = `the journal in ${options.directory} cannot be opened: ${(error as Error).message}`;
      throw new JournalError('Unreadable', message, { cause: error });
    }
  }

  /**
   * Resolves when the record is durable: synced to the disk, and so is the name of its file.
   * @throws JournalError; the record then counts as never written, and the caller must not act on it.
   */
  async append(record: JournalRecord): Promise<void> {
    if (this.#closed) throw new JournalError('Closed', 'the journal is closed');
    const frame = frameOf(record);
    if (!isProtocolRecord(record)) {
      if (MAY_WAIT.has(record.kind)) await this.#roomForMore('keep what was learned');
      return this.#write(record, frame);
    }
    const id = record.decisionId;
    const refusal = this.#fold.ledger.refusal(record)?.message;
    if (refusal !== undefined) throw new JournalError('OutOfOrder', refusal);
    if (this.#inFlight.has(id)) {
      throw new JournalError(
        'OutOfOrder',
        `${record.kind} of decision ${id}: another of its records is being written`,
      );
    }
    this.#inFlight.add(id);
    try {
      if (record.kind === 'Intent') await this.#mayBegin();
      await this.#write(record, frame);
      this.#failure = undefined;
    } catch (error) {
      this.#failure = (error as Error).message;
      throw error;
    } finally {
      this.#inFlight.delete(id);
    }
  }

  /** How a decision ended, if the journal remembers it: a crash may come before the status tells. */
  endingOf(decisionId: string): 'Aborted' | 'Closed' | undefined {
    return this.#fold.ledger.endingOf(decisionId);
  }

  /** Intents without an ending, oldest first: after `open`, what recovery has to look at. */
  openIntents(): readonly OpenIntent[] {
    return this.#fold.ledger.openIntents();
  }

  /** Everything before this place is in the knowledge store. */
  get exportedThrough(): JournalPosition {
    return this.#fold.exportedThrough;
  }

  /** What the tables of the knowledge store were then; empty where that is not known. */
  get exportedVersions(): Readonly<Record<string, number>> {
    return this.#fold.exportedVersions;
  }

  /** Why new decisions cannot be made durable; undefined while they can. */
  get problem(): string | undefined {
    return this.recovery.problems[0] ?? this.#failure;
  }

  /** Total size of the segments. */
  get bytes(): number {
    return this.#commits.segments.reduce((sum, segment) => sum + segment.end, 0);
  }

  /** Tells `listener` of each record once it is durable. Returns the way to stop. */
  subscribe(listener: (record: JournalRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The durable records from `from` on (all that are kept, by default), as they were when each segment was
   * reached. Bad places are left out. One segment is in memory at a time.
   */
  async *records(from: JournalPosition = START): AsyncGenerator<PlacedRecord, void, undefined> {
    for (const { segment, end } of this.#commits.segments) {
      if (segment < from.segment) continue;
      const path = segmentPath(this.#options.directory, segment);
      // Retention may delete the oldest segment while somebody reads; there is nothing more in it to tell.
      const bytes = await readFile(path).catch(ignoreMissing);
      if (bytes === undefined) continue;
      for (const frame of decodeFrames(bytes.subarray(0, end)).frames) {
        const start = { segment, offset: frame.start };
        if (comparePositions(start, from) < 0) continue;
        const record = parseRecord(frame.payload);
        if (record !== undefined) yield { record, start, end: { segment, offset: frame.end } };
      }
    }
  }

  /** Waits for the appends under way and gives the lock back. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#commits.close();
    await this.#reclaiming;
    await this.#lock.release();
  }

  async #mayBegin(): Promise<void> {
    if (this.recovery.damaged) {
      throw new JournalError(
        'Damaged',
        `new decisions are refused because the journal is damaged: ${this.recovery.problems[0] ?? ''}; move ${this.#options.directory} away and restart, open decisions are then recovered from the cluster`,
      );
    }
    await this.#roomForMore('begin a decision');
  }

  async #roomForMore(purpose: string): Promise<void> {
    const { bavail, bsize } = await statfs(this.#options.directory);
    const free = bavail * bsize;
    if (free < this.#options.freeFloorBytes) {
      throw new JournalError(
        'DiskFull',
        `${free} bytes are free in ${this.#options.directory}, ${this.#options.freeFloorBytes} are needed to ${purpose}; make room or use a larger volume`,
      );
    }
  }

  async #write(record: JournalRecord, frame: Buffer): Promise<void> {
    const start = await this.#commits.write(frame);
    this.#fold.take({ record, start, end: { segment: start.segment, offset: start.offset + frame.length } });
    for (const listener of this.#listeners) listener(record);
    const sealed = this.#commits.sealed.length;
    if (record.kind === 'Exported' || sealed !== this.#sealedAtReclaim) {
      this.#sealedAtReclaim = sealed;
      this.#reclaiming = this.#reclaiming.then(() => this.#reclaim());
    }
  }

  async #reclaim(): Promise<void> {
    const chosen = segmentsToDelete({
      sealed: this.#commits.sealed,
      totalBytes: this.bytes,
      withOpenIntents: this.#fold.segmentsWithOpenIntents(),
      exportedThrough: this.exportedThrough,
      retainBytes: this.#options.retainBytes,
      maxBytes: this.#options.maxBytes,
    });
    try {
      for (const segment of chosen) {
        await unlink(segmentPath(this.#options.directory, segment)).catch(ignoreMissing);
        // One at a time: a power cut that undid an earlier deletion and not a later one would leave a hole.
        await syncDirectory(this.#options.directory);
        this.#commits.forget(segment);
      }
    } catch {
      // What cannot be deleted is tried again at the next chance; the free-space floor watches the rest.
    }
  }
}

/** What the records say so far. */
class Fold {
  readonly ledger = new Ledger();
  readonly problems: string[] = [];
  readonly #intentSegments = new Map<string, number>();
  exportedThrough: JournalPosition = START;
  exportedVersions: Readonly<Record<string, number>> = {};

  take({ record, start }: PlacedRecord): void {
    if (record.kind === 'Exported') {
      this.exportedThrough = record.through;
      this.exportedVersions = record.versions ?? {};
    }
    if (!isProtocolRecord(record)) return;
    const refusal = this.ledger.refusal(record);
    if (refusal !== undefined) {
      // The intent's segment may be gone by retention; a second ending or intent is damage.
      if (refusal.problem !== 'UnknownDecision')
        this.problems.push(`segment ${start.segment}, byte ${start.offset}: ${refusal.message}`);
      return;
    }
    this.ledger.take(record);
    if (record.kind === 'Intent') this.#intentSegments.set(record.decisionId, start.segment);
    else if (record.kind !== 'Applied') this.#intentSegments.delete(record.decisionId);
  }

  segmentsWithOpenIntents(): ReadonlySet<number> {
    return new Set(this.#intentSegments.values());
  }
}

function frameOf(record: JournalRecord): Buffer {
  try {
    return encodeFrame(serializeRecord(record));
  } catch (error) {
    if (error instanceof JournalError) throw error;
    throw new JournalError('InvalidRecord', (error as Error).message, { cause: error });
  }
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
