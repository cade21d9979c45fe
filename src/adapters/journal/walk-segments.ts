import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { JournalPosition } from '../../loop/execute/journal-record.ts';
import { decodeFrames, type DecodedFrames } from './frame.ts';
import { JournalError } from './journal-error.ts';
import { listSegments, parseHeader, segmentPath, type SegmentHeader } from './segment.ts';

/** A record that was acknowledged and is bad or gone. */
export interface JournalDamage {
  readonly file: string;
  /** Bytes of the file, the end exclusive; absent where the whole file is missing. */
  readonly start?: number;
  readonly end?: number;
  /** A sentence with the file and the bytes. */
  readonly message: string;
}

/** A segment as it is on the disk, with what its successor's header says of it. */
export interface WalkedSegment {
  readonly segment: number;
  readonly path: string;
  readonly size: number;
  /** Where its acknowledged bytes end: by its successor, else after the last good frame. */
  readonly acknowledged: number;
  /** No later segment was there when the folder was listed: it may be written right now. */
  readonly newest: boolean;
  /** The acknowledged good frames, without the header. */
  readonly frames: DecodedFrames['frames'];
  readonly damage: readonly JournalDamage[];
}

interface LoadedSegment {
  readonly segment: number;
  readonly path: string;
  readonly size: number;
  readonly decoded: DecodedFrames;
  /** Undefined when its creation was cut short, or when its first bytes are bad. */
  readonly header: SegmentHeader | undefined;
}

/**
 * Reads all segments in order, and writes nothing: at most two are in memory at a time. Another process may append and
 * delete the oldest ones meanwhile; what it deleted is left out.
 * @throws JournalError Unreadable when a newer version wrote a segment; the file system's errors.
 */
export async function* walkSegments(directory: string): AsyncGenerator<WalkedSegment, void, undefined> {
  let current: LoadedSegment | undefined;
  for (const number of await listSegments(directory)) {
    const next: LoadedSegment | undefined = await load(directory, number);
    // The oldest go first: with a reclaimed one all before it are gone too, and nobody can say how they ended.
    const reclaimed = next === undefined && (await isReclaimed(directory, number));
    if (next === undefined && !reclaimed) continue;
    if (current !== undefined) yield { ...walked(current, next), newest: false };
    current = next;
  }
  if (current !== undefined) yield { ...walked(current, undefined), newest: true };
}

/** Undefined when it is not there any more. */
async function load(directory: string, segment: number): Promise<LoadedSegment | undefined> {
  const path = segmentPath(directory, segment);
  const bytes = await readFile(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const decoded = decodeFrames(bytes);
  const first = decoded.frames[0];
  const header = first?.start === 0 ? parseHeader(first.payload) : undefined;
  if (header === 'TooNew') {
    throw new JournalError(
      'Unreadable',
      `${path} was written by a newer version of the operator; run that version`,
    );
  }
  return { segment, path, size: bytes.length, decoded, header };
}

async function isReclaimed(directory: string, segment: number): Promise<boolean> {
  const [oldest = Infinity] = await listSegments(directory);
  return oldest > segment;
}

function walked(current: LoadedSegment, next: LoadedSegment | undefined): Omit<WalkedSegment, 'newest'> {
  const { segment, path, size, decoded } = current;
  const followed = next?.header?.previous ?? null;
  const acknowledged = followed?.segment === segment ? followed.offset : decoded.end;
  const gaps = decoded.gaps
    .filter((gap) => gap.start < acknowledged)
    .map((gap) => ({ file: path, ...gap, message: `${path}: bytes ${gap.start} to ${gap.end} are bad` }));
  const gone = goneAfter(current, followed);
  return {
    segment,
    path,
    size,
    acknowledged,
    frames: decoded.frames.filter(
      ({ end, payload }) => end <= acknowledged && parseHeader(payload) === undefined,
    ),
    damage: gone === undefined ? gaps : [gone, ...gaps],
  };
}

/**
 * What is gone between a segment and its successor, whose header says what it followed. A segment that
 * nobody continues was given up while it was created: nothing in it was ever acknowledged.
 */
function goneAfter(
  { segment, path, decoded }: LoadedSegment,
  followed: JournalPosition | null,
): JournalDamage | undefined {
  if (followed === null) return undefined;
  if (followed.segment > segment) {
    const message = `segment ${followed.segment} is missing after ${path}`;
    return { file: segmentPath(dirname(path), followed.segment), message };
  }
  const missing = followed.offset - decoded.end;
  if (followed.segment !== segment || missing <= 0) return undefined;
  return {
    file: path,
    start: decoded.end,
    end: followed.offset,
    message: `${path}: the last ${missing} acknowledged bytes are missing or bad`,
  };
}
