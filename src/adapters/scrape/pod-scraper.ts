import { fail, type Result } from '../prometheus/result.ts';
import { withinDeadline } from '../within-deadline.ts';
import { fetchCounters, type CounterSums, type ScrapeProblem } from './pod-fetch.ts';
import type { PodEndpoint } from './pod-endpoint.ts';
import type { SeriesSelector } from './series-selector.ts';

/** One pod that is to be asked. */
export interface PodRequest {
  readonly endpoint: PodEndpoint;
  readonly path: string;
  readonly selectors: readonly SeriesSelector[];
}

export interface PodAnswer {
  /** When it was complete, ms since the epoch. */
  readonly at: number;
  readonly counters: Result<CounterSums, ScrapeProblem>;
}

export interface PodScraperOptions {
  readonly now: () => number;
  /** All pods together; those not asked by then are not asked. */
  readonly deadlineMs: number;
  readonly onAnswer: (answer: { readonly result: string; readonly seconds: number }) => void;
}

/** A pod in the same cluster answers in milliseconds; one that is so busy that it does not tells nothing in time. */
const POD_DEADLINE_MS = 2000;

/** At the same time. A thousand pods that answer within 20 ms then take 0.4 s. */
const CONCURRENCY = 50;

const NOT_ASKED: ScrapeProblem = { kind: 'Timeout', message: 'not asked in time' };

/** Asks many pods for their counters, a few at a time, within one deadline. */
export class PodScraper {
  readonly #options: PodScraperOptions;

  constructor(options: PodScraperOptions) {
    this.#options = options;
  }

  /**
   * Asks in the order of the requests, and tells each answer with the place of its request as soon as it is there.
   * Rejects when `signal` aborts.
   */
  async scrape(
    requests: readonly PodRequest[],
    tell: (index: number, answer: PodAnswer) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const waiting = requests.entries();
    await withinDeadline(this.#options.deadlineMs, signal, async (ended) => {
      const work = async (): Promise<void> => {
        for (const [index, request] of waiting) tell(index, await this.#ask(request, ended));
      };
      await Promise.all(Array.from({ length: Math.min(CONCURRENCY, requests.length) }, work));
    });
    signal.throwIfAborted();
  }

  async #ask({ endpoint, path, selectors }: PodRequest, ended: AbortSignal): Promise<PodAnswer> {
    const { now, onAnswer } = this.#options;
    const startedAt = now();
    if (ended.aborted) return { at: startedAt, counters: fail(NOT_ASKED) };
    const counters = await withinDeadline(POD_DEADLINE_MS, ended, (signal) =>
      fetchCounters(endpoint, { path, selectors, signal }),
    );
    const at = now();
    onAnswer({
      result: counters.ok ? 'OK' : counters.error.kind,
      seconds: Math.max(0, at - startedAt) / 1000,
    });
    return { at, counters };
  }
}
