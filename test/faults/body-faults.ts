import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Fault } from './fault.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** Thrown by a faulty body where the connection is to be reset. */
export class CutError extends Error {
  override readonly name = 'CutError';
}

/** The answer's body with the faults that concern it, in the order of their rules. */
export function faultyBody(body: Bytes, faults: readonly Fault[]): Bytes {
  return faults.reduce((bytes, fault) => {
    if (fault.kind === 'lines') return rewriteLines(bytes, fault.rewrite);
    if (fault.kind === 'chop') return chop(bytes, fault.bytes);
    return fault.kind === 'cut' ? cut(bytes, fault.bytes) : bytes;
  }, body);
}

async function* cut(bytes: Bytes, limit: number): AsyncGenerator<Uint8Array> {
  let left = limit;
  for await (const chunk of bytes) {
    if (chunk.length >= left) {
      yield chunk.subarray(0, left);
      throw new CutError(`cut after ${limit} bytes`);
    }
    left -= chunk.length;
    yield chunk;
  }
}

async function* chop(bytes: Bytes, size: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += size) {
      yield chunk.subarray(at, at + size);
      await nextTurn();
    }
  }
}

async function* rewriteLines(
  bytes: Bytes,
  rewrite: (line: string, index: number) => readonly string[],
): AsyncGenerator<Uint8Array> {
  let pending = Buffer.alloc(0);
  let index = 0;
  for await (const chunk of bytes) {
    pending = Buffer.concat([pending, chunk]);
    for (let end = pending.indexOf('\n'); end !== -1; end = pending.indexOf('\n')) {
      for (const line of rewrite(pending.toString('utf8', 0, end), index)) yield Buffer.from(`${line}\n`);
      pending = pending.subarray(end + 1);
      index += 1;
    }
  }
  yield pending;
}
