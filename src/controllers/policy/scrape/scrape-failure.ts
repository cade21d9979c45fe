import type { PodAnswer } from '../../../adapters/scrape/pod-scraper.ts';
import type { PodRates } from '../../../loop/monitor/pod-counters.ts';
import type { ScrapeQueries } from '../policy-entry.ts';
import type { ScrapedPod } from './scraped-pods.ts';

/** What one round of reading a policy's pods came to. */
export interface ScrapeRound {
  readonly scrape: ScrapeQueries;
  readonly pods: readonly ScrapedPod[];
  readonly answers: ReadonlyMap<ScrapedPod, PodAnswer>;
  readonly found: PodRates;
  /** Ready pods that answered, whatever they said. */
  readonly answered: number;
  /** Some pod has the series of all requests, and of those that are told apart. */
  readonly totalSeen: boolean;
  readonly partSeen: boolean;
}

/** What is wrong, for people; undefined when nothing is, or when there is no pod to ask. */
export function scrapeFailure(round: ScrapeRound): string | undefined {
  const { scrape, found, answered, totalSeen, partSeen } = round;
  const { ready, known } = found;
  const where = `:${scrape.port}${scrape.path}`;
  if (ready === 0) return undefined;
  const silent = ready - answered;
  if (found.rates === undefined && answered > 0 && !totalSeen) {
    return `no series of ${podsText(answered)} at ${where} matches scrape.total ${scrape.total.text}${HINT}`;
  }
  if (found.rates === undefined && silent > known) {
    return `${silent} of ${podsText(ready)} did not answer on ${where}: ${mostCommonReason(round)}`;
  }
  if (found.rates === undefined) {
    return `by how much ${scrape.total.text} grew is not known for ${ready - known} of ${podsText(ready)}: they have just been seen for the first time, or it is no counter`;
  }
  // A counter of bad requests may come to be with the first of them; one of good requests is there with the others.
  if (scrape.part?.of === 'good' && !partSeen) {
    return `no series of ${podsText(answered)} at ${where} matches scrape.good ${scrape.part.selector.text}${HINT}`;
  }
  return undefined;
}

const HINT = ' (labels that Prometheus adds, such as job, namespace and pod, are not there)';

function podsText(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}

function mostCommonReason({ pods, answers }: ScrapeRound): string {
  const counts = new Map<string, number>();
  for (const pod of pods) {
    if (!pod.ready) continue;
    const reason = reasonOf(pod, answers.get(pod));
    if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? 'not asked in time';
}

function reasonOf(pod: ScrapedPod, answer: PodAnswer | undefined): string | undefined {
  if (answer !== undefined) return answer.counters.ok ? undefined : answer.counters.error.message;
  return pod.problem ?? (pod.request === undefined ? 'it has no address' : undefined);
}
