import type { JournalPosition } from '../../loop/execute/journal-record.ts';
import { JournalError } from './journal-error.ts';
import type { JournalLock } from './lock.ts';
import type { SealedSegment } from './replay.ts';
import { SegmentWriter, type CreateFile } from './segment.ts';

/** Most bytes that share one sync; more wait for the next, so that memory stays bounded. */
const MAX_COMMIT_BYTES = 4 << 20;

interface Pending {
  readonly bytes: Buffer;
  readonly resolve: (start: JournalPosition) => void;
  readonly reject: (error: JournalError) => void;
}

export interface GroupCommitOptions {
  readonly directory: string;
  readonly segmentBytes: number;
  readonly createFile: CreateFile;
  readonly lock: Pick<JournalLock, 'isHeld'>;
  readonly sealed: readonly SealedSegment[];
}

/**
 * Writes frames in the order they come; those that come while a sync is under way share the next one
 * (group commit). Always begins a new segment, never continues one that another process wrote, and never
 * touches a segment again in which a write or sync failed.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #queue: Pending[] = [];
  #sealed: readonly SealedSegment[];
  #lastNumber: number;
  #writer: SegmentWriter | undefined;
  #running: Promise<void> | undefined;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#sealed = options.sealed;
    this.#lastNumber = options.sealed.at(-1)?.segment ?? 0;
  }

  /** Every segment with its acknowledged end, ascending; the last may still grow. */
  get segments(): readonly SealedSegment[] {
    const writer = this.#writer;
    return writer === undefined
      ? this.#sealed
      : [...this.#sealed, { segment: writer.segment, end: writer.end }];
  }

  /** Segments that nothing is written to any more. */
  get sealed(): readonly SealedSegment[] {
    return this.#sealed;
  }

  /** Takes a segment off the list whose file was deleted. */
  forget(segment: number): void {
    this.#sealed = this.#sealed.filter((sealed) => sealed.segment !== segment);
  }

  /**
   * Resolves with the place of the first byte when all of them are durable.
   * @throws JournalError WriteFailed or LockLost; then none of them counts, and the next write begins a new segment.
   */
  write(bytes: Buffer): Promise<JournalPosition> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ bytes, resolve, reject });
      this.#running ??= this.#drain();
    });
  }

  /** Waits for the writes under way, then closes the file. */
  async close(): Promise<void> {
    await this.#running;
    await this.#seal();
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch();
      try {
        const start = await this.#commit(Buffer.concat(batch.map((pending) => pending.bytes)));
        let offset = start.offset;
        for (const pending of batch) {
          pending.resolve({ segment: start.segment, offset });
          offset += pending.bytes.length;
        }
      } catch (error) {
        for (const pending of batch) pending.reject(asJournalError(error));
      }
    }
    this.#running = undefined;
  }

  #takeBatch(): Pending[] {
    let bytes = 0;
    const first = this.#queue.findIndex((pending) => (bytes += pending.bytes.length) > MAX_COMMIT_BYTES);
    return this.#queue.splice(0, first === -1 ? this.#queue.length : Math.max(first, 1));
  }

  async #commit(bytes: Buffer): Promise<JournalPosition> {
    if (!(await this.#options.lock.isHeld())) {
      throw new JournalError(
        'LockLost',
        'another process has taken the journal over; this one must stop acting',
      );
    }
    if (this.#writer !== undefined && this.#writer.end >= this.#options.segmentBytes) await this.#seal();
    this.#writer ??= await this.#nextSegment();
    const start = { segment: this.#writer.segment, offset: this.#writer.end };
    try {
      await this.#writer.append(bytes);
    } catch (error) {
      await this.#seal();
      throw error;
    }
    return start;
  }

  async #nextSegment(): Promise<SegmentWriter> {
    const last = this.#sealed.at(-1);
    // The number is spent even when the creation fails: what is left of that file is nobody's predecessor.
    this.#lastNumber += 1;
    return SegmentWriter.create(
      this.#options.directory,
      { segment: this.#lastNumber, previous: last ? { segment: last.segment, offset: last.end } : null },
      this.#options.createFile,
    );
  }

  async #seal(): Promise<void> {
    const writer = this.#writer;
    if (writer === undefined) return;
    this.#writer = undefined;
    this.#sealed = [...this.#sealed, { segment: writer.segment, end: writer.end }];
    await writer.close();
  }
}

function asJournalError(error: unknown): JournalError {
  if (error instanceof JournalError) return error;
  const cause = error instanceof Error ? error.message : String(error);
  return new JournalError(
    'WriteFailed',
    `the journal could not be written: ${cause}; nothing is acted on until it can`,
    {
      cause: error,
    },
  );
}
