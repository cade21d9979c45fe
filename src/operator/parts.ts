import { join } from 'node:path';
import { OperatorMetrics } from '../adapters/http/operator-metrics.ts';
import { Journal } from '../adapters/journal/journal.ts';
import { KubeClient } from '../adapters/kubernetes/client.ts';
import type { ClusterAccess } from '../adapters/kubernetes/kubeconfig.ts';
import { KnowledgeStore } from '../adapters/lancedb/knowledge-store.ts';
import type { Logger } from '../adapters/log/logger.ts';
import { PrometheusClient } from '../adapters/prometheus/client.ts';
import type { Health } from '../controllers/policy/policy-conditions.ts';
import type { Clock, Random } from '../runtime/clock.ts';
import { EventRecorder } from '../runtime/event-recorder.ts';
import { WorkQueue } from '../runtime/work-queue.ts';
import type { OperatorConfig } from './config.ts';

/** What main takes from the machine and hands in. */
export interface Surroundings {
  readonly access: ClusterAccess;
  readonly version: string;
  /** Unique to this process: the pod's name and a random part. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: () => string;
  readonly log: Logger;
  /** Ends the process without any ceremony. */
  readonly exitNow: () => void;
}

/** The outside systems, connected. */
export interface Parts {
  readonly metrics: OperatorMetrics;
  readonly client: KubeClient;
  /** Of its own, so that renewals of the lease do not queue behind other requests. */
  readonly leaseClient: KubeClient;
  readonly journal: Journal;
  readonly knowledge: KnowledgeStore;
  readonly prometheus: PrometheusClient;
  readonly recorder: EventRecorder;
  readonly queue: WorkQueue;
  readonly health: () => Health;
}

/** @throws ClusterAccessError, JournalError: without the one or the other there is nothing to run. */
export async function connectParts(config: OperatorConfig, around: Surroundings): Promise<Parts> {
  const { clock, random, log, version } = around;
  const metrics = new OperatorMetrics(version);
  const onRequest = (request: { method: string; host: string; code: string }): void =>
    metrics.apiRequests.inc(request);
  const client = await KubeClient.connect(around.access, { version, onRequest });
  const leaseClient = await KubeClient.connect(around.access, { version, onRequest });
  const journal = await Journal.open({ directory: join(config.stateDirectory, 'journal') });
  for (const problem of journal.recovery.problems) log.error('Found damage in the journal', { problem });
  const knowledge = new KnowledgeStore({
    location: { uri: config.knowledge.uri ?? join(config.stateDirectory, 'knowledge') },
    journal,
    onHealth: (health) => log.info('The knowledge store changed its state', { ...health }),
  });
  const prometheus = new PrometheusClient(config.prometheus, { now: () => clock.now(), random });
  return {
    metrics,
    client,
    leaseClient,
    journal,
    knowledge,
    prometheus,
    recorder: new EventRecorder({ client, clock, reportingInstance: around.identity }),
    queue: new WorkQueue({ clock }),
    health: () => ({
      journal: journal.problem,
      knowledgeStore: knowledge.health.state === 'Unavailable' ? knowledge.health.message : undefined,
      prometheus:
        prometheus.breakerState() === 'Closed' ? undefined : `${config.prometheus.url} does not answer`,
    }),
  };
}
