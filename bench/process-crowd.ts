import { setTimeout as sleep } from 'node:timers/promises';
import { manifest, type Stage } from '../hack/demo/stage.ts';
import type { KubeClient } from '../src/adapters/kubernetes/client.ts';
import { processTree } from './memory.ts';
import {
  scrape,
  untilAll,
  type HistogramSums,
  type OperatorProcess,
  type PolicyObject,
} from './operator-run.ts';
import { CROWD, crowd, HISTORY_SAMPLES, NAMESPACE } from './process-objects.ts';

export const CROWD_SIZE = 200;

export const ROUNDS = 'autonomic_round_duration_seconds';
export const STEPS = 'autonomic_loop_duration_seconds';

/** Ten rounds. */
const WATCHED_MS = 150_000;

export interface Crowded {
  /** Seconds until all had a status, and until all knew their history. */
  readonly statusSeconds: number;
  readonly historySeconds: number;
  readonly rounds: HistogramSums;
  readonly steps: HistogramSums;
  readonly rss: number;
}

/** Many more policies come at once; measured when all of them have learned. */
export async function joinCrowd(
  { cluster }: Stage,
  client: KubeClient,
  operator: OperatorProcess,
): Promise<Crowded> {
  await cluster.kubectl(['apply', '--filename', '-'], manifest(crowd(CROWD_SIZE)));
  const all = (holds: (policy: PolicyObject) => boolean) => (policies: readonly PolicyObject[]) => {
    const members = policies.filter(({ metadata }) => metadata.name.startsWith(CROWD));
    return members.length === CROWD_SIZE && members.every(holds);
  };
  const { status, history } = await untilAll(
    { client, namespace: NAMESPACE, operator, timeoutMs: 900_000, pollMs: 2_000 },
    {
      status: all((policy) => policy.status?.workloads?.[0] !== undefined),
      history: all((policy) => (policy.status?.workloads?.[0]?.forecast?.samples ?? 0) > HISTORY_SAMPLES),
    },
  );
  const before = { rounds: await scrape(operator.pid, ROUNDS), steps: await scrape(operator.pid, STEPS) };
  await sleep(WATCHED_MS);
  return {
    statusSeconds: status / 1000,
    historySeconds: history / 1000,
    rounds: since(before.rounds, await scrape(operator.pid, ROUNDS)),
    steps: since(before.steps, await scrape(operator.pid, STEPS)),
    rss: processTree(operator.pid).reduce((total, { rss }) => total + rss, 0),
  };
}

function since(before: HistogramSums, after: HistogramSums): HistogramSums {
  return {
    count: after.count - before.count,
    sum: after.sum - before.sum,
    buckets: new Map(
      [...after.buckets].map(([bound, count]) => [bound, count - (before.buckets.get(bound) ?? 0)]),
    ),
  };
}
