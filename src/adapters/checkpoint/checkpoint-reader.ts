import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import {
  decodeIndex,
  FOOTER_BYTES,
  parseFooter,
  parsePreamble,
  PREAMBLE_BYTES,
  type CheckpointHeader,
  type RecordPlace,
} from './file-layout.ts';
import type { ShapeTable } from './shape-table.ts';
import { decodeValue } from './value-decoder.ts';

/** Why a file is no checkpoint that this program can use. */
export type Unusable = 'Foreign' | 'Newer' | 'Torn' | 'Damaged';

export class UnusableCheckpoint extends Error {
  readonly reason: Unusable;

  constructor(reason: Unusable, message: string) {
    super(message);
    this.name = 'UnusableCheckpoint';
    this.reason = reason;
  }
}

/** A complete checkpoint, open for reading: it stays readable when a newer one takes its name. */
export class CheckpointReader {
  readonly header: CheckpointHeader;
  readonly records: ReadonlyMap<string, RecordPlace>;
  readonly bytes: number;
  readonly #file: FileHandle;
  readonly #shapes: ShapeTable;

  private constructor(
    file: FileHandle,
    bytes: number,
    header: CheckpointHeader,
    index: ReturnType<typeof decodeIndex>,
  ) {
    this.#file = file;
    this.bytes = bytes;
    this.header = header;
    this.records = index.records;
    this.#shapes = index.shapes;
  }

  /**
   * @returns undefined when there is no such file
   * @throws UnusableCheckpoint for what is there and is no complete checkpoint, and Node's own errors of the disk
   */
  static async open(path: string): Promise<CheckpointReader | undefined> {
    let file: FileHandle;
    try {
      file = await open(path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const { size } = await file.stat();
      const header = await readHeader(file);
      return new CheckpointReader(file, size, header, await readIndex(file, size));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * One policy's state, a new copy each time.
   * @throws UnusableCheckpoint Damaged when its bytes are not what was written
   */
  async read(uid: string): Promise<unknown> {
    const place = this.records.get(uid);
    if (place === undefined) return undefined;
    const bytes = await readAt(this.#file, place.offset, place.length);
    if (bytes.length !== place.length || crc32(bytes) !== place.checksum)
      throw new UnusableCheckpoint('Damaged', `the record of policy ${uid} is bad`);
    try {
      return decodeValue(bytes, this.#shapes);
    } catch (error) {
      throw new UnusableCheckpoint('Damaged', `the record of policy ${uid}: ${(error as Error).message}`);
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function readHeader(file: FileHandle): Promise<CheckpointHeader> {
  const preamble = parsePreamble(await readAt(file, 0, PREAMBLE_BYTES));
  if (preamble === 'Foreign') throw new UnusableCheckpoint('Foreign', 'it is no checkpoint');
  if (preamble === 'Newer')
    throw new UnusableCheckpoint('Newer', 'it was written by a newer version of the operator');
  const json = await readAt(file, PREAMBLE_BYTES, preamble.headerBytes);
  if (crc32(json) !== preamble.checksum) throw new UnusableCheckpoint('Damaged', 'its header is bad');
  return JSON.parse(json.toString()) as CheckpointHeader;
}

async function readIndex(file: FileHandle, size: number): Promise<ReturnType<typeof decodeIndex>> {
  const end = size - FOOTER_BYTES;
  const footer = end < 0 ? undefined : parseFooter(await readAt(file, end, FOOTER_BYTES));
  if (footer === undefined) throw new UnusableCheckpoint('Torn', 'it was cut short');
  const { offset, length, checksum } = footer;
  if (offset + length !== end)
    throw new UnusableCheckpoint('Torn', 'its index is not where it was written to');
  const bytes = await readAt(file, offset, length);
  if (crc32(bytes) !== checksum) throw new UnusableCheckpoint('Damaged', 'its index is bad');
  return decodeIndex(bytes);
}

/** Fewer bytes than asked for at the end of the file. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
