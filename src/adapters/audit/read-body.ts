import type { IncomingMessage } from 'node:http';
import { BodyError } from './body-error.ts';

/**
 * The body as text.
 * @throws RangeError as soon as it is longer than `maxBytes`; BodyError when it is compressed
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  // A small body may unpack to any length.
  if (encoding !== 'identity') throw new BodyError('content-encoding: wanted a body that is not compressed');
  const tooLong = new RangeError(`the body is longer than ${maxBytes} bytes`);
  if (Number.parseInt(request.headers['content-length'] ?? '0', 10) > maxBytes) throw tooLong;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooLong;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
