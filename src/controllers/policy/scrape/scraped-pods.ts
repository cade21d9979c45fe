import type { PodRecord } from '../../../adapters/kubernetes/records.ts';
import { podEndpoint } from '../../../adapters/scrape/pod-endpoint.ts';
import type { PodRequest } from '../../../adapters/scrape/pod-scraper.ts';
import type { ScrapeQueries } from '../policy-entry.ts';

/** A pod of a policy's target, and what to ask it. */
export interface ScrapedPod {
  readonly uid: string;
  readonly ready: boolean;
  readonly createdAt: number;
  /** Absent when it is not asked. */
  readonly request?: PodRequest;
  /** Why it cannot be asked, in words. */
  readonly problem?: string;
}

/**
 * All pods that have not ended. Those that are not ready yet and those that are going are asked too: what they have
 * counted belongs to the load.
 */
export function scrapedPods(pods: readonly PodRecord[], scrape: ScrapeQueries): readonly ScrapedPod[] {
  const { path, total, part } = scrape;
  const selectors = part === undefined ? [total] : [total, part.selector];
  return pods
    .filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed')
    .map((pod) => {
      const { uid, createdAt } = pod;
      const facts = { uid, createdAt, ready: pod.ready && !pod.deleting };
      const endpoint = podEndpoint(pod, scrape.port);
      if (endpoint === undefined) return facts;
      if ('problem' in endpoint) return { ...facts, problem: endpoint.problem };
      return { ...facts, request: { endpoint, path, selectors } };
    });
}

/** The first of each list, then the second of each: a list of pods that are all silent must not use up all the time. */
export function inTurns<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const longest = lists.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}
