import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import type { Trace } from '../../simulate/trace-demand.ts';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256 of everything that a configuration says, in hexadecimal. */
export function configHash(config: object): string {
  return createHash('sha256').update(canonicalJson(config)).digest('hex');
}

/** SHA-256 of a trace's samples as they are used: times and values in turn, as little-endian doubles. */
export function traceDigest({ times, values }: Trace): string {
  const pairs = new Float64Array(2 * times.length);
  for (const [index, time] of times.entries()) {
    pairs[2 * index] = time;
    pairs[2 * index + 1] = values[index] ?? Number.NaN;
  }
  const bytes = Buffer.from(pairs.buffer);
  return createHash('sha256')
    .update(endianness() === 'LE' ? bytes : bytes.swap64())
    .digest('hex');
}
