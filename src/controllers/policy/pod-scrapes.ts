import type { PodRecord } from '../../adapters/kubernetes/records.ts';
import type { PodAnswer, PodScraper } from '../../adapters/scrape/pod-scraper.ts';
import {
  createPodCounters,
  observePodCounters,
  type PodCounters,
  type PodRates,
  type PodReading,
} from '../../loop/monitor/pod-counters.ts';
import type { ScrapedRates, ScrapedRequests } from '../../loop/monitor/scraped-requests.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { ScrapeQueries } from './policy-entry.ts';
import { scrapeFailure } from './scrape-failure.ts';
import { inTurns, scrapedPods, type ScrapedPod } from './scraped-pods.ts';

/** A policy that may have its pods read. */
export interface ScrapingPolicy {
  readonly uid: string;
  readonly view: PolicyView;
  readonly queries: { readonly scrape: ScrapeQueries | undefined };
}

/** What is remembered of one policy's pods. */
interface Memory {
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

/** After so many rounds without an answer a few pods are asked, until one answers: a round has time for so many only. */
const SILENT_ROUNDS = 3;
const PROBED_PODS = 3;

/** Reads the pods' own counters for the policies that want it, once a round, and knows what they were. */
export class PodScrapes {
  readonly #scraper: Pick<PodScraper, 'scrape'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #memories = new Map<string, Memory>();

  constructor(scraper: Pick<PodScraper, 'scrape'>, clock: Pick<Clock, 'now'>) {
    this.#scraper = scraper;
    this.#clock = clock;
  }

  /** Rejects when `signal` aborts. */
  async round(
    policies: readonly ScrapingPolicy[],
    podsOf: (policy: PolicyView) => readonly PodRecord[],
    signal: AbortSignal,
  ): Promise<void> {
    const at = this.#clock.now();
    this.#forgetOthers(policies);
    const rounds = policies.flatMap(({ uid, view, queries: { scrape } }) => {
      if (scrape === undefined) return [];
      return [{ memory: this.#memory(uid, scrape), scrape, pods: scrapedPods(podsOf(view), scrape) }];
    });
    const asked = inTurns(rounds.map(({ memory, pods }) => askedOf(pods, memory)));
    const answers = await this.#scraper.scrape(
      asked.map(({ request }) => request),
      signal,
    );
    const found = new Map<ScrapedPod, PodAnswer>();
    asked.forEach((pod, i) => {
      const answer = answers[i];
      if (answer !== undefined) found.set(pod, answer);
    });
    for (const round of rounds) conclude({ ...round, answers: found, at });
  }

  /** Undefined when the policy, as it is now, was not in a round yet. */
  latest({ uid, queries: { scrape } }: ScrapingPolicy): ScrapedRequests | undefined {
    const memory = this.#memories.get(uid);
    return scrape === undefined || memory?.question !== questionOf(scrape) ? undefined : memory.latest;
  }

  #memory(uid: string, scrape: ScrapeQueries): Memory {
    const question = questionOf(scrape);
    const known = this.#memories.get(uid);
    if (known?.question === question) return known;
    const memory: Memory = {
      question,
      counters: createPodCounters(),
      partSeen: false,
      silentRounds: 0,
      failedRounds: 0,
      latest: undefined,
    };
    this.#memories.set(uid, memory);
    return memory;
  }

  #forgetOthers(policies: readonly ScrapingPolicy[]): void {
    const kept = new Set(policies.flatMap(({ uid, queries }) => (queries.scrape === undefined ? [] : [uid])));
    for (const uid of this.#memories.keys()) if (!kept.has(uid)) this.#memories.delete(uid);
  }
}

function questionOf({ port, path, total, part }: ScrapeQueries): string {
  return JSON.stringify([port, path, total.text, part?.of, part?.selector.text]);
}

type AskedPod = ScrapedPod & Required<Pick<ScrapedPod, 'request'>>;

function askedOf(pods: readonly ScrapedPod[], { silentRounds }: Memory): readonly AskedPod[] {
  const asked = pods.filter((pod): pod is AskedPod => pod.request !== undefined);
  if (silentRounds < SILENT_ROUNDS) return asked;
  // Others each time: the first ones may be those that are broken.
  const from = (silentRounds * PROBED_PODS) % Math.max(1, asked.length);
  return [...asked.slice(from), ...asked.slice(0, from)].slice(0, PROBED_PODS);
}

interface Round {
  readonly memory: Memory;
  readonly scrape: ScrapeQueries;
  readonly pods: readonly ScrapedPod[];
  readonly answers: ReadonlyMap<ScrapedPod, PodAnswer>;
  readonly at: number;
}

function conclude({ memory, scrape, pods, answers, at }: Round): void {
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
