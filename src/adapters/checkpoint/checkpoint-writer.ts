import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { encodeHeader, encodeIndex, type CheckpointHeader, type RecordPlace } from './file-layout.ts';
import { ShapeTable } from './shape-table.ts';
import { ValueEncoder } from './value-encoder.ts';

/** So much is collected before it is handed to the disk: some milliseconds of copying. */
const CHUNK_BYTES = 1 << 20;

export interface WriterOptions {
  /** Where the complete file is found at last. */
  readonly path: string;
  /** Where it is written before; on the same file system. */
  readonly temporary: string;
  readonly header: CheckpointHeader;
}

/** Writes one checkpoint beside the one before, and puts it in its place when it is complete and durable. */
export class CheckpointWriter {
  readonly #options: WriterOptions;
  readonly #file: FileHandle;
  readonly #shapes = new ShapeTable();
  readonly #encoder: ValueEncoder = new ValueEncoder(this.#shapes);
  readonly #records = new Map<string, RecordPlace>();
  #written = 0;

  private constructor(options: WriterOptions, file: FileHandle) {
    this.#options = options;
    this.#file = file;
  }

  static async create(options: WriterOptions): Promise<CheckpointWriter> {
    const writer = new CheckpointWriter(options, await open(options.temporary, 'w', 0o600));
    try {
      await writer.#write(encodeHeader(options.header));
    } catch (error) {
      await writer.discard();
      throw error;
    }
    return writer;
  }

  /** Records so far. */
  get records(): number {
    return this.#records.size;
  }

  /** Enough is collected to be worth a write. */
  get full(): boolean {
    return this.#encoder.length >= CHUNK_BYTES;
  }

  /**
   * Takes a copy of `value`, whatever becomes of it afterwards.
   * @param at when it was so, ms since the epoch
   * @throws TypeError when it is not plain data; the checkpoint then is as before
   */
  add(uid: string, at: number, value: unknown): void {
    const encoder = this.#encoder;
    encoder.align();
    const start = encoder.length;
    try {
      encoder.append(value);
    } catch (error) {
      encoder.cutTo(start);
      throw error;
    }
    const bytes = encoder.bytes.subarray(start);
    const place = { at, offset: this.#written + start, length: bytes.length, checksum: crc32(bytes) };
    this.#records.set(uid, place);
  }

  /** Hands what was collected to the disk. */
  async flush(): Promise<void> {
    const { bytes } = this.#encoder;
    await this.#write(bytes);
    this.#encoder.clear();
  }

  /**
   * Completes the file and puts it in its place; resolves with its length in bytes when all of it, and its name, are
   * durable. When it rejects, the checkpoint before is still in place, and `discard` is due.
   */
  async finish(): Promise<number> {
    await this.flush();
    await this.#write(encodeIndex(this.#records, this.#shapes, this.#written));
    await this.#file.sync();
    await this.#file.close();
    const { temporary, path } = this.#options;
    await rename(temporary, path);
    await syncDirectory(dirname(path));
    return this.#written;
  }

  /** Gives up, and leaves nothing behind. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await unlink(this.#options.temporary).catch(() => undefined);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#written);
      if (bytesWritten === 0) throw new Error('the disk accepted no bytes');
      done += bytesWritten;
      this.#written += bytesWritten;
    }
  }
}

/** Without it the new name can vanish in a power cut. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
