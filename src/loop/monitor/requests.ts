import type { PolicySpec } from '../../api/policy-spec.ts';
import { parseQuantity } from '../../api/quantity.ts';
import type { RequestObservation } from './observation.ts';
import { missing, type Reading } from './reading.ts';

/** What the policy says about requests. */
export type RequestObjective = NonNullable<NonNullable<PolicySpec['objective']>['requests']>;

/** By this name status, events and messages call the requests of the objective; no metric can have it. */
export const REQUESTS = 'objective.requests';

/** Equal keys mean the same demand: a new threshold keeps what was learned, a new query does not. */
export function requestsKey({ totalQuery }: RequestObjective): string {
  return `Requests/${totalQuery}`;
}

/** V*: share of requests that may be bad, 0 … 1. */
export function allowedBadShare({ goodPercent }: RequestObjective): number {
  // Not 1 - share: 1 - 0.99 is a little more than 0.01 in doubles.
  return (100 - parseQuantity(goodPercent)) / 100;
}

/** Requests since the meter began to run, from rates: sums of counters would jump with every pod that goes. */
export interface RequestMeter {
  requests: number;
  badRequests: number;
  /** Time of the last reading that counted, ms; NaN before the first. */
  at: number;
}

/** Requests as measured now. */
export interface RequestReport {
  /** Requests per second on the whole workload. */
  readonly total: Reading;
  /** Those of them that were bad; undefined when the policy has no query for them. */
  readonly bad: Reading | undefined;
  /** How far the rates lag behind the load: half of the time that they average over. */
  readonly lagSeconds: number;
  /** Totals since the meter began; undefined while good and bad cannot be told apart. */
  readonly counters: { readonly requests: number; readonly badRequests: number } | undefined;
  /** Bad ÷ all requests, 0 … 1; undefined when unknown or when there were none. */
  readonly badShare: number | undefined;
}

/** A rate says nothing about the time before the one that it averages over: what a gap hid stays unknown. */
const LONGEST_STEP_SECONDS = 60;

export function createRequestMeter(): RequestMeter {
  return { requests: 0, badRequests: 0, at: NaN };
}

/** Reads the rates and lets the meter run on by them. */
export function observeRequests(
  meter: RequestMeter,
  objective: RequestObjective,
  observation: RequestObservation | undefined,
): RequestReport {
  const total = observation?.total ?? missing('NoData', 'not measured yet');
  const bad =
    objective.badQuery === undefined
      ? undefined
      : (observation?.bad ?? missing('NoData', 'not measured yet'));
  const lagSeconds = (observation?.averagedSeconds ?? 0) / 2;
  if (total.quality !== 'Fresh' || bad?.quality !== 'Fresh') {
    return { total, bad, lagSeconds, counters: undefined, badShare: undefined };
  }
  run(meter, total.at, total.value, bad.value);
  return {
    total,
    bad,
    lagSeconds,
    counters: { requests: meter.requests, badRequests: meter.badRequests },
    badShare: total.value > 0 ? Math.min(1, bad.value / total.value) : undefined,
  };
}

function run(meter: RequestMeter, at: number, total: number, bad: number): void {
  const seconds = (at - meter.at) / 1000;
  // Also true for a clock that stepped back.
  if (!(seconds > 0)) {
    if (Number.isNaN(meter.at) || seconds < -LONGEST_STEP_SECONDS) meter.at = at;
    return;
  }
  const counted = Math.min(seconds, LONGEST_STEP_SECONDS);
  meter.requests += total * counted;
  // Two queries are two moments: at low rates there may seem to be more bad requests than requests.
  meter.badRequests += Math.min(bad, total) * counted;
  meter.at = at;
}
