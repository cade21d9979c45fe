import { setTimeout as sleep } from 'node:timers/promises';
import { request as send, type Dispatcher } from 'undici';
import { Credentials } from './credentials.ts';
import { errorFromResponse, isUnauthorized } from './errors.ts';
import { Exchange, parseJson, readAtMost, readStream } from './exchange.ts';
import type { ClusterAccess } from './kubeconfig.ts';
import { TokenBucket } from './token-bucket.ts';

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute path without query, such as `/apis/apps/v1/deployments`. */
  readonly path: string;
  readonly query?: Query;
  /** A string is sent byte for byte; anything else as JSON. */
  readonly body?: unknown;
  /** Of the body; `application/json` when left out. A PATCH must name its kind. */
  readonly contentType?: string;
  /** Of the answer; `application/json` when left out. */
  readonly accept?: string;
  /** From sending to the last byte of the answer, in ms. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export interface KubeStreamRequest {
  readonly path: string;
  readonly query?: Query;
  readonly accept?: string;
  readonly signal: AbortSignal;
  /** Until the answer begins, in ms. What follows may take as long as it likes. */
  readonly deadlineMs?: number;
}

export interface KubeClientOptions {
  /** Of this program; part of the user agent that audit logs and managed fields show. */
  readonly version: string;
  /** Requests per second, and how many at once after a pause. VPA's recommender has the same defaults. */
  readonly qps?: number;
  readonly burst?: number;
  /** Longest answer that is read, in bytes. */
  readonly maxResponseBytes?: number;
  /** Called once per attempt, for `rest_client_requests_total{code,method,host}`. `code` is `<error>` without an answer. */
  readonly onRequest?: (request: { method: string; host: string; code: string }) => void;
}

const DEFAULT_DEADLINE_MS = 10_000;
/** A page of 500 pods is about 5 MB; parsing more than this would hold the event loop for a second. */
const DEFAULT_MAX_RESPONSE_BYTES = 32 * 1024 * 1024;
/** Read of an error's body: enough for any `Status`. */
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * The Kubernetes API as plain JSON over HTTP. Every request has a deadline and a byte cap; every failure is an
 * ApiError, except the caller's own abort, which is rethrown as it is.
 */
export class KubeClient {
  readonly #credentials: Credentials;
  readonly #options: KubeClientOptions;
  readonly #bucket: TokenBucket;

  constructor(access: ClusterAccess, options: KubeClientOptions) {
    this.#credentials = new Credentials(access);
    this.#options = options;
    this.#bucket = new TokenBucket(options.qps ?? 50, options.burst ?? 100, performance.now());
  }

  /** Throws ClusterAccessError when the access cannot work; the server itself is not contacted. */
  static async connect(access: ClusterAccess, options: KubeClientOptions): Promise<KubeClient> {
    const client = new KubeClient(access, options);
    await client.#credentials.endpoint();
    return client;
  }

  /** Sends one request. T is what the caller knows of the answer; nothing here checks it. */
  async request<T>(request: KubeRequest): Promise<T> {
    return this.#withFreshCredentials(() => this.#request<T>(request));
  }

  /** The bytes of a long answer as they come. Ends when the server ends it; throws ApiError when it breaks. */
  async stream(request: KubeStreamRequest): Promise<AsyncIterable<Uint8Array>> {
    return this.#withFreshCredentials(() => this.#stream(request));
  }

  async close(): Promise<void> {
    await this.#credentials.close();
  }

  async #withFreshCredentials<R>(attempt: () => Promise<R>): Promise<R> {
    try {
      return await attempt();
    } catch (error) {
      if (!isUnauthorized(error)) throw error;
      this.#credentials.reload();
      return attempt();
    }
  }

  async #request<T>(request: KubeRequest): Promise<T> {
    const label = `${request.method} ${request.path}`;
    const exchange = new Exchange(label, request.signal);
    try {
      await this.#throttle(request.signal);
      exchange.startDeadline(request.deadlineMs ?? DEFAULT_DEADLINE_MS);
      const answer = await this.#send(request, exchange);
      const limit = this.#options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
      return parseJson(label, await readAtMost(limit, answer.body)) as T;
    } catch (error) {
      throw exchange.explain(error);
    } finally {
      exchange.finish();
    }
  }

  async #stream(request: KubeStreamRequest): Promise<AsyncIterable<Uint8Array>> {
    const exchange = new Exchange(`WATCH ${request.path}`, request.signal);
    try {
      await this.#throttle(request.signal);
      exchange.startDeadline(request.deadlineMs ?? DEFAULT_DEADLINE_MS);
      const answer = await this.#send({ ...request, method: 'GET' }, exchange);
      exchange.stopDeadline();
      return readStream(answer.body, exchange);
    } catch (error) {
      exchange.finish();
      throw exchange.explain(error);
    }
  }

  async #throttle(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const wait = this.#bucket.reserve(performance.now());
    if (wait > 0) await sleep(wait, undefined, signal === undefined ? {} : { signal });
  }

  async #send(request: KubeRequest, exchange: Exchange): Promise<Dispatcher.ResponseData> {
    const endpoint = await this.#credentials.endpoint();
    const url = new URL(endpoint.server + request.path);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const counted = (code: string): void =>
      this.#options.onRequest?.({ method: request.method, host: url.host, code });
    let answer: Dispatcher.ResponseData;
    try {
      answer = await send(url, {
        method: request.method,
        dispatcher: endpoint.dispatcher,
        headers: { ...endpoint.headers, ...this.#headers(request) },
        body: bodyOf(request),
        signal: exchange.signal,
      });
    } catch (error) {
      counted('<error>');
      throw error;
    }
    counted(String(answer.statusCode));
    if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
    const retryAfter = answer.headers['retry-after'];
    throw errorFromResponse({
      request: exchange.label,
      status: answer.statusCode,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
      body: (await readAtMost(MAX_ERROR_BYTES, answer.body)).bytes.toString('utf8'),
      now: Date.now(),
    });
  }

  #headers(request: KubeRequest): Record<string, string> {
    return {
      'user-agent': `autonomic-operator/${this.#options.version}`,
      accept: request.accept ?? 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
    };
  }
}

function bodyOf(request: KubeRequest): string | null {
  if (request.body === undefined) return null;
  return typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
}
