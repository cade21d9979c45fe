/** A line of a watch that cannot be used: too long, not UTF-8, not JSON, or not an event. */
export class CorruptLineError extends Error {
  override readonly name = 'CorruptLineError';
}

const NEWLINE = 0x0a;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Splits bytes into lines. Lines are decoded whole, so a character that arrives in two chunks stays one. What
 * follows the last newline is dropped: it is half of an event that the server will send again.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<string, void, undefined> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      pending.push(chunk.subarray(start, end));
      checkLength(pendingBytes + end - start, maxLineBytes);
      const line = decode(pending);
      pending = [];
      pendingBytes = 0;
      start = end + 1;
      if (line !== '') yield line;
    }
    if (start < chunk.length) {
      pending.push(chunk.subarray(start));
      pendingBytes += chunk.length - start;
      checkLength(pendingBytes, maxLineBytes);
    }
  }
}

function checkLength(bytes: number, max: number): void {
  if (bytes > max) throw new CorruptLineError(`a line of the watch is longer than ${max} bytes`);
}

function decode(parts: readonly Uint8Array[]): string {
  const [only] = parts;
  try {
    return utf8.decode(parts.length === 1 ? only : Buffer.concat(parts));
  } catch {
    throw new CorruptLineError('a line of the watch is not UTF-8');
  }
}
