/** Why there is no value; enumerated, because conditions and metrics carry it. */
export type MissingReason =
  | 'NoData' // the query answered with no series
  | 'NotANumber' // NaN, ±Inf, negative or not parseable
  | 'QueryFailed' // refused, timed out, too large, not understood
  | 'PartialAnswer' // Prometheus attached warnings: some of the data is not there
  | 'ClockSkew' // sample, server and local time disagree by more than the limit
  | 'LowCoverage' // too few of the ready pods report
  | 'NoRequest'; // utilisation was asked for, but a container has no request

/**
 * One number with its quality: how far it may be trusted. Unknown is never zero: a Missing reading has no value to
 * read. `at` is the sample's own time in ms since the epoch, never the time of the
 * query: Prometheus keeps answering with a five-minute-old sample after its target is gone.
 */
export type Reading =
  | { readonly quality: 'Fresh'; readonly value: number; readonly at: number }
  | { readonly quality: 'Stale'; readonly value: number; readonly at: number }
  | { readonly quality: 'Missing'; readonly reason: MissingReason; readonly message: string };

export function missing(reason: MissingReason, message: string): Reading {
  return { quality: 'Missing', reason, message };
}
