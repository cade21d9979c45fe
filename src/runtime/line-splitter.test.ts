import fc from 'fast-check';
import { CorruptLineError, splitLines } from './line-splitter.ts';

async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield await Promise.resolve(bytes.subarray(at, at + size));
    at += size;
  }
}

async function linesOf(bytes: Uint8Array, sizes: readonly number[], max = 1000): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of splitLines(inPieces(bytes, sizes), max)) lines.push(line);
  return lines;
}

describe('splitLines', () => {
  it('gives the same lines however the bytes are cut, also in the middle of a character', async () => {
    const line = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((text) => !text.includes('\n') && text.isWellFormed());
    const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(line), sizes, async (lines, cuts) => {
        // A leading byte order mark is not part of the text to TextDecoder; watches never have one.
        fc.pre(lines.every((text) => !text.startsWith('\ufeff')));
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        expect(await linesOf(bytes, cuts)).toEqual(lines);
      }),
    );
  });

  it('drops what follows the last newline', async () => {
    expect(await linesOf(Buffer.from('{"a":1}\n{"b":'), [4])).toEqual(['{"a":1}']);
  });

  it('skips empty lines', async () => {
    expect(await linesOf(Buffer.from('\n\na\n\n'), [100])).toEqual(['a']);
  });

  it.each([
    ['a line over the cap', Buffer.from(`${'x'.repeat(11)}\n`), /longer than 10 bytes/],
    ['a line over the cap that never ends', Buffer.from('x'.repeat(100)), /longer than 10 bytes/],
    ['bytes that are not UTF-8', Buffer.from([0xc3, 0x28, 0x0a]), /not UTF-8/],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(linesOf(bytes, [3], 10)).rejects.toThrow(message);
    await expect(linesOf(bytes, [3], 10)).rejects.toThrow(CorruptLineError);
  });
});
