import { open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { JournalPosition } from '../../loop/execute/journal-record.ts';
import { encodeFrame } from './frame.ts';
import { parseObject } from './record-codec.ts';

/** What a segment needs of a file. Node's FileHandle is one; tests put a failing disk in its place. */
export interface SegmentFile {
  write(bytes: Buffer, offset: number, length: number, position: number): Promise<{ bytesWritten: number }>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/** Creates the file, and fails when it exists. */
export type CreateFile = (path: string) => Promise<SegmentFile>;

export const createFile: CreateFile = (path) => open(path, 'wx', 0o600);

const SUFFIX = '.journal';
/** 2: situations, anomalies, documents, and whom to forget. All of 1 is read. */
const VERSION = 2;

/**
 * First frame of every segment. `previous` says how far the segment before it was acknowledged: bytes
 * beyond that place were refused to their writer, and a segment that is shorter, or missing, is damage.
 */
export interface SegmentHeader {
  readonly segment: number;
  readonly previous: JournalPosition | null;
}

export function segmentPath(directory: string, segment: number): string {
  return join(directory, `${segment.toString().padStart(12, '0')}${SUFFIX}`);
}

/** Numbers of the segments in a directory, ascending. Other files are none of ours. */
export async function listSegments(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names
    .filter((name) => /^\d{12}\.journal$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
}

/** `TooNew` when a later version of the program wrote it; undefined when it is no header. */
export function parseHeader(payload: string): SegmentHeader | 'TooNew' | undefined {
  const value = parseObject(payload);
  const version = value?.['journal'];
  if (value === undefined || typeof version !== 'number') return undefined;
  return version > VERSION ? 'TooNew' : (value as unknown as SegmentHeader);
}

/** Makes the entries of a directory durable: without it a new file can vanish in a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The one segment that is being written. Not for concurrent use. */
export class SegmentWriter {
  readonly segment: number;
  readonly #file: SegmentFile;
  #end = 0;

  private constructor(segment: number, file: SegmentFile) {
    this.segment = segment;
    this.#file = file;
  }

  /** Resolves when the segment, its header and its name are durable. */
  static async create(directory: string, header: SegmentHeader, create: CreateFile): Promise<SegmentWriter> {
    const path = segmentPath(directory, header.segment);
    const file = await create(path);
    const writer = new SegmentWriter(header.segment, file);
    try {
      await writer.append(encodeFrame(JSON.stringify({ journal: VERSION, ...header })));
      await syncDirectory(directory);
    } catch (error) {
      await writer.close();
      // On a full disk each attempt would leave a file behind.
      await unlink(path).catch(() => undefined);
      throw error;
    }
    return writer;
  }

  /** Where the acknowledged bytes end. */
  get end(): number {
    return this.#end;
  }

  /**
   * Resolves after fdatasync. When it rejects, the file is not to be used again: after a failed sync Linux
   * marks the lost pages clean, so that a second sync would succeed without having written them
   * (https://lwn.net/Articles/752063/, "fsyncgate").
   */
  async append(bytes: Buffer): Promise<void> {
    let written = 0;
    while (written < bytes.length) {
      const { bytesWritten } = await this.#file.write(
        bytes,
        written,
        bytes.length - written,
        this.#end + written,
      );
      if (bytesWritten === 0) throw new Error('the disk accepted no bytes');
      written += bytesWritten;
    }
    await this.#file.datasync();
    this.#end += bytes.length;
  }

  /** Gives the file back; nothing depends on its success, for all acknowledged bytes are durable. */
  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }
}
