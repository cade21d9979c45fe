import { Agent, errors, type Dispatcher } from 'undici';
import { Credentials, type CurrentCredentials, type TlsMaterial } from './credentials.ts';
import { reasonOf } from './error-reason.ts';
import { prometheusError, type PrometheusError } from './error.ts';
import type { PrometheusOptions } from './options.ts';
import { ok, type Result } from './result.ts';
import { withinDeadline } from '../within-deadline.ts';

/** An HTTP answer that was received completely. */
export interface HttpAnswer {
  readonly status: number;
  /** ms since the epoch by the server's `Date` header. */
  readonly serverDate?: number;
  readonly body: string;
}

export interface HttpQuery {
  /** Path below the base address, e.g. `/api/v1/query`. */
  readonly path: string;
  readonly form: URLSearchParams;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Posts forms to Prometheus. Never follows a redirect: the answer comes from the configured address, and the
 * credentials go nowhere else. Reads at most `maxAnswerBytes`, then hangs up.
 */
export class Transport {
  readonly #options: PrometheusOptions;
  readonly #credentials: Credentials;
  readonly #origin: string;
  readonly #basePath: string;
  #agent: { readonly dispatcher: Agent; readonly tls: TlsMaterial } | undefined;

  constructor(options: PrometheusOptions, now: () => number) {
    const url = new URL(options.url);
    this.#options = options;
    this.#credentials = new Credentials(options, now);
    this.#origin = url.origin;
    this.#basePath = url.pathname.replace(/\/+$/, '');
  }

  async credentials(): Promise<Result<CurrentCredentials, PrometheusError>> {
    return this.#credentials.current();
  }

  async post(
    query: HttpQuery,
    credentials: CurrentCredentials,
  ): Promise<Result<HttpAnswer, PrometheusError>> {
    return withinDeadline(query.deadlineMs, query.signal, async (signal) => {
      try {
        const response = await this.#dispatcher(credentials.tls).request({
          origin: this.#origin,
          path: this.#basePath + query.path,
          method: 'POST',
          headers: this.#headers(credentials),
          body: query.form.toString(),
          signal,
        });
        return await this.#receive(response);
      } catch (error) {
        if (query.signal?.aborted === true && signal.reason === query.signal.reason) {
          return prometheusError('Aborted', 'the round ended before the answer was complete');
        }
        return describeFailure(error, signal, query.deadlineMs);
      }
    });
  }

  async close(): Promise<void> {
    await this.#agent?.dispatcher.destroy();
    this.#agent = undefined;
  }

  #headers(credentials: CurrentCredentials): Record<string, string> {
    const headers: Record<string, string> = {
      ...this.#options.headers,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'user-agent': 'autonomic-operator',
    };
    if (credentials.authorization !== undefined) headers['authorization'] = credentials.authorization;
    return headers;
  }

  /** Renewed certificates need new connections; those under way end in their own time. */
  #dispatcher(tls: TlsMaterial): Agent {
    const known = this.#agent;
    if (known !== undefined && sameTls(known.tls, tls)) return known.dispatcher;
    void known?.dispatcher.close();
    const dispatcher = new Agent({
      connections: this.#options.maxConcurrentQueries,
      allowH2: false,
      connect: { ...tls },
    });
    this.#agent = { dispatcher, tls };
    return dispatcher;
  }

  async #receive(response: Dispatcher.ResponseData): Promise<Result<HttpAnswer, PrometheusError>> {
    const { statusCode: status, headers, body } = response;
    // Hanging up makes the stream emit an error that would end the process if nobody listened.
    body.on('error', () => undefined);
    if (status >= 300 && status < 400) {
      body.destroy();
      return prometheusError('BadAnswer', 'redirects are not followed: configure the final address', status);
    }
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      body.destroy();
      return prometheusError('BadAnswer', 'the answer is compressed though that was not asked for', status);
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > this.#options.maxAnswerBytes) {
        body.destroy();
        const cap = this.#options.maxAnswerBytes;
        return prometheusError('TooLarge', `the answer exceeds ${cap} bytes: aggregate in the query`, status);
      }
      chunks.push(chunk);
    }
    const text = decode(chunks);
    if (text === undefined) return prometheusError('BadAnswer', 'the answer is not UTF-8', status);
    const serverDate = typeof headers['date'] === 'string' ? Date.parse(headers['date']) : Number.NaN;
    return ok(Number.isNaN(serverDate) ? { status, body: text } : { status, body: text, serverDate });
  }
}

function sameTls(a: TlsMaterial, b: TlsMaterial): boolean {
  return a.ca === b.ca && a.cert === b.cert && a.key === b.key && a.servername === b.servername;
}

function decode(chunks: readonly Buffer[]): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return undefined;
  }
}

function describeFailure(
  error: unknown,
  signal: AbortSignal,
  deadlineMs: number,
): Result<never, PrometheusError> {
  const timedOut =
    signal.aborted ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError;
  if (timedOut) return prometheusError('Timeout', `no complete answer within ${deadlineMs} ms`);
  return prometheusError('Unreachable', `the request failed: ${reasonOf(error)}`);
}
