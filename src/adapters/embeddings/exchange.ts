import { errors, type Agent, type Dispatcher } from 'undici';
import { withinDeadline } from '../within-deadline.ts';
import { EmbeddingsError } from './error.ts';
import type { EmbeddingsOptions } from './options.ts';

/** Longest part of the server's own message that is shown. */
const MAX_DETAIL = 200;
/** A server that asks for more patience than this is as good as away. */
const MAX_RETRY_AFTER_MS = 60_000;

export interface ExchangeParts {
  readonly agent: Agent;
  readonly options: EmbeddingsOptions;
  readonly key: string | undefined;
}

/** Sends texts once and returns the body of the answer. Follows no redirect. @throws EmbeddingsError; the reason of `signal` */
export async function exchange(
  { agent, options, key }: ExchangeParts,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const url = new URL(options.url);
  const { model, dimensions, requestDimensions, deadlineSeconds } = options;
  const body = { model, input: texts, encoding_format: 'float', ...(requestDimensions && { dimensions }) };
  return withinDeadline(deadlineSeconds * 1000, signal, async (own) => {
    try {
      const response = await agent.request({
        origin: url.origin,
        path: `${url.pathname.replace(/\/+$/, '')}/embeddings`,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'user-agent': 'autonomic-operator',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify(body),
        signal: own,
      });
      return await receive(response, options.maxAnswerBytes, key);
    } catch (error) {
      if (error instanceof EmbeddingsError) throw error;
      signal.throwIfAborted();
      throw describe(error, own, deadlineSeconds);
    }
  });
}

async function receive(
  { statusCode: status, headers, body }: Dispatcher.ResponseData,
  maxBytes: number,
  key: string | undefined,
): Promise<string> {
  // Hanging up makes the stream emit an error that would end the process if nobody listened.
  body.on('error', () => undefined);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      body.destroy();
      throw new EmbeddingsError('TooLarge', `the answer exceeds ${maxBytes} bytes: make batchSize smaller`);
    }
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (status === 200) return text;
  throw refusal(status, detailOf(text, key), retryAfterMs(headers['retry-after']));
}

function refusal(status: number, detail: string, retryAfter: number | undefined): EmbeddingsError {
  const options = retryAfter === undefined ? {} : { retryAfterMs: retryAfter };
  const said = `the endpoint answers ${status}${detail === '' ? '' : `: ${detail}`}`;
  if (status === 429 || status === 503) return new EmbeddingsError('Busy', said, options);
  if (status >= 500 || status === 408) return new EmbeddingsError('ServerFailed', said, options);
  const remedies: Readonly<Record<number, string>> = {
    401: '; check the key in apiKeyVariable',
    403: '; check the key in apiKeyVariable',
    404: '; check url and model',
  };
  return new EmbeddingsError('Refused', `${said}${remedies[status] ?? ''}`);
}

/** The server's own words, without the key, should it repeat it. */
function detailOf(text: string, key: string | undefined): string {
  let message: unknown;
  try {
    const parsed = JSON.parse(text) as { readonly error?: { readonly message?: unknown } } | null;
    message = parsed?.error?.message;
  } catch {
    return '';
  }
  if (typeof message !== 'string') return '';
  const clean = key === undefined ? message : message.replaceAll(key, '<key>');
  return clean.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ').slice(0, MAX_DETAIL);
}

/** Seconds only: the other form, a date, needs clocks that agree. */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string' || !/^\d{1,6}$/.test(header)) return undefined;
  return Math.min(MAX_RETRY_AFTER_MS, 1000 * Number.parseInt(header, 10));
}

function describe(error: unknown, signal: AbortSignal, deadlineSeconds: number): EmbeddingsError {
  const late =
    signal.aborted ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError;
  if (late) return new EmbeddingsError('Timeout', `no complete answer within ${deadlineSeconds} s`);
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return new EmbeddingsError('Unreachable', `the request failed: ${code ?? String(error)}`, { cause: error });
}
