import type { Dispatcher } from 'undici';
import { ApiError } from './errors.ts';

type Body = Dispatcher.ResponseData['body'];

/** One request's abort: by its deadline or by the caller, and which of the two it was. */
export class Exchange {
  readonly label: string;
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#controller.abort(this.#caller?.reason);
  #timer: NodeJS.Timeout | undefined;

  constructor(label: string, caller: AbortSignal | undefined) {
    this.label = label;
    this.#caller = caller;
    caller?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  startDeadline(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#controller.abort(
        new ApiError({
          status: 0,
          reason: 'Timeout',
          message: `${this.label}: no complete answer within ${ms} ms`,
        }),
      );
    }, ms);
  }

  stopDeadline(): void {
    clearTimeout(this.#timer);
  }

  finish(): void {
    this.stopDeadline();
    this.#caller?.removeEventListener('abort', this.#onAbort);
  }

  explain(error: unknown): unknown {
    if (this.#caller?.aborted === true) return this.#caller.reason;
    if (this.#controller.signal.aborted) return this.#controller.signal.reason;
    if (error instanceof ApiError) return error;
    const { message, code } = error as NodeJS.ErrnoException;
    return new ApiError({
      status: 0,
      reason: 'Network',
      message: `${this.label}: ${code ?? 'failed'}: ${message}`,
      cause: error,
    });
  }
}

/** The body as it comes. Leaving the loop early closes the connection. */
export async function* readStream(body: Body, exchange: Exchange): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk as Uint8Array;
  } catch (error) {
    throw exchange.explain(error);
  } finally {
    exchange.finish();
  }
}

interface BoundedBody {
  readonly bytes: Buffer;
  /** The whole body was read; false when it is longer than the limit. */
  readonly complete: boolean;
  readonly limit: number;
}

/** Reads until the end or until `limit` bytes were passed; the rest is never held in memory. */
export async function readAtMost(limit: number, body: Body): Promise<BoundedBody> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const part = chunk as Buffer;
    parts.push(part);
    size += part.length;
    if (size > limit) return { bytes: Buffer.concat(parts, limit), complete: false, limit };
  }
  return { bytes: Buffer.concat(parts, size), complete: true, limit };
}

export function parseJson(label: string, body: BoundedBody): unknown {
  if (!body.complete) {
    const message = `${label}: the answer is longer than ${body.limit} bytes`;
    throw new ApiError({ status: 0, reason: 'ResponseTooLarge', message });
  }
  if (body.bytes.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body.bytes));
  } catch (cause) {
    throw new ApiError({
      status: 0,
      reason: 'InvalidResponse',
      message: `${label}: the answer is not JSON`,
      cause,
    });
  }
}
