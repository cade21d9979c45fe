import type { RequestObservation, ScrapeView } from './observation.ts';
import type { Reading } from './reading.ts';

/** What reading the pods' own counters has come to. */
export interface ScrapedRequests extends Omit<ScrapeView, 'source'> {
  /** The last rates that they gave; undefined before the first. */
  readonly newest: ScrapedRates | undefined;
  /** Those are of the last round. */
  readonly current: boolean;
}

export interface ScrapedRates {
  /** Ms since the epoch. */
  readonly at: number;
  /** Between the two reads that they are the difference of. */
  readonly averagedSeconds: number;
  /** Per second on the whole workload. */
  readonly total: number;
  /** Undefined when the pods do not tell good requests from bad ones. */
  readonly bad: number | undefined;
}

/** As long as a sample of Prometheus counts as fresh. */
const STALE_AFTER_MS = 90_000;

/**
 * The pods' own rates where the last round has some. Where it has none, whichever is newer, theirs of before or the
 * queries': who went back to a rate of half a minute ago at once would undo a rise that was seen already.
 */
export function withScraped(
  queried: RequestObservation,
  scraped: ScrapedRequests | undefined,
  now: number,
): RequestObservation {
  if (scraped === undefined) {
    return { ...queried, scrape: { source: 'Prometheus', ready: 0, answered: 0 } };
  }
  const { newest, current, ...view } = scraped;
  if (newest === undefined || !mayServe(newest, queried.total, { current, now })) {
    return { ...queried, scrape: { source: 'Prometheus', ...view } };
  }
  const { at, averagedSeconds, total, bad } = newest;
  const reading = (value: number): Reading => ({ quality: 'Fresh', value, at });
  return {
    ...queried,
    total: reading(total),
    // Without a query nobody wants them.
    ...(bad === undefined || queried.bad === undefined ? {} : { bad: reading(bad) }),
    averagedSeconds,
    scrape: { source: 'Pods', ...view },
  };
}

function mayServe(
  { at }: ScrapedRates,
  queried: Reading,
  { current, now }: { readonly current: boolean; readonly now: number },
): boolean {
  if (now - at > STALE_AFTER_MS) return false;
  return current || queried.quality !== 'Fresh' || at >= queried.at;
}
