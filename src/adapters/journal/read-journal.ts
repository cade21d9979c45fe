import { parseObject, parseRecord, isKnownKind } from './record-codec.ts';
import { walkSegments, type JournalDamage, type WalkedSegment } from './walk-segments.ts';

/** One record as it stands in the journal, of a kind that this version knows or of another. */
export interface JournalEntry {
  readonly segment: number;
  /** First byte of its frame in the segment's file. */
  readonly offset: number;
  readonly kind: string;
  readonly record: Readonly<Record<string, unknown>>;
}

/** Bytes at the end of a segment that are no record: harmless, for nobody was told that they are durable. */
export interface JournalTail {
  readonly file: string;
  /** Bytes of the file, the end exclusive. */
  readonly start: number;
  readonly end: number;
  /** A sentence with the file and the bytes. */
  readonly message: string;
}

export interface JournalReport {
  readonly segments: number;
  readonly bytes: number;
  readonly records: number;
  readonly damage: readonly JournalDamage[];
  readonly tails: readonly JournalTail[];
  /** Kinds of records that this version does not know, with their number. */
  readonly unknownKinds: ReadonlyMap<string, number>;
}

/**
 * Hands every record of a journal to `visit`, in order, and says what is damaged. Takes no lock and writes nothing: an
 * operator may be writing it. The last records may not be acknowledged yet.
 * @throws JournalError Unreadable when a newer version wrote it; the file system's errors.
 */
export async function readJournal(
  directory: string,
  visit: (entry: JournalEntry) => void,
): Promise<JournalReport> {
  const damage: JournalDamage[] = [];
  const tails: JournalTail[] = [];
  const unknownKinds = new Map<string, number>();
  let [segments, bytes, records] = [0, 0, 0];
  for await (const walked of walkSegments(directory)) {
    segments += 1;
    bytes += walked.size;
    damage.push(...walked.damage);
    const tail = tailOf(walked);
    if (tail !== undefined) tails.push(tail);
    for (const { start, end, payload } of walked.frames) {
      const entry = entryOf(payload, walked.segment, start);
      if (typeof entry === 'string') {
        const message = `${walked.path}: bytes ${start} to ${end} ${entry}`;
        damage.push({ file: walked.path, start, end, message });
        continue;
      }
      if (!isKnownKind(entry.kind)) unknownKinds.set(entry.kind, 1 + (unknownKinds.get(entry.kind) ?? 0));
      records += 1;
      visit(entry);
    }
  }
  return { segments, bytes, records, damage, tails, unknownKinds };
}

/** What is wrong with it, to go on after its place, when it is no record. */
function entryOf(payload: string, segment: number, offset: number): JournalEntry | string {
  const record = parseObject(payload);
  const kind = record?.['kind'];
  if (record === undefined || typeof kind !== 'string') return 'hold a right checksum and no record';
  if (isKnownKind(kind) && parseRecord(payload) === undefined)
    return `lack a field that a record ${kind} has`;
  return { segment, offset, kind, record };
}

function tailOf({ path, size, acknowledged, newest }: WalkedSegment): JournalTail | undefined {
  if (size <= acknowledged) return undefined;
  const why = newest
    ? 'are no whole record: one is being written, or a crash cut it short'
    : 'were never acknowledged: a write failed, and its writer was told';
  const message = `${path}: bytes ${acknowledged} to ${size} ${why}`;
  return { file: path, start: acknowledged, end: size, message };
}
