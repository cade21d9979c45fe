import { comparePositions, type JournalPosition } from '../../loop/execute/journal-record.ts';
import type { SealedSegment } from './replay.ts';

export interface RetentionInput {
  /** Segments that are no longer written, ascending. */
  readonly sealed: readonly SealedSegment[];
  /** Bytes of all segments together with the one being written. */
  readonly totalBytes: number;
  /** Segments in which an intent lies that has not ended. */
  readonly withOpenIntents: ReadonlySet<number>;
  readonly exportedThrough: JournalPosition;
  readonly retainBytes: number;
  readonly maxBytes: number;
}

/**
 * Which segments go, oldest first, and never one that a kept one comes before: a hole in the middle could
 * not be told from damage. An open intent keeps its segment whatever the size.
 */
export function segmentsToDelete(input: RetentionInput): number[] {
  const chosen: number[] = [];
  let bytes = input.totalBytes;
  for (const { segment, end } of input.sealed) {
    const exported = comparePositions({ segment, offset: end }, input.exportedThrough) <= 0;
    const limit = exported ? input.retainBytes : input.maxBytes;
    if (bytes <= limit || input.withOpenIntents.has(segment)) break;
    chosen.push(segment);
    bytes -= end;
  }
  return chosen;
}
