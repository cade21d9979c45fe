import { Journal } from '../../../src/adapters/journal/journal.ts';
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
import { WorkloadMetrics } from '../../../src/adapters/prometheus/workload-metrics.ts';
import type { PolicySpec } from '../../../src/api/policy-spec.ts';
import { PodScrapes } from '../../../src/controllers/policy/scrape/pod-scrapes.ts';
import { PolicyController } from '../../../src/controllers/policy/policy-controller.ts';
import { policyEntry, type PolicyEntry } from '../../../src/controllers/policy/policy-entry.ts';
import { isForecast } from '../../../src/loop/analyze/analyze.ts';
import type { Decision } from '../../../src/loop/execute/decision.ts';
import type { LoopReport } from '../../../src/loop/report.ts';
import type { Clock } from '../../../src/runtime/clock.ts';
import { WorkQueue } from '../../../src/runtime/work-queue.ts';
import { MemoryApi } from './memory-api.ts';
import type { Bound, Change, SeenTick } from './recorded-backtest.ts';

export interface LiveReplayOptions {
  /** A real Prometheus that holds what was measured at each tick, in this namespace. */
  readonly prometheusUrl: string;
  readonly namespace: string;
  readonly spec: PolicySpec;
  readonly ticks: readonly SeenTick[];
  /** Of the journal; its writes are synced as always. */
  readonly directory: string;
}

export interface LiveRun {
  readonly changes: readonly Change[];
  readonly bounds: readonly Bound[];
  /** What the demand was measured to be, or why it was not, for each tick. */
  readonly measured: readonly (number | string)[];
  /** Ticks at which the live target had other replicas than the backtest's. */
  readonly strayed: number;
}

const NAME = 'web';
/** A slow machine is no difference between the two. */
const DEADLINE_SECONDS = 60;
const KEY = (namespace: string): string => `${namespace}/${NAME}`;

/**
 * The operator's own path from Prometheus to the change, tick after tick at an accelerated clock: the controller's
 * round asks Prometheus as it was at that time, policy and target are observed, the session steps the loop, writes
 * journal and status and patches the target. Only the API server is in memory; the target's pods are the backtest's.
 */
export async function replayLive(options: LiveReplayOptions): Promise<LiveRun> {
  const { ticks } = options;
  const first = ticks[0];
  if (first === undefined) throw new RangeError('nothing was recorded');
  const time = { now: first.now, measured: first.until };
  const journal = await Journal.open({ directory: options.directory });
  const live = new LiveLoop(options, { time, journal });
  try {
    for (const tick of ticks) {
      time.now = tick.now;
      time.measured = tick.until;
      await live.tick(tick);
    }
  } finally {
    await Promise.all([live.close(), journal.close()]);
  }
  return live.run();
}

interface Surroundings {
  readonly time: { readonly now: number; readonly measured: number };
  readonly journal: Journal;
}

class LiveLoop {
  readonly #api: MemoryApi;
  readonly #client: PrometheusClient;
  readonly #controller: PolicyController;
  readonly #namespace: string;
  readonly #workloads = new Map<string, WorkloadRecord>();
  readonly #pods = new Map<string, PodRecord>();
  readonly #changes: Change[] = [];
  readonly #bounds: Bound[] = [];
  readonly #measured: (number | string)[] = [];
  readonly #signal = new AbortController().signal;
  #last: LoopReport | undefined;
  #strayed = 0;

  constructor(options: LiveReplayOptions, { time, journal }: Surroundings) {
    const { namespace, spec, ticks, prometheusUrl } = options;
    this.#namespace = namespace;
    this.#api = new MemoryApi(namespace, NAME, ticks[0]?.replicas ?? 1);
    const now = (): number => time.now;
    const clock: Clock = { now, monotonic: now, sleep: () => Promise.resolve() };
    // What was measured is as old as the simulated metrics path makes it; the sample itself is just then.
    const prometheus = prometheusOptionsSchema.parse({
      url: prometheusUrl,
      maxClockSkewSeconds: 60,
      deadlineSeconds: DEADLINE_SECONDS,
    });
    this.#client = new PrometheusClient(prometheus, {
      now,
      random: () => 0.5,
      evaluateAt: () => time.measured,
    });
    const entry = entryOf(namespace, spec, time.now);
    journal.subscribe((record) => {
      if (record.kind === 'Intent') this.#changes.push(changeOf(record.decision as Decision));
    });
    let ids = 0;
    this.#controller = new PolicyController({
      policies: new Map([[entry.key, entry]]),
      caches: {
        workloads: { Deployment: this.#workloads, StatefulSet: new Map() },
        replicaSets: new Map([[`${namespace}/set`, replicaSet(namespace)]]),
        pods: this.#pods,
        scalers: [],
      },
      metrics: new WorkloadMetrics(this.#client, prometheus, now),
      signals: undefined,
      calls: undefined,
      scrapes: new PodScrapes({ scrape: () => Promise.resolve() }, clock),
      history: { client: this.#client, options: prometheus, days: 0 },
      queue: new WorkQueue({ clock }),
      fullForecasts: 1,
      observed: () => undefined,
      statuses: new PolicyStatusWriter(this.#api),
      checkpoint: { restore: () => Promise.resolve(undefined), release: () => undefined },
      ports: {
        targets: new TargetWriter(this.#api),
        journal,
        leadership: { isLeader: () => true, epoch: () => 1 },
        telemetry: {
          stepped: () => undefined,
          reported: (_, report) => {
            this.#last = report;
          },
          decided: () => undefined,
          closed: () => undefined,
          announce: () => undefined,
        },
        log: SILENT,
        clock,
        newId: () => `live-${(ids += 1)}`,
        health: () => ({ journal: undefined, knowledgeStore: undefined, prometheus: undefined }),
        predictions: () => undefined,
        threat: () => undefined,
        tickSeconds: 15,
        outcomeWindowSeconds: 600,
      },
      forget: () => undefined,
    });
  }

  async tick({ replicas, ready, pods }: SeenTick): Promise<void> {
    if (this.#api.replicas !== replicas) this.#strayed += 1;
    const record = workloadRecord('Deployment', this.#api.rolledOut());
    this.#workloads.set(KEY(this.#namespace), { ...record, readyReplicas: ready });
    this.#pods.clear();
    for (const pod of pods) {
      const owned = { namespace: this.#namespace, uid: pod.name, ownerUid: 'set' };
      this.#pods.set(`${this.#namespace}/${pod.name}`, { ...pod, ...owned });
    }
    await this.#controller.round(this.#signal);
    await this.#controller.reconcile(KEY(this.#namespace), this.#signal);
    this.#bounds.push(boundOf(this.#last));
    this.#measured.push(measuredIn(this.#last));
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  run(): LiveRun {
    const [changes, bounds, measured, strayed] = [this.#changes, this.#bounds, this.#measured, this.#strayed];
    return { changes, bounds, measured, strayed };
  }
}

const SILENT: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};

function entryOf(namespace: string, spec: PolicySpec, now: number): PolicyEntry {
  const metadata = {
    namespace,
    name: NAME,
    uid: 'policy',
    generation: 1,
    resourceVersion: '1',
    creationTimestamp: new Date(now).toISOString(),
  };
  const entry = policyEntry({ metadata, spec: JSON.parse(JSON.stringify(spec)) as object });
  if (!entry.valid) throw new Error(entry.problem);
  return entry;
}

function replicaSet(namespace: string): ReplicaSetRecord {
  return { namespace, name: 'set', uid: 'set', ownerUid: 'deployment' };
}

function changeOf({ at, from, to, message }: Decision): Change {
  return { at, from, to, message };
}

function measuredIn(report: LoopReport | undefined): number | string {
  const total = report?.monitoring?.metrics.find(({ type }) => type !== 'Resource')?.total;
  if (total === undefined) return 'nothing was measured';
  return total.quality === 'Fresh' ? total.value : `${total.quality} ${JSON.stringify(total)}`;
}

/** As `AutonomicScaler.bound`. */
function boundOf(report: LoopReport | undefined): Bound {
  const demand = report?.monitoring?.metrics.findIndex(({ type }) => type !== 'Resource') ?? -1;
  const forecast = report?.analysis?.forecasts[demand];
  return forecast !== undefined && isForecast(forecast) && forecast.reliable ? forecast.upper : undefined;
}
