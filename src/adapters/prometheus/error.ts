import { fail, type Result } from './result.ts';

/** Why Prometheus gave no usable answer. */
export interface PrometheusError {
  readonly code:
    | 'Unreachable' // no connection, or it broke
    | 'Timeout' // no complete answer within the deadline, or Prometheus gave the query up
    | 'Aborted' // the caller gave up before the deadline
    | 'TooLarge' // the answer exceeds the byte cap
    | 'BadAnswer' // not what the HTTP API promises: HTML, truncated JSON, duplicated series, a redirect
    | 'QueryRejected' // Prometheus read the query and refused it, e.g. too many samples
    | 'UnusableResult' // a correct answer of a kind that is no number: native histogram, string
    | 'Unauthorized' // 401 or 403
    | 'ServerError' // 429 or 5xx
    | 'Credentials' // a token or certificate file cannot be used
    | 'BreakerOpen'; // not asked: Prometheus failed too often just before
  /** Says what happened, without the query, the address's credentials or any secret. */
  readonly message: string;
  /** HTTP status, where there was one. */
  readonly status?: number;
}

export type PrometheusErrorCode = PrometheusError['code'];

export function prometheusError(
  code: PrometheusErrorCode,
  message: string,
  status?: number,
): Result<never, PrometheusError> {
  return fail(status === undefined ? { code, message } : { code, message, status });
}
