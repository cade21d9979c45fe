import type { Answer, Sample, Series, TimedAnswer } from './answer.ts';
import { Breaker, type BreakerState } from './breaker.ts';
import type { CurrentCredentials } from './credentials.ts';
import { prometheusError, type PrometheusError, type PrometheusErrorCode } from './error.ts';
import { Gate } from './gate.ts';
import type { PrometheusOptions } from './options.ts';
import { parseErrorBody, parseInstant, parseRange } from './parse.ts';
import { ok, type Result } from './result.ts';
import { Transport, type HttpAnswer } from './transport.ts';

/** What the client takes from the world besides the network. */
export interface ClientEnvironment {
  /** ms since the epoch. */
  readonly now: () => number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /**
   * When instant queries are evaluated, ms since the epoch, to go through the past once more; the server's own clock
   * then says nothing. The server's present time when left out.
   */
  readonly evaluateAt?: () => number;
  /** Told after each query, for metrics; `code` is `Success` or why it failed. */
  readonly onQuery?: (event: QueryEvent) => void;
}

export interface QueryEvent {
  readonly kind: 'instant' | 'range';
  readonly code: PrometheusErrorCode | 'Success';
  readonly durationMs: number;
}

export interface InstantQuery {
  readonly query: string;
  readonly signal?: AbortSignal;
}

export interface RangeQuery {
  readonly query: string;
  /** First and last evaluation, ms since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  /** How old a sample may be and still count at a step; Prometheus's default is five minutes. */
  readonly lookbackMs?: number;
  readonly signal?: AbortSignal;
}

type Outcome<T> = Promise<Result<TimedAnswer<T>, PrometheusError>>;

interface Request<T> {
  readonly form: URLSearchParams;
  readonly parse: Parser<T>;
  readonly signal: AbortSignal | undefined;
}

type Parser<T> = (body: string) => Result<Answer<T>, PrometheusError>;

/** The server's own failures; what a query brings upon itself must not stop the others. */
const SERVER_FAILURES: ReadonlySet<PrometheusErrorCode> = new Set([
  'Unreachable',
  'Timeout',
  'BadAnswer',
  'Unauthorized',
  'ServerError',
]);

/**
 * Client of the HTTP API of Prometheus and its kin (prometheus.io/docs/prometheus/latest/querying/api).
 * Does not retry: the next tick asks again. Fails by value, never by exception; logs nothing.
 */
export class PrometheusClient {
  readonly #options: PrometheusOptions;
  readonly #environment: ClientEnvironment;
  readonly #transport: Transport;
  readonly #gate: Gate;
  readonly #breaker: Breaker;
  #lastFailure = '';

  constructor(options: PrometheusOptions, environment: ClientEnvironment) {
    this.#options = options;
    this.#environment = environment;
    this.#transport = new Transport(options, environment.now);
    this.#gate = new Gate(options.maxConcurrentQueries);
    this.#breaker = new Breaker({
      failures: options.breaker.failures,
      pauseMs: options.breaker.pauseSeconds * 1000,
      maxPauseMs: options.breaker.maxPauseSeconds * 1000,
    });
  }

  /** Evaluates `query` at the server's present time (see `evaluateAt`): a vector, or a scalar as one sample without labels. */
  async instant(query: InstantQuery): Outcome<readonly Sample[]> {
    const form = new URLSearchParams({ query: query.query });
    const at = this.#environment.evaluateAt?.();
    if (at !== undefined) form.set('time', seconds(at));
    return this.#ask('instant', { form, parse: parseInstant, signal: query.signal });
  }

  /** Evaluates `query` at each step of a period. Prometheus refuses more than 11,000 steps. */
  async range(query: RangeQuery): Outcome<readonly Series[]> {
    const form = new URLSearchParams({
      query: query.query,
      start: seconds(query.startMs),
      end: seconds(query.endMs),
      step: seconds(query.stepMs),
    });
    if (query.lookbackMs !== undefined) form.set('lookback_delta', seconds(query.lookbackMs));
    return this.#ask('range', { form, parse: parseRange, signal: query.signal });
  }

  breakerState(): BreakerState {
    return this.#breaker.state(this.#environment.now());
  }

  /** What the server failed with last, while it is left alone for it; undefined while it is asked as usual. */
  problem(): string | undefined {
    return this.breakerState() === 'Closed' ? undefined : this.#lastFailure;
  }

  /** Breaks the connections; queries under way end as Unreachable. */
  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #ask<T>(kind: QueryEvent['kind'], request: Request<T>): Outcome<T> {
    return this.#gate.run(async () => {
      const started = this.#environment.now();
      const result = await this.#askNow(kind, request);
      const code = result.ok ? 'Success' : result.error.code;
      this.#environment.onQuery?.({ kind, code, durationMs: this.#environment.now() - started });
      return result;
    });
  }

  async #askNow<T>(kind: QueryEvent['kind'], request: Request<T>): Outcome<T> {
    if (request.signal?.aborted === true) {
      return prometheusError('Aborted', 'the round ended before this query was sent');
    }
    const credentials = await this.#transport.credentials();
    if (!credentials.ok) return credentials;
    const sentAt = this.#environment.now();
    if (!this.#breaker.admit(sentAt)) {
      const wait = Math.ceil(this.#breaker.waitMs(sentAt) / 1000);
      return prometheusError(
        'BreakerOpen',
        `Prometheus failed repeatedly; it is asked again within ${wait} s`,
      );
    }
    const answer = await this.#exchange(kind, request, credentials.value);
    const receivedAt = this.#environment.now();
    this.#tellBreaker(answer.ok ? undefined : answer.error, receivedAt);
    return answer.ok ? ok({ ...answer.value, sentAt, receivedAt }) : answer;
  }

  #tellBreaker(error: PrometheusError | undefined, now: number): void {
    if (error?.code === 'Aborted') this.#breaker.abandoned();
    else if (error !== undefined && SERVER_FAILURES.has(error.code)) {
      this.#lastFailure = error.message;
      this.#breaker.failed(now, this.#environment.random());
    } else this.#breaker.succeeded();
  }

  async #exchange<T>(
    kind: QueryEvent['kind'],
    { form, parse, signal }: Request<T>,
    credentials: CurrentCredentials,
  ): Promise<Result<Answer<T> & { serverDate?: number }, PrometheusError>> {
    const deadlineMs = this.#options.deadlineSeconds * 1000;
    form.set('timeout', seconds(deadlineMs));
    const path = kind === 'instant' ? '/api/v1/query' : '/api/v1/query_range';
    const message = { path, form, deadlineMs, ...(signal === undefined ? {} : { signal }) };
    const http = await this.#transport.post(message, credentials);
    if (!http.ok) return http;
    const answer = readHttp(http.value, parse);
    const serverDate = this.#environment.evaluateAt === undefined ? http.value.serverDate : undefined;
    return answer.ok && serverDate !== undefined ? ok({ ...answer.value, serverDate }) : answer;
  }
}

function readHttp<T>(http: HttpAnswer, parse: Parser<T>): Result<Answer<T>, PrometheusError> {
  if (http.status === 200) return parse(http.body);
  if (http.status === 401 || http.status === 403) {
    return prometheusError('Unauthorized', 'Prometheus does not accept the credentials', http.status);
  }
  const error = parseErrorBody(http.body, http.status);
  if (error !== undefined) return { ok: false, error };
  if (http.status === 429 || http.status >= 500) {
    return prometheusError('ServerError', `Prometheus answered with status ${http.status}`, http.status);
  }
  return prometheusError('BadAnswer', `status ${http.status} is not an answer of Prometheus`, http.status);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
