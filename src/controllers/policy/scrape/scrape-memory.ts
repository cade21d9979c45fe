import type { PodAnswer } from '../../../adapters/scrape/pod-scraper.ts';
import {
  createPodCounters,
  observePodCounters,
  type PodCounters,
  type PodRates,
  type PodReading,
} from '../../../loop/monitor/pod-counters.ts';
import type { ScrapedRates, ScrapedRequests } from '../../../loop/monitor/scraped-requests.ts';
import type { ScrapeQueries } from '../policy-entry.ts';
import { scrapeFailure } from './scrape-failure.ts';
import type { ScrapedPod } from './scraped-pods.ts';

/** What is remembered of one policy's pods. */
export interface ScrapeMemory {
  /** What was asked for: counters of another question are not these. */
  readonly question: string;
  readonly counters: PodCounters;
  /** A pod has told good requests from bad ones. */
  partSeen: boolean;
  /** Rounds in a row in which no ready pod answered, and in which something was wrong. */
  silentRounds: number;
  failedRounds: number;
  latest: ScrapedRequests | undefined;
}

export function createScrapeMemory(question: string): ScrapeMemory {
  return {
    question,
    counters: createPodCounters(),
    partSeen: false,
    silentRounds: 0,
    failedRounds: 0,
    latest: undefined,
  };
}

interface Round {
  readonly scrape: ScrapeQueries;
  readonly pods: readonly ScrapedPod[];
  readonly answers: ReadonlyMap<ScrapedPod, PodAnswer>;
  readonly at: number;
}

/** What the pods have told becomes the policy's latest requests. */
export function conclude(memory: ScrapeMemory, { scrape, pods, answers, at }: Round): void {
  const { counters } = memory;
  const sums = pods.map((pod) => {
    const answer = answers.get(pod)?.counters;
    return answer?.ok === true ? { total: answer.value[0], part: answer.value[1] } : undefined;
  });
  const totalSeen = sums.some((sum) => sum?.total !== undefined);
  memory.partSeen ||= sums.some((sum) => sum?.part !== undefined);
  const { partSeen } = memory;
  const told = (index: number): Told | undefined =>
    totalSeen ? toldBy(sums[index], { scrape, partSeen }) : undefined;
  const lastRoundAt = counters.roundAt;
  const found = observePodCounters(
    counters,
    at,
    pods.map((pod, index) => readingOf(pod, told(index), answers.get(pod)?.at ?? at)),
  );
  const answered = pods.filter(({ ready }, index) => ready && sums[index] !== undefined).length;
  memory.silentRounds = found.ready > 0 && answered === 0 ? memory.silentRounds + 1 : 0;
  const message = scrapeFailure({ scrape, pods, answers, found, answered, totalSeen, partSeen });
  memory.failedRounds = message === undefined ? 0 : memory.failedRounds + 1;
  memory.latest = {
    newest: ratesOf(found, { scrape, partSeen, at, lastRoundAt }) ?? memory.latest?.newest,
    current: found.rates !== undefined,
    ready: found.ready,
    answered,
    ...(message === undefined ? {} : { failure: { rounds: memory.failedRounds, message } }),
  };
}

interface Told {
  readonly total: number;
  readonly part?: number;
}

/**
 * A series comes to be with the first request that it counts: where other pods have it, none is zero. Only good ones
 * are there with all requests, so that a pod without them does not expose what is asked for.
 */
function toldBy(
  sum: { readonly total: number | undefined; readonly part: number | undefined } | undefined,
  { scrape, partSeen }: { readonly scrape: ScrapeQueries; readonly partSeen: boolean },
): Told | undefined {
  if (sum === undefined) return undefined;
  const { total = 0, part } = sum;
  if (scrape.part === undefined) return { total };
  if (scrape.part.of === 'good' && partSeen && total > 0 && part === undefined) return undefined;
  return { total, part: part ?? 0 };
}

function readingOf({ uid, ready, createdAt }: ScrapedPod, told: Told | undefined, at: number): PodReading {
  return { uid, ready, createdAt, ...(told === undefined ? {} : { answer: { at, ...told } }) };
}

interface RateFacts {
  readonly scrape: ScrapeQueries;
  readonly partSeen: boolean;
  readonly at: number;
  readonly lastRoundAt: number;
}

function ratesOf(
  { rates }: PodRates,
  { scrape, partSeen, at, lastRoundAt }: RateFacts,
): ScrapedRates | undefined {
  if (rates === undefined) return undefined;
  const { total, part } = rates;
  const bad = scrape.part?.of === 'good' ? Math.max(0, total - part) : Math.min(part, total);
  return {
    at,
    averagedSeconds: (at - lastRoundAt) / 1000,
    total,
    bad: scrape.part !== undefined && partSeen ? bad : undefined,
  };
}
