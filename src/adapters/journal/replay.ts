import { open, readFile } from 'node:fs/promises';

import type { JournalPosition, JournalRecord } from '../../loop/execute/journal-record.ts';
import { decodeFrames, type DecodedFrames } from './frame.ts';
import { JournalError } from './journal-error.ts';
import { parseRecord } from './record-codec.ts';
import { listSegments, parseHeader, segmentPath, type SegmentHeader } from './segment.ts';

/** A segment that is no longer written. `end` is where its acknowledged bytes end. */
export interface SealedSegment {
  readonly segment: number;
  readonly end: number;
}

export interface PlacedRecord {
  readonly record: JournalRecord;
  readonly start: JournalPosition;
  readonly end: JournalPosition;
}

export interface ReplayResult {
  /** Ascending. */
  readonly segments: readonly SealedSegment[];
  /** Damage: each a sentence with the file and the bytes. */
  readonly problems: readonly string[];
  /** Length of the torn tail that was cut off the newest segment. */
  readonly truncatedBytes: number;
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
 * Reads all segments in order and hands every acknowledged record to `visit`. The torn tail of the newest
 * segment is cut off; a bad place anywhere else is reported and what follows it is still read, because an
 * intent after it may be open.
 * @throws JournalError Unreadable when a file cannot be read or is from a newer version.
 */
export async function replay(
  directory: string,
  visit: (placed: PlacedRecord) => void,
): Promise<ReplayResult> {
  const numbers = await listSegments(directory);
  const problems: string[] = [];
  const segments: SealedSegment[] = [];
  let truncatedBytes = 0;
  let loaded: LoadedSegment | undefined;
  for (const [index, number] of numbers.entries()) {
    const current = loaded ?? (await load(directory, number));
    const successor = numbers[index + 1];
    loaded = successor === undefined ? undefined : await load(directory, successor);
    const followed = loaded?.header?.previous ?? null;
    const gone = goneAfter(current, followed);
    if (gone !== undefined) problems.push(gone);

    const acknowledged = followed?.segment === number ? followed.offset : current.decoded.end;
    if (loaded === undefined && current.size > acknowledged) {
      await truncate(current.path, acknowledged);
      truncatedBytes = current.size - acknowledged;
    }
    problems.push(...visitSegment(current, acknowledged, visit));
    segments.push({ segment: number, end: acknowledged });
  }
  return { segments, problems, truncatedBytes };
}

async function load(directory: string, segment: number): Promise<LoadedSegment> {
  const path = segmentPath(directory, segment);
  const bytes = await readFile(path);
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

/**
 * What is gone between a segment and its successor, whose header says what it followed. A segment that
 * nobody continues was given up while it was created: nothing in it was ever acknowledged.
 */
function goneAfter(current: LoadedSegment, followed: JournalPosition | null): string | undefined {
  if (followed === null) return undefined;
  if (followed.segment > current.segment)
    return `segment ${followed.segment} is missing after ${current.path}`;
  const missing = followed.offset - current.decoded.end;
  return followed.segment === current.segment && missing > 0
    ? `${current.path}: the last ${missing} acknowledged bytes are missing or bad`
    : undefined;
}

function visitSegment(
  current: LoadedSegment,
  acknowledged: number,
  visit: (placed: PlacedRecord) => void,
): string[] {
  const { segment, path, decoded } = current;
  const problems = decoded.gaps
    .filter((gap) => gap.start < acknowledged)
    .map((gap) => `${path}: bytes ${gap.start} to ${gap.end} are bad`);
  for (const frame of decoded.frames) {
    if (frame.end > acknowledged) break;
    if (parseHeader(frame.payload) !== undefined) continue;
    const record = parseRecord(frame.payload);
    if (record === undefined) {
      problems.push(`${path}: the record at byte ${frame.start} is of no known kind`);
      continue;
    }
    visit({ record, start: { segment, offset: frame.start }, end: { segment, offset: frame.end } });
  }
  return problems;
}

async function truncate(path: string, length: number): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.truncate(length);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
