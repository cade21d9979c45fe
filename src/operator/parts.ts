import { join } from 'node:path';
import { CheckpointStore } from '../adapters/checkpoint/checkpoint-store.ts';
import { OperatorMetrics } from '../adapters/http/operator-metrics.ts';
import { Journal } from '../adapters/journal/journal.ts';
import { KubeClient } from '../adapters/kubernetes/client.ts';
import type { ClusterAccess } from '../adapters/kubernetes/kubeconfig.ts';
import { KnowledgeStore } from '../adapters/lancedb/knowledge-store.ts';
import type { Logger } from '../adapters/log/logger.ts';
import { PrometheusClient } from '../adapters/prometheus/client.ts';
import { STATE_SCHEMA_VERSION } from '../loop/state.ts';
import type { Health } from '../controllers/policy/status/policy-conditions.ts';
import type { Clock, Random } from '../runtime/clock.ts';
import { EventRecorder } from '../runtime/event-recorder.ts';
import { WorkQueue } from '../runtime/work-queue.ts';
import type { OperatorConfig } from './config.ts';
import { stateStructure } from './state-structure.ts';

/** What main takes from the machine and hands in. */
export interface Surroundings {
  readonly access: ClusterAccess;
  readonly version: string;
  /** Unique to this process: the pod's name and a random part. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: () => string;
  readonly environment: Readonly<Partial<Record<string, string>>>;
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
  readonly checkpoint: CheckpointStore;
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
    metrics.runtime.apiRequests.inc(request);
  const client = await KubeClient.connect(around.access, { version, onRequest });
  const leaseClient = await KubeClient.connect(around.access, { version, onRequest });
  const journal = await Journal.open({ directory: join(config.stateDirectory, 'journal') });
  for (const problem of journal.recovery.problems) log.error('Found damage in the journal', { problem });
  const checkpoint = await openCheckpoint(config, around, metrics);
  const knowledge = new KnowledgeStore({
    location: { uri: config.knowledge.uri ?? join(config.stateDirectory, 'knowledge') },
    journal,
    onHealth: (health) => log.info('The knowledge store changed its state', { ...health }),
    onRefused: (problem) => {
      log.warn('Left something out of the knowledge store', { problem });
    },
    onEmptied: (tables) => {
      log.info('Began tables of the knowledge store anew', { tables: tables.join(', ') });
    },
  });
  const prometheus = new PrometheusClient(config.prometheus, {
    now: () => clock.now(),
    random,
    onQuery: ({ kind, code, durationMs }) => {
      metrics.queries.observe({ kind, code }, durationMs / 1000);
    },
  });
  const recorder = new EventRecorder({
    client,
    clock,
    reportingInstance: around.identity,
    onDropped: (reason) => {
      metrics.droppedEvents.inc({ reason });
    },
  });
  const queue = createQueue(metrics, clock);
  metrics.watch('autonomic_journal_bytes', 'Size of the journal on disk.', () => journal.bytes);
  metrics.watch(
    'autonomic_knowledge_waiting_rows',
    'Rows in the journal that are not known to be in LanceDB.',
    () => knowledge.statistics.waitingRows,
  );
  return {
    metrics,
    client,
    leaseClient,
    journal,
    checkpoint,
    knowledge,
    prometheus,
    recorder,
    queue,
    health: () => {
      const unreachable = prometheus.problem();
      return {
        journal: journal.problem,
        knowledgeStore: knowledge.health.state === 'Unavailable' ? knowledge.health.message : undefined,
        prometheus:
          unreachable === undefined ? undefined : `no answer from ${config.prometheus.url}: ${unreachable}`,
      };
    },
  };
}

/** After the journal, whose lock keeps other processes out of the folder. */
async function openCheckpoint(
  { stateDirectory }: OperatorConfig,
  { version, clock, log }: Surroundings,
  metrics: OperatorMetrics,
): Promise<CheckpointStore> {
  const checkpoint = await CheckpointStore.open({
    directory: join(stateDirectory, 'checkpoint'),
    schema: STATE_SCHEMA_VERSION,
    structure: stateStructure(),
    app: version,
    now: () => clock.now(),
    onProblem: (problem) => {
      log.warn('Has trouble with the checkpoint', { problem });
    },
    onSlice: (ms) => {
      metrics.checkpointSliceSeconds.observe(ms / 1000);
    },
  });
  metrics.watch('autonomic_checkpoint_bytes', 'Size of the last checkpoint.', () => checkpoint.bytes);
  metrics.watch(
    'autonomic_checkpoint_timestamp_seconds',
    'Unix time of the last checkpoint that this process has completed; 0 before the first.',
    () => (checkpoint.writtenAt ?? 0) / 1000,
  );
  return checkpoint;
}

/** The one queue, told to metrics under client-go's names. */
function createQueue(metrics: OperatorMetrics, clock: Clock): WorkQueue {
  const name = 'policy';
  const { runtime } = metrics;
  const queue = new WorkQueue({
    clock,
    metrics: {
      added: () => {
        runtime.queueAdds.inc({ name });
      },
      retried: () => {
        runtime.queueRetries.inc({ name });
      },
      waited: (seconds) => {
        runtime.queueWaitSeconds.observe({ name }, seconds);
      },
      worked: (seconds) => {
        runtime.queueWorkSeconds.observe({ name }, seconds);
      },
    },
  });
  metrics.watch('workqueue_depth', 'Keys that wait in the queue.', () => queue.depth);
  metrics.watch(
    'workqueue_unfinished_work_seconds',
    'Time spent so far on keys that are being worked on.',
    () => queue.unfinishedWorkSeconds,
  );
  metrics.watch(
    'workqueue_longest_running_processor_seconds',
    'Time of the longest work under way.',
    () => queue.longestRunningProcessorSeconds,
  );
  return queue;
}
