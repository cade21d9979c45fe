import { crc32 } from 'node:zlib';
import { ShapeTable } from './shape-table.ts';
import { decodeValue } from './value-decoder.ts';
import { ValueEncoder } from './value-encoder.ts';

// A checkpoint, little-endian:
//    0  8  magic "AUTOCKPT"
//    8  4  format version
//   12  4  length of the header in bytes
//   16  4  CRC-32 of the header
//   20  n  header, JSON
//          records, one for each policy: values as in value-kinds.ts
//          index, a value: [shapes, uids, times, offsets, lengths, checksums of the records]
//  -24  8  offset of the index
//  -16  4  length of the index in bytes
//  -12  4  CRC-32 of the index
//   -8  8  magic "TPKCOTUA": a file without it was cut short
const MAGIC = Buffer.from('AUTOCKPT');
const END_MAGIC = Buffer.from('TPKCOTUA');

/** Of the layout above and of value-kinds.ts. What is inside the values has a version of its own. */
export const FORMAT_VERSION = 2;

export const PREAMBLE_BYTES = 20;
export const FOOTER_BYTES = 24;

/** A header has less than a kilobyte; a length beyond this is damage, and not read. */
const MAX_HEADER_BYTES = 65_536;

/** By whom and for whom a checkpoint was written. */
export interface CheckpointHeader {
  /** Version and structure of the states; see `STATE_SCHEMA_VERSION` and `structureOf`. */
  readonly schema: number;
  readonly structure: string;
  /** Of the numbers in typed arrays: the machine's own. */
  readonly endianness: 'LE' | 'BE';
  /** For people: which program wrote it, when (ISO 8601). */
  readonly app: string;
  readonly node: string;
  readonly v8: string;
  readonly writtenAt: string;
}

/** Where a policy's record is. `at` is when it was taken, ms since the epoch. */
export interface RecordPlace {
  readonly at: number;
  readonly offset: number;
  readonly length: number;
  readonly checksum: number;
}

export type Preamble = { readonly headerBytes: number; readonly checksum: number } | 'Foreign' | 'Newer';

export function encodeHeader(header: CheckpointHeader): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const preamble = Buffer.alloc(PREAMBLE_BYTES);
  MAGIC.copy(preamble);
  preamble.writeUInt32LE(FORMAT_VERSION, 8);
  preamble.writeUInt32LE(json.length, 12);
  preamble.writeUInt32LE(crc32(json), 16);
  return Buffer.concat([preamble, json]);
}

export function parsePreamble(bytes: Buffer): Preamble {
  if (bytes.length < PREAMBLE_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) return 'Foreign';
  if (bytes.readUInt32LE(8) > FORMAT_VERSION) return 'Newer';
  return {
    headerBytes: Math.min(MAX_HEADER_BYTES, bytes.readUInt32LE(12)),
    checksum: bytes.readUInt32LE(16),
  };
}

/** Index and footer of records that end at `offset`. */
export function encodeIndex(
  records: ReadonlyMap<string, RecordPlace>,
  shapes: ShapeTable,
  offset: number,
): Buffer {
  const places = [...records.values()];
  const encoder = new ValueEncoder(new ShapeTable());
  encoder.append([
    shapes.toJSON(),
    [...records.keys()],
    Float64Array.from(places, ({ at }) => at),
    Float64Array.from(places, (place) => place.offset),
    Uint32Array.from(places, ({ length }) => length),
    Uint32Array.from(places, ({ checksum }) => checksum),
  ]);
  const footer = Buffer.alloc(FOOTER_BYTES);
  footer.writeBigUInt64LE(BigInt(offset), 0);
  footer.writeUInt32LE(encoder.length, 8);
  footer.writeUInt32LE(crc32(encoder.bytes), 12);
  END_MAGIC.copy(footer, 16);
  return Buffer.concat([encoder.bytes, footer]);
}

/** Where the index is; undefined when the file does not end as a complete one does. */
export function parseFooter(
  bytes: Buffer,
): { readonly offset: number; readonly length: number; readonly checksum: number } | undefined {
  if (bytes.length !== FOOTER_BYTES || !bytes.subarray(16).equals(END_MAGIC)) return undefined;
  return {
    offset: Number(bytes.readBigUInt64LE(0)),
    length: bytes.readUInt32LE(8),
    checksum: bytes.readUInt32LE(12),
  };
}

/** @throws RangeError when the bytes are no index */
export function decodeIndex(bytes: Uint8Array): {
  readonly shapes: ShapeTable;
  readonly records: Map<string, RecordPlace>;
} {
  const [shapes, uids, at, offsets, lengths, checksums] = decodeValue(bytes, new ShapeTable()) as [
    string[][],
    string[],
    Float64Array,
    Float64Array,
    Uint32Array,
    Uint32Array,
  ];
  const records = uids.map((uid, i): [string, RecordPlace] => [
    uid,
    {
      at: at[i] ?? NaN,
      offset: offsets[i] ?? NaN,
      length: lengths[i] ?? NaN,
      checksum: checksums[i] ?? NaN,
    },
  ]);
  return { shapes: ShapeTable.of(shapes), records: new Map(records) };
}
