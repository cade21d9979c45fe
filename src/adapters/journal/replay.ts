import { open } from 'node:fs/promises';

import type { JournalPosition, JournalRecord } from '../../loop/execute/journal-record.ts';
import { parseRecord } from './record-codec.ts';
import { walkSegments, type WalkedSegment } from './walk-segments.ts';

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
  const problems: string[] = [];
  const segments: SealedSegment[] = [];
  let truncatedBytes = 0;
  for await (const walked of walkSegments(directory)) {
    const { segment, path, size, acknowledged } = walked;
    if (walked.newest && size > acknowledged) {
      await truncate(path, acknowledged);
      truncatedBytes = size - acknowledged;
    }
    problems.push(...walked.damage.map(({ message }) => message), ...visitSegment(walked, visit));
    segments.push({ segment, end: acknowledged });
  }
  return { segments, problems, truncatedBytes };
}

function visitSegment(
  { segment, path, frames }: WalkedSegment,
  visit: (placed: PlacedRecord) => void,
): string[] {
  const problems: string[] = [];
  for (const frame of frames) {
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
