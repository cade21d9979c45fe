import fc from 'fast-check';

import { decodeFrames, encodeFrame, MAX_PAYLOAD_BYTES } from './frame.ts';

const payloadsOf = (bytes: Buffer): string[] => decodeFrames(bytes).frames.map((frame) => frame.payload);

/** Any text that JSON can hold, lone surrogates excepted: UTF-8 has no place for them, and JSON.stringify escapes them. */
const payload = fc.json();

describe('frames', () => {
  test('whatever is encoded is decoded, in order, with nothing left over', () => {
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 8 }), (payloads) => {
        const bytes = Buffer.concat(payloads.map(encodeFrame));
        const decoded = decodeFrames(bytes);
        expect(decoded.frames.map((frame) => frame.payload)).toEqual(payloads);
        expect(decoded.gaps).toEqual([]);
        expect(decoded.end).toBe(bytes.length);
      }),
    );
  });

  test('every truncation of the last frame loses that frame and no other, and is a tail, not a gap', () => {
    const kept = Buffer.concat([encodeFrame('{"a":1}'), encodeFrame('{"b":"é"}')]);
    const last = encodeFrame('{"c":[1,2,3]}');
    for (let length = 0; length < last.length; length += 1) {
      const decoded = decodeFrames(Buffer.concat([kept, last.subarray(0, length)]));
      expect(decoded.frames.map((frame) => frame.payload)).toEqual(['{"a":1}', '{"b":"é"}']);
      expect(decoded.end).toBe(kept.length);
      expect(decoded.gaps).toEqual([]);
    }
  });

  test('every single bit flipped in the last frame is noticed', () => {
    const kept = encodeFrame('{"a":1}');
    const last = encodeFrame('{"c":[1,2,3]}');
    for (let bit = 0; bit < last.length * 8; bit += 1) {
      const bytes = Buffer.concat([kept, last]);
      flip(bytes, kept.length * 8 + bit);
      const decoded = decodeFrames(bytes);
      expect(decoded.frames.map((frame) => frame.payload)).toEqual(['{"a":1}']);
      expect(decoded.end).toBe(kept.length);
    }
  });

  test('every single bit flipped in a middle frame is a gap, and the frames around it are read', () => {
    const [first, middle, last] = [encodeFrame('{"a":1}'), encodeFrame('{"b":2}'), encodeFrame('{"c":3}')];
    for (let bit = 0; bit < middle.length * 8; bit += 1) {
      const bytes = Buffer.concat([first, middle, last]);
      flip(bytes, first.length * 8 + bit);
      const decoded = decodeFrames(bytes);
      expect(decoded.frames.map((frame) => frame.payload)).toEqual(['{"a":1}', '{"c":3}']);
      expect(decoded.gaps).toEqual([{ start: first.length, end: first.length + middle.length }]);
    }
  });

  test('arbitrary bytes never throw and never yield a frame that was not written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), payload, (noise, text) => {
        expect(payloadsOf(Buffer.from(noise))).toEqual([]);
        const bytes = Buffer.concat([Buffer.from(noise), encodeFrame(text)]);
        expect(payloadsOf(bytes)).toEqual([text]);
      }),
    );
  });

  test('a payload of the largest size fits, one byte more is refused with both sizes', () => {
    expect(payloadsOf(encodeFrame('x'.repeat(MAX_PAYLOAD_BYTES)))).toHaveLength(1);
    expect(() => encodeFrame('x'.repeat(MAX_PAYLOAD_BYTES + 1))).toThrow('1048576 bytes, found 1048577');
  });
});

function flip(bytes: Buffer, bit: number): void {
  const byte = bit >> 3;
  bytes.writeUInt8(bytes.readUInt8(byte) ^ (1 << (bit & 7)), byte);
}
