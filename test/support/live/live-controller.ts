import type { Journal } from '../../../src/adapters/journal/journal.ts';
import { PolicyStatusWriter } from '../../../src/adapters/kubernetes/policy-status-writer.ts';
import {
  workloadRecord,
  type PodRecord,
  type ReplicaSetRecord,
  type WorkloadRecord,
} from '../../../src/adapters/kubernetes/records.ts';
import { TargetWriter } from '../../../src/adapters/kubernetes/target-writer.ts';
import type { Logger } from '../../../src/adapters/log/logger.ts';
import { PrometheusClient } from '../../../src/adapters/prometheus/client.ts';
import { prometheusOptionsSchema } from '../../../src/adapters/prometheus/options.ts';
import { SignalMetrics } from '../../../src/adapters/prometheus/signal-metrics.ts';
import { WorkloadMetrics } from '../../../src/adapters/prometheus/workload-metrics.ts';
import type { PolicySpec } from '../../../src/api/policy-spec.ts';
import { PodScrapes } from '../../../src/controllers/policy/scrape/pod-scrapes.ts';
import type { PolicyMemory } from '../../../src/controllers/knowledge/policy-memory.ts';
import { PolicyController } from '../../../src/controllers/policy/policy-controller.ts';
import { policyEntry, type PolicyEntry } from '../../../src/controllers/policy/policy-entry.ts';
import type { Announcement } from '../../../src/controllers/policy/session-ports.ts';
import type { PodView } from '../../../src/loop/monitor/observation.ts';
import type { LoopReport } from '../../../src/loop/report.ts';
import type { Clock } from '../../../src/runtime/clock.ts';
import { WorkQueue } from '../../../src/runtime/work-queue.ts';
import { MemoryApi } from './memory-api.ts';

/** Moved by who replays; ms since the epoch. */
export interface LiveTime {
  now: number;
  /** As what time Prometheus is asked. */
  measured: number;
}

export interface LiveControllerOptions {
  readonly prometheusUrl: string;
  readonly scrapeIntervalSeconds: number;
  readonly namespace: string;
  readonly spec: PolicySpec;
  readonly replicas: number;
  readonly time: LiveTime;
  readonly journal: Journal;
  readonly tickSeconds: number;
  /** Days of the past to learn when the policy is opened. */
  readonly historyDays: number;
  /** Whether signals of the pods are read too. */
  readonly signals: boolean;
}

const NAME = 'web';
/** A slow machine makes no difference. */
const DEADLINE_SECONDS = 60;

/** Remembers nothing: what is compared is what is decided without it. */
const FORGETFUL: PolicyMemory = {
  rememberSituation: () => undefined,
  rememberAnomaly: () => undefined,
  rememberApplied: () => undefined,
  rememberAttribution: () => undefined,
  rememberFeatures: () => undefined,
  release: () => undefined,
  recall: () => undefined,
  runbookFor: () => undefined,
};

/**
 * The operator's own path from Prometheus to the change for one policy, at a clock that somebody else moves: the
 * controller's round asks Prometheus as it was at that time, policy and target are observed, the session steps the
 * loop, writes journal and status and patches the target. Only the API server is in memory.
 */
export class LiveController {
  readonly api: MemoryApi;
  readonly announced: Announcement[] = [];
  last: LoopReport | undefined;
  readonly #client: PrometheusClient;
  readonly #signals: SignalMetrics | undefined;
  readonly #controller: PolicyController;
  readonly #namespace: string;
  readonly #workloads = new Map<string, WorkloadRecord>();
  readonly #pods = new Map<string, PodRecord>();
  readonly #signal = new AbortController().signal;
  readonly #learned = Promise.withResolvers<undefined>();

  constructor(options: LiveControllerOptions) {
    const { namespace, time, scrapeIntervalSeconds } = options;
    this.#namespace = namespace;
    this.api = new MemoryApi(namespace, NAME, options.replicas);
    const now = (): number => time.now;
    // What was measured is as old as the simulated metrics path makes it; the sample itself is just then.
    const prometheus = prometheusOptionsSchema.parse({
      url: options.prometheusUrl,
      maxClockSkewSeconds: 60,
      deadlineSeconds: DEADLINE_SECONDS,
      scrapeIntervalSeconds,
    });
    const environment = { now, random: () => 0.5, evaluateAt: () => time.measured };
    this.#client = new PrometheusClient(prometheus, environment);
    this.#signals = options.signals ? new SignalMetrics(this.#client, prometheus, now) : undefined;
    const clock: Clock = { now, monotonic: now, sleep: () => Promise.resolve() };
    const entry = entryOf(options);
    this.#controller = new PolicyController({
      policies: new Map([[entry.key, entry]]),
      caches: {
        workloads: { Deployment: this.#workloads, StatefulSet: new Map() },
        replicaSets: new Map([[`${namespace}/set`, replicaSet(namespace)]]),
        pods: this.#pods,
        scalers: [],
      },
      metrics: new WorkloadMetrics(this.#client, prometheus, now),
      signals: this.#signals,
      calls: undefined,
      scrapes: new PodScrapes({ scrape: () => Promise.resolve() }, clock),
      history: { client: this.#client, options: prometheus, days: options.historyDays },
      queue: new WorkQueue({ clock }),
      fullForecasts: 1,
      observed: () => undefined,
      statuses: new PolicyStatusWriter(this.api),
      checkpoint: {
        restore: () => Promise.resolve(undefined),
        release: () => {
          this.#learned.resolve(undefined);
        },
      },
      ports: this.#ports(options, clock),
      forget: () => undefined,
    });
  }

  #ports({ journal, tickSeconds }: LiveControllerOptions, clock: Clock) {
    let ids = 0;
    return {
      targets: new TargetWriter(this.api),
      journal,
      leadership: { isLeader: () => true, epoch: () => 1 },
      telemetry: {
        stepped: () => undefined,
        reported: (_: unknown, report: LoopReport) => {
          this.last = report;
        },
        decided: () => undefined,
        closed: () => undefined,
        announce: (_: unknown, announcement: Announcement) => {
          this.announced.push(announcement);
        },
      },
      log: SILENT,
      clock,
      newId: () => `live-${(ids += 1)}`,
      health: () => ({ journal: undefined, knowledgeStore: undefined, prometheus: undefined }),
      predictions: () => undefined,
      threat: () => undefined,
      memory: FORGETFUL,
      tickSeconds,
      outcomeWindowSeconds: 600,
      situationWindowSeconds: 1800,
    };
  }

  /** Resolves when the past was learned, after the first tick. */
  get learned(): Promise<undefined> {
    return this.#learned.promise;
  }

  /** A round and the step after it, with these pods. */
  async tick(pods: readonly PodView[], readyReplicas: number): Promise<void> {
    const key = `${this.#namespace}/${NAME}`;
    const record = workloadRecord('Deployment', this.api.rolledOut());
    this.#workloads.set(key, { ...record, readyReplicas });
    this.#pods.clear();
    for (const pod of pods) {
      const owned = { namespace: this.#namespace, uid: pod.name, ownerUid: 'set' };
      this.#pods.set(`${this.#namespace}/${pod.name}`, { ...pod, ...owned });
    }
    await this.#controller.round(this.#signal);
    // A round does not wait for the signals that it asks for: here they would be as old as the machine is slow.
    await this.#signals?.refresh([this.#namespace], this.#signal);
    await this.#controller.reconcile(key, this.#signal);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

const SILENT: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};

function entryOf({ namespace, spec, time }: LiveControllerOptions): PolicyEntry {
  const metadata = {
    namespace,
    name: NAME,
    uid: 'policy',
    generation: 1,
    resourceVersion: '1',
    creationTimestamp: new Date(time.now).toISOString(),
  };
  const entry = policyEntry({ metadata, spec: JSON.parse(JSON.stringify(spec)) as object });
  if (!entry.valid) throw new Error(entry.problem);
  return entry;
}

function replicaSet(namespace: string): ReplicaSetRecord {
  return { namespace, name: 'set', uid: 'set', ownerUid: 'deployment' };
}
