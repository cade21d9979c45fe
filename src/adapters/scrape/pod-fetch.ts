import { get, type IncomingMessage } from 'node:http';
import { codeOf, reasonOf } from '../prometheus/error-reason.ts';
import { fail, ok, type Result } from '../prometheus/result.ts';
import { ExpositionError, ExpositionSum } from './exposition-sum.ts';
import type { PodEndpoint } from './pod-endpoint.ts';
import type { SeriesSelector } from './series-selector.ts';

/** Why a pod's counters could not be read. */
export interface ScrapeProblem {
  readonly kind: 'Unreachable' | 'Timeout' | 'Refused' | 'TooLarge' | 'BadAnswer' | 'NoSeries';
  /** The same for all pods that have it, so that they can be counted. */
  readonly message: string;
}

export interface FetchOptions {
  readonly path: string;
  readonly selectors: readonly SeriesSelector[];
  readonly signal: AbortSignal;
}

/** The sums in the order of the selectors; undefined where no series was selected. */
export type CounterSums = readonly (number | undefined)[];

/** Twenty thousand series of 400 bytes: more than a pod should expose. */
const MAX_BODY_BYTES = 8 * 2 ** 20;

/** Both formats that all client libraries write; the first has names as they are everywhere else. */
const ACCEPT = 'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1';

/**
 * Reads the counters that one pod exposes. One connection for each read, so that none outlives its pod; no redirects, no
 * proxy, no credentials: nothing is asked but the pod itself.
 */
export function fetchCounters(
  { ip, port }: PodEndpoint,
  options: FetchOptions,
): Promise<Result<CounterSums, ScrapeProblem>> {
  const { path, signal } = options;
  const headers = { accept: ACCEPT, 'accept-encoding': 'identity', 'user-agent': 'autonomic-operator' };
  return new Promise((resolve) => {
    const failed = (error: unknown): void => {
      resolve(fail(signal.aborted ? TIMEOUT : problemOf(error)));
    };
    const request = get({ host: ip, port, path, headers, signal, agent: false }, (response) => {
      receive(response, options)
        .then(resolve, failed)
        .finally(() => response.destroy());
    });
    request.on('error', failed);
  });
}

async function receive(
  response: IncomingMessage,
  { selectors }: FetchOptions,
): Promise<Result<CounterSums, ScrapeProblem>> {
  const { statusCode, headers } = response;
  if (statusCode !== 200) return fail({ kind: 'Refused', message: `HTTP status ${statusCode ?? 0}` });
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    return fail({ kind: 'BadAnswer', message: 'the answer is compressed though that was not asked for' });
  }
  const sums = new ExpositionSum(selectors);
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      return fail({ kind: 'TooLarge', message: `the answer is longer than ${MAX_BODY_BYTES} bytes` });
    }
    sums.push(chunk);
  }
  return ok(sums.end());
}

const TIMEOUT: ScrapeProblem = { kind: 'Timeout', message: 'no complete answer in time' };

const WORDS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset'],
  ['EHOSTUNREACH', 'no route to the pod'],
  ['ENETUNREACH', 'no route to the pod'],
  ['ETIMEDOUT', 'no connection in time'],
]);

function problemOf(error: unknown): ScrapeProblem {
  if (error instanceof ExpositionError) return { kind: 'BadAnswer', message: error.message };
  const code = codeOf(error) ?? '';
  // Of the parser of HTTP: whoever answers there speaks another protocol, TLS mostly.
  if (code.startsWith('HPE_')) return { kind: 'BadAnswer', message: 'the answer is not HTTP' };
  // A system error's own message names the address, which differs from pod to pod.
  return { kind: 'Unreachable', message: WORDS.get(code) ?? (code === '' ? reasonOf(error) : code) };
}
