import type { StatusBody } from './objects.ts';

/** Longest message kept: a validation error repeats the offending value, which may be a whole object. */
const MAX_MESSAGE = 1024;

interface ApiErrorInit {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** `Status.reason` of the API, or one of ours: Network, Timeout, ResponseTooLarge, InvalidResponse. */
  readonly reason: string;
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
  /** Reasons of `Status.details.causes`. */
  readonly causes?: readonly string[];
  readonly cause?: unknown;
}

/**
 * A request to the API server that did not succeed. `message` reads `<method> <path>: <status> <reason>: <text>`;
 * it holds no headers and no query, so no token can reach a log through it.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
  readonly causes: readonly string[];

  constructor(init: ApiErrorInit) {
    super(redact(init.message).slice(0, MAX_MESSAGE), init.cause === undefined ? {} : { cause: init.cause });
    this.status = init.status;
    this.reason = init.reason;
    this.retryAfterMs = init.retryAfterMs;
    this.causes = init.causes ?? [];
  }
}

/** A webhook or proxy in between may quote the request it refused. */
function redact(text: string): string {
  return text.replace(/\bBearer\s+\S+/gi, 'Bearer [redacted]');
}

interface HttpFailure {
  /** What was asked, such as `GET /api/v1/pods`. */
  readonly request: string;
  readonly status: number;
  readonly retryAfter?: string | undefined;
  readonly body: string;
  /** Wall clock, ms: `Retry-After` may be a date. */
  readonly now: number;
}

export function errorFromResponse(failure: HttpFailure): ApiError {
  const body = statusBody(failure.body);
  return errorFromStatus(failure.request, { ...body, code: failure.status }, parseRetryAfter(failure));
}

/** The error that a `Status` object stands for, whether it came as an answer or inside a watch. */
export function errorFromStatus(request: string, status: StatusBody, retryAfterMs?: number): ApiError {
  const code = status.code ?? 0;
  const reason = status.reason ?? reasonOfCode(code);
  const seconds = status.details?.retryAfterSeconds;
  const fromBody = seconds !== undefined && seconds > 0 ? seconds * 1000 : undefined;
  return new ApiError({
    status: code,
    reason,
    message: `${request}: ${code} ${reason}: ${status.message ?? 'no message'}`,
    retryAfterMs: retryAfterMs ?? fromBody,
    causes: (status.details?.causes ?? []).flatMap((cause) =>
      cause.reason === undefined ? [] : [cause.reason],
    ),
  });
}

/** Not every answer comes from the API server: load balancers speak HTML. */
function statusBody(text: string): StatusBody {
  try {
    const value = JSON.parse(text) as { kind?: unknown } | null;
    if (value?.kind === 'Status') return value as StatusBody;
  } catch {
    // Not JSON: the text itself is the best message there is.
  }
  const message = text.trim().slice(0, 200);
  return message === '' ? {} : { message };
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Gone',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

function reasonOfCode(code: number): string {
  return REASONS[code] ?? 'Unknown';
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3); undefined when absent or unreadable. */
function parseRetryAfter({ retryAfter, now }: HttpFailure): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d{1,9}$/.test(retryAfter)) return Number.parseInt(retryAfter, 10) * 1000;
  const at = Date.parse(retryAfter);
  return Number.isFinite(at) ? Math.max(0, at - now) : undefined;
}

const hasStatus = (error: unknown, status: number): error is ApiError =>
  error instanceof ApiError && error.status === status;

/** The object changed since it was read: read again and decide again. */
export const isConflict = (error: unknown): error is ApiError =>
  hasStatus(error, 409) && error.reason !== 'AlreadyExists';

export const isAlreadyExists = (error: unknown): error is ApiError =>
  hasStatus(error, 409) && error.reason === 'AlreadyExists';

export const isNotFound = (error: unknown): error is ApiError => hasStatus(error, 404);

export const isUnauthorized = (error: unknown): error is ApiError => hasStatus(error, 401);

export const isForbidden = (error: unknown): error is ApiError => hasStatus(error, 403);

/** The object breaks a rule of its schema. */
export const isInvalid = (error: unknown): error is ApiError => hasStatus(error, 422);

export const isTooManyRequests = (error: unknown): error is ApiError => hasStatus(error, 429);

/** The resource version or continue token is older than the server remembers. */
export const isGone = (error: unknown): error is ApiError => hasStatus(error, 410);

/** The server is behind what we have seen: a restored etcd, or a replica that lags. */
export const isResourceVersionTooLarge = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.causes.includes('ResourceVersionTooLarge');

export const isResponseTooLarge = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.reason === 'ResponseTooLarge';

/** Worth trying again with no change of ours: no answer, or one that blames the server's present state. */
export const isTransient = (error: unknown): error is ApiError =>
  error instanceof ApiError &&
  (error.reason === 'Network' || error.reason === 'Timeout' || error.status === 429 || error.status >= 500);
