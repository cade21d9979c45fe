import { crc32 } from 'node:zlib';

// A frame, little-endian:
//   0  4  magic FF 41 4A 31. FF never occurs in UTF-8, so no payload can imitate the start of a frame,
//         and a reader that lost its place finds the next one for certain.
//   4  4  payload length in bytes
//   8  4  CRC-32 (IEEE) over the length field and the payload
//  12  n  payload, UTF-8
const MAGIC = Buffer.from([0xff, 0x41, 0x4a, 0x31]);
const HEADER_BYTES = 12;

/** A complete decision trace is 2-20 kB; one that reaches a mebibyte is a defect, not a decision. */
export const MAX_PAYLOAD_BYTES = 1 << 20;

/** One good frame: bytes `start` (inclusive) to `end` (exclusive) of the decoded buffer. */
interface Frame {
  readonly start: number;
  readonly end: number;
  readonly payload: string;
}

export interface DecodedFrames {
  readonly frames: readonly Frame[];
  /** Bad bytes that have a good frame after them: damage, since writes only ever go to the end. */
  readonly gaps: readonly { readonly start: number; readonly end: number }[];
  /** End of the last good frame. What follows is a torn tail, or nothing. */
  readonly end: number;
}

/** @throws RangeError when `payload` is longer than `MAX_PAYLOAD_BYTES` in UTF-8. */
export function encodeFrame(payload: string): Buffer {
  const length = Buffer.byteLength(payload);
  if (length > MAX_PAYLOAD_BYTES) {
    throw new RangeError(`a journal record may have ${MAX_PAYLOAD_BYTES} bytes, found ${length}`);
  }
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
  MAGIC.copy(frame, 0);
  frame.writeUInt32LE(length, 4);
  frame.write(payload, HEADER_BYTES, 'utf8');
  frame.writeUInt32LE(checksum(frame, HEADER_BYTES + length), 8);
  return frame;
}

/** Reads every good frame of `bytes`, whatever lies between them. Never throws. */
export function decodeFrames(bytes: Buffer): DecodedFrames {
  const frames: Frame[] = [];
  const gaps: { start: number; end: number }[] = [];
  let end = 0;
  for (let start = bytes.indexOf(MAGIC); start !== -1; start = bytes.indexOf(MAGIC, start)) {
    const frame = frameAt(bytes, start);
    if (frame === undefined) {
      start += 1;
      continue;
    }
    if (frame.start > end) gaps.push({ start: end, end: frame.start });
    frames.push(frame);
    end = frame.end;
    start = frame.end;
  }
  return { frames, gaps, end };
}

function frameAt(bytes: Buffer, start: number): Frame | undefined {
  if (start + HEADER_BYTES > bytes.length) return undefined;
  const length = bytes.readUInt32LE(start + 4);
  const end = start + HEADER_BYTES + length;
  if (length > MAX_PAYLOAD_BYTES || end > bytes.length) return undefined;
  const frame = bytes.subarray(start, end);
  if (checksum(frame, frame.length) !== frame.readUInt32LE(8)) return undefined;
  return { start, end, payload: frame.toString('utf8', HEADER_BYTES) };
}

function checksum(frame: Buffer, end: number): number {
  return crc32(frame.subarray(HEADER_BYTES, end), crc32(frame.subarray(4, 8)));
}
