import type { PodRecord } from '../../../adapters/kubernetes/records.ts';
import type { PodAnswer, PodScraper } from '../../../adapters/scrape/pod-scraper.ts';
import type { ScrapedRequests } from '../../../loop/monitor/scraped-requests.ts';
import type { PolicyView } from '../../../loop/policy-view.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { ScrapeQueries } from '../policy-entry.ts';
import { conclude, createScrapeMemory, type ScrapeMemory } from './scrape-memory.ts';
import { inTurns, scrapedPods, type ScrapedPod } from './scraped-pods.ts';

/** A policy that may have its pods read. */
export interface ScrapingPolicy {
  readonly uid: string;
  readonly view: PolicyView;
  readonly queries: { readonly scrape: ScrapeQueries | undefined };
}

export interface ScrapePorts<Policy> {
  readonly podsOf: (policy: PolicyView) => readonly PodRecord[];
  /** All of the policy's own pods have answered. */
  readonly done: (policy: Policy) => void;
}

/** After so many rounds without an answer a few pods are asked, until one answers: a round has time for so many only. */
const SILENT_ROUNDS = 3;
const PROBED_PODS = 3;

/** Reads the pods' own counters for the policies that want it, once a round, and knows what they were. */
export class PodScrapes {
  readonly #scraper: Pick<PodScraper, 'scrape'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #memories = new Map<string, ScrapeMemory>();

  constructor(scraper: Pick<PodScraper, 'scrape'>, clock: Pick<Clock, 'now'>) {
    this.#scraper = scraper;
    this.#clock = clock;
  }

  /** Rejects when `signal` aborts. */
  async round<Policy extends ScrapingPolicy>(
    policies: readonly Policy[],
    { podsOf, done }: ScrapePorts<Policy>,
    signal: AbortSignal,
  ): Promise<void> {
    const at = this.#clock.now();
    this.#forgetOthers(policies);
    const rounds = policies.flatMap((policy) => {
      const { scrape } = policy.queries;
      if (scrape === undefined) return [];
      const pods = scrapedPods(podsOf(policy.view), scrape);
      const memory = this.#memory(policy.uid, scrape);
      return [new PolicyRound({ memory, scrape, pods, at, done: () => done(policy) })];
    });
    // Pods that are silent take their time: whoever answered last time is asked before them.
    const asked = [false, true].flatMap((silent) =>
      inTurns(rounds.filter((round) => round.isSilent === silent).map((round) => round.asked)),
    );
    await this.#scraper.scrape(
      asked.map(({ pod }) => pod.request),
      (index, answer) => asked[index]?.tell(answer),
      signal,
    );
  }

  /** Undefined when the policy, as it is now, was not in a round yet. */
  latest({ uid, queries: { scrape } }: ScrapingPolicy): ScrapedRequests | undefined {
    const memory = this.#memories.get(uid);
    return scrape === undefined || memory?.question !== questionOf(scrape) ? undefined : memory.latest;
  }

  #memory(uid: string, scrape: ScrapeQueries): ScrapeMemory {
    const question = questionOf(scrape);
    const known = this.#memories.get(uid);
    if (known?.question === question) return known;
    const memory = createScrapeMemory(question);
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

interface PolicyRoundOptions {
  readonly memory: ScrapeMemory;
  readonly scrape: ScrapeQueries;
  readonly pods: readonly ScrapedPod[];
  readonly at: number;
  readonly done: () => void;
}

/** One policy's part of a round; over when the last of its pods has answered, whatever others wait for. */
class PolicyRound {
  readonly #options: PolicyRoundOptions;
  readonly #answers = new Map<ScrapedPod, PodAnswer>();
  readonly asked: readonly { readonly pod: AskedPod; readonly tell: (answer: PodAnswer) => void }[];
  readonly isSilent: boolean;

  constructor(options: PolicyRoundOptions) {
    this.#options = options;
    const { pods, memory } = options;
    this.isSilent = memory.silentRounds > 0;
    this.asked = askedOf(pods, memory).map((pod) => ({ pod, tell: (answer) => this.#tell(pod, answer) }));
    if (this.asked.length === 0) this.#end();
  }

  #tell(pod: ScrapedPod, answer: PodAnswer): void {
    this.#answers.set(pod, answer);
    if (this.#answers.size === this.asked.length) this.#end();
  }

  #end(): void {
    const { memory, done, ...round } = this.#options;
    conclude(memory, { ...round, answers: this.#answers });
    done();
  }
}

function askedOf(pods: readonly ScrapedPod[], { silentRounds }: ScrapeMemory): readonly AskedPod[] {
  const asked = pods.filter((pod): pod is AskedPod => pod.request !== undefined);
  if (silentRounds < SILENT_ROUNDS) return asked;
  // Others each time: the first ones may be those that are broken.
  const from = (silentRounds * PROBED_PODS) % Math.max(1, asked.length);
  return [...asked.slice(from), ...asked.slice(0, from)].slice(0, PROBED_PODS);
}
