import type { Reading } from '../../loop/monitor/reading.ts';
import type { Sample, TimedAnswer } from './answer.ts';
import type { PrometheusError } from './error.ts';
import { groupedReadings, type ReadingLimits } from './readings.ts';
import type { Result } from './result.ts';

/** One namespace's pods; `failure` is set when nothing is known about any of them. */
export interface NamespaceUsage {
  readonly pods: ReadonlyMap<string, Reading>;
  readonly failure?: Reading;
}

/** How to read one number of each pod: by a `groupedQuery` over namespaces that groups by namespace and pod. */
export interface PodQuestion {
  readonly query: (namespaces: readonly string[]) => string;
  readonly ask: (query: string) => Promise<Result<TimedAnswer<readonly Sample[]>, PrometheusError>>;
  readonly limits: ReadingLimits;
}

/**
 * The readings of all pods of the namespaces, by namespace. An answer that is too large is asked for again in halves,
 * down to single namespaces.
 */
export async function readPods(
  question: PodQuestion,
  namespaces: readonly string[],
): Promise<ReadonlyMap<string, NamespaceUsage>> {
  const answer = await question.ask(question.query(namespaces));
  if (!answer.ok && answer.error.code === 'TooLarge' && namespaces.length > 1) {
    const middle = Math.ceil(namespaces.length / 2);
    const halves = [namespaces.slice(0, middle), namespaces.slice(middle)];
    const read = await Promise.all(halves.map((half) => readPods(question, half)));
    return new Map(read.flatMap((part) => [...part]));
  }
  const grouped = groupedReadings(answer, question.limits);
  const pods = new Map(namespaces.map((namespace) => [namespace, new Map<string, Reading>()]));
  for (const { labels, reading } of grouped.ok ? grouped.value : []) {
    pods.get(labels.get('namespace') ?? '')?.set(labels.get('pod') ?? '', reading);
  }
  const failure = grouped.ok ? {} : { failure: grouped.error };
  return new Map([...pods].map(([namespace, readings]) => [namespace, { pods: readings, ...failure }]));
}
