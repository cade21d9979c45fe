import type { PolicySpec } from '../../api/policy-spec.ts';
import { parseQuantity } from '../../api/quantity.ts';
import type { RequestObservation, ScrapeView } from './observation.ts';
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
  /** Present when the policy has the pods' own counters read. */
  readonly scrape?: ScrapeView | undefined;
}

/** A rate says nothing about the time before the one that it averages over: what a gap hid stays unknown. */
const LONGEST_STEP_SECONDS = 60;

/** No reading is as far ahead of the local clock: whoever noted such a time did it before that clock was set back. */
const AHEAD_MS = 60_000;

export function createRequestMeter(): RequestMeter {
  return { requests: 0, badRequests: 0, at: NaN };
}

/**
 * Reads the rates and lets the meter run on by them.
 * @param now ms since the epoch
 */
export function observeRequests(
  meter: RequestMeter,
  objective: RequestObjective,
  observation: RequestObservation | undefined,
  now: number,
): RequestReport {
  const total = observation?.total ?? NOT_MEASURED;
  const bad = objective.badQuery === undefined ? undefined : (observation?.bad ?? NOT_MEASURED);
  const lagSeconds = (observation?.averagedSeconds ?? 0) / 2;
  const scrape = observation?.scrape;
  if (total.quality !== 'Fresh' || bad?.quality !== 'Fresh') {
    return { total, bad, lagSeconds, counters: undefined, badShare: undefined, scrape };
  }
  turnBack(meter, now);
  run(meter, total.at, total.value, bad.value);
  return {
    total,
    bad,
    lagSeconds,
    scrape,
    counters: { requests: meter.requests, badRequests: meter.badRequests },
    badShare: shareOf(bad.value, total.value),
  };
}

function shareOf(bad: number, total: number): number | undefined {
  return total > 0 ? Math.min(1, bad / total) : undefined;
}

const NOT_MEASURED = missing('NoData', 'not measured yet');

function turnBack(meter: RequestMeter, now: number): void {
  if (meter.at > now + AHEAD_MS) meter.at = NaN;
}

function run(meter: RequestMeter, at: number, total: number, bad: number): void {
  const seconds = (at - meter.at) / 1000;
  // Time that was counted is not counted again: the pods' own rate of now may be followed by Prometheus' of earlier.
  if (!(seconds > 0)) {
    if (Number.isNaN(meter.at)) meter.at = at;
    return;
  }
  const counted = Math.min(seconds, LONGEST_STEP_SECONDS);
  meter.requests += total * counted;
  // Two queries are two moments: at low rates there may seem to be more bad requests than requests.
  meter.badRequests += Math.min(bad, total) * counted;
  meter.at = at;
}
