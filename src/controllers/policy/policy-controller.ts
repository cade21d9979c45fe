import { setImmediate } from 'node:timers/promises';
import type { CheckpointStore } from '../../adapters/checkpoint/checkpoint-store.ts';
import type { CallGraphs } from '../../adapters/prometheus/call-graph.ts';
import type { PolicyStatusWriter } from '../../adapters/kubernetes/policy-status-writer.ts';
import type { SignalMetrics } from '../../adapters/prometheus/signal-metrics.ts';
import type { Readings, WorkloadMetrics } from '../../adapters/prometheus/workload-metrics.ts';
import { setCondition } from '../../api/set-condition.ts';
import type { ForecastTier } from '../../loop/analyze/peak/tier.ts';
import { learnedOf, type LearnedState } from '../../loop/learned-state.ts';
import type { Observation, TargetProblem, TargetView } from '../../loop/monitor/observation.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import { metricName } from '../../loop/monitor/metric-name.ts';
import { unmeasured } from '../../loop/execute/outcome.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { WorkQueue } from '../../runtime/work-queue.ts';
import type { Result } from '../../runtime/workers.ts';
import { signalPast } from './anomaly-backfill.ts';
import { backfill, lacksPast, type HistorySource } from './backfill.ts';
import { ClusterView, type ClusterCaches } from './cluster-view.ts';
import { FleetWatch } from './fleet-watch.ts';
import { averagedSeconds, needsOf, observe } from './measure.ts';
import type { PodScrapes } from './scrape/pod-scrapes.ts';
import type { PolicyEntry } from './policy-entry.ts';
import { PolicySession } from './policy-session.ts';
import type { SessionPorts } from './session-ports.ts';
import { StatusKeeper, StatusLost } from './status/status-keeper.ts';

type ValidEntry = Extract<PolicyEntry, { valid: true }>;

export interface PolicyControllerOptions {
  readonly policies: ReadonlyMap<string, PolicyEntry>;
  readonly caches: ClusterCaches;
  readonly metrics: WorkloadMetrics;
  /** Undefined when signals are switched off. */
  readonly signals: SignalMetrics | undefined;
  /** Who calls whom; undefined when signals are switched off. */
  readonly calls: CallGraphs | undefined;
  readonly scrapes: PodScrapes;
  readonly history: HistorySource;
  readonly queue: WorkQueue;
  readonly fullForecasts: number;
  /** Told of what was measured, before it is decided upon. */
  readonly observed: (policy: PolicyView, observation: Observation) => void;
  readonly statuses: PolicyStatusWriter;
  readonly checkpoint: Pick<CheckpointStore, 'restore' | 'release'>;
  readonly ports: Omit<SessionPorts, 'see' | 'newest' | 'statuses' | 'checkpoint' | 'fleet'>;
  readonly forget: (entry: ValidEntry, metrics: readonly string[]) => void;
}

/** What was measured for a set of policies at one moment. */
interface Round {
  readonly view: ClusterView;
  readonly readings: Readings;
  readonly covered: ReadonlySet<string>;
}

/** Gather → step → carry out, for every policy, every tick. Keys are `namespace/name`. */
export class PolicyController {
  readonly #options: PolicyControllerOptions;
  readonly #ports: SessionPorts;
  readonly #fleet: FleetWatch;
  readonly #sessions = new Map<string, PolicySession>();
  readonly #known = new Map<string, ValidEntry>();
  readonly #backfillQueue: (() => Promise<void>)[] = [];
  #backfilling = false;
  #view: ClusterView;
  #round: Round | undefined;

  constructor(options: PolicyControllerOptions) {
    this.#options = options;
    this.#view = new ClusterView(options.caches, []);
    const calls = (namespace: string) => options.calls?.of(namespace) ?? [];
    this.#fleet = new FleetWatch(options.ports.clock, options.ports.log, calls);
    this.#ports = {
      ...options.ports,
      fleet: this.#fleet,
      statuses: options.statuses,
      checkpoint: options.checkpoint,
      see: (policy, workload) => this.#view.view(policy, workload),
      newest: ({ namespace, name, uid }) => {
        const entry = options.policies.get(`${namespace}/${name}`);
        return entry?.uid === uid && entry.valid ? entry.view : undefined;
      },
    };
  }

  /** What the last look at all policies showed of the whole fleet. */
  get fleetWide(): FleetWatch['fleetWide'] {
    return this.#fleet.fleetWide;
  }

  get #clock(): Clock {
    return this.#ports.clock;
  }

  /**
   * Measures for all policies, then queues each of them; those whose pods are read as soon as their own pods have
   * answered. Called once every tick.
   */
  async round(signal: AbortSignal): Promise<void> {
    const entries = this.#validEntries();
    this.#refreshSignals(entries, signal);
    const scraping = new Set(entries.filter(({ queries }) => queries.scrape !== undefined));
    const waiting = new Set([...scraping].map(({ key }) => key));
    let isMeasured = false;
    const done = ({ key }: ValidEntry): void => {
      waiting.delete(key);
      if (isMeasured) this.#options.queue.add(key);
    };
    const measure = async (): Promise<void> => {
      this.#round = await this.#measure(entries, signal);
      this.#fleet.survey();
      isMeasured = true;
      for (const key of this.#options.policies.keys()) if (!waiting.has(key)) this.#options.queue.add(key);
    };
    await Promise.all([measure(), this.#scrape([...scraping], done, signal)]);
    await this.#settleOrphans();
  }

  /** Beside the round, which does not wait for it. */
  #refreshSignals(entries: readonly ValidEntry[], signal: AbortSignal): void {
    const namespaces = [...new Set(entries.map(({ view }) => view.namespace))];
    void this.#options.signals?.refresh(namespaces, signal);
    void this.#options.calls?.refresh(namespaces, signal);
  }

  /** A measurement between two rounds has no part in it: rates are differences between rounds. */
  async #scrape(
    entries: readonly ValidEntry[],
    done: (entry: ValidEntry) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const view = entries.length === 0 ? undefined : new ClusterView(this.#options.caches, []);
    await this.#options.scrapes.round(
      entries,
      { podsOf: (policy) => view?.pods(policy) ?? [], done },
      signal,
    );
  }

  /** A policy that was deleted cannot measure its outcome any more; its intent still owes an ending. */
  async #settleOrphans(): Promise<void> {
    const alive = new Set([...this.#options.policies.values()].map((entry) => entry.uid));
    for (const { intent } of this.#ports.journal.openIntents()) {
      if (alive.has(intent.policy.uid)) continue;
      const { decisionId } = intent;
      const outcome = unmeasured(this.#clock.now(), 'the policy was deleted before the outcome was measured');
      await this.#ports.journal.append({ kind: 'Closed', decisionId, at: outcome.at, outcome });
    }
  }

  /** Evaluates one policy by the last round, or by a measurement of its own when the round came before it. */
  async reconcile(key: string, signal: AbortSignal): Promise<Result | undefined> {
    const entry = this.#options.policies.get(key);
    const session = this.#sessions.get(key);
    if (entry === undefined || (session !== undefined && session.uid !== entry.uid)) this.#forget(key);
    if (entry === undefined) return undefined;
    if (!entry.valid) return this.#reportInvalid(entry);
    this.#known.set(key, entry);
    const open = this.#sessions.get(key) ?? (await this.#open(key, entry));
    if (open === undefined) return { requeueAfterMs: 1000 * this.#ports.tickSeconds };
    const round = await this.#roundFor(entry, signal);
    const target = round.view.target(entry.view);
    try {
      const observation = observe(entry.view, target, {
        readings: round.readings,
        signals: this.#options.signals?.latest,
        scraped: this.#options.scrapes.latest(entry),
        averaged: averagedSeconds(entry, this.#options.history.options),
        now: this.#clock.now(),
      });
      this.#options.observed(entry.view, observation);
      await open.tick(entry.view, observation);
    } catch (error) {
      // The status is kept by somebody else now, or its version cannot be told: begin again from what is stored.
      if (error instanceof StatusLost) this.#sessions.delete(key);
      throw error;
    }
    return undefined;
  }

  #validEntries(): readonly ValidEntry[] {
    return [...this.#options.policies.values()].filter((entry) => entry.valid);
  }

  async #measure(entries: readonly ValidEntry[], signal: AbortSignal): Promise<Round> {
    const needs = needsOf(entries.map((entry) => entry.view));
    const readings = await this.#options.metrics.gather(needs, signal);
    // The cluster is looked at after the answer has come: pods that report now are known then.
    this.#view = new ClusterView(
      this.#options.caches,
      this.#validEntries().map((entry) => entry.view),
    );
    return { view: this.#view, readings, covered: new Set(entries.map(versionOf)) };
  }

  async #roundFor(entry: ValidEntry, signal: AbortSignal): Promise<Round> {
    if (this.#round?.covered.has(versionOf(entry)) === true) return this.#round;
    return this.#measure([entry], signal);
  }

  async #open(key: string, entry: ValidEntry): Promise<PolicySession | undefined> {
    const status = new StatusKeeper(this.#options.statuses, entry, this.#clock);
    const session = await PolicySession.open(this.#ports, status, entry.view, this.#autoTier());
    if (session === undefined) return undefined;
    this.#sessions.set(key, session);
    const { restored } = session;
    this.#ports.log.info('Opened policy', {
      policy: key,
      uid: entry.uid,
      restoredFrom: restored && new Date(restored.at).toISOString(),
    });
    this.#planBackfill(key, entry, session);
    return session;
  }

  /** The full forecaster, for as many policies as the administrator allows; they keep it until they go. */
  #autoTier(): ForecastTier {
    let full = 0;
    for (const { state } of this.#sessions.values()) if (state.autoTier === 'Full') full += 1;
    return full < this.#options.fullForecasts ? 'Full' : 'Light';
  }

  /** The past is read in the background, one policy at a time: decisions do not wait for it. */
  #planBackfill(key: string, entry: ValidEntry, { state, restored }: PolicySession): void {
    const { history, checkpoint } = this.#options;
    if (history.days === 0 || !lacksPast(state.demands, restored, this.#clock.now())) {
      checkpoint.release(entry.uid);
      return;
    }
    this.#backfillQueue.push(() => this.#backfill(key, entry));
    if (!this.#backfilling) void this.#drainBackfills();
  }

  /** What this process has learned about each policy that it serves, as it is when it is looked at. */
  *learned(): Generator<{ readonly uid: string; readonly learned: LearnedState }> {
    for (const { uid, state } of this.#sessions.values()) yield { uid, learned: learnedOf(state) };
  }

  async #drainBackfills(): Promise<void> {
    this.#backfilling = true;
    for (let next = this.#backfillQueue.shift(); next !== undefined; next = this.#backfillQueue.shift()) {
      await next();
    }
    this.#backfilling = false;
  }

  async #backfill(key: string, entry: ValidEntry): Promise<void> {
    const { history, checkpoint } = this.#options;
    const { uid } = entry;
    const known = {
      now: this.#clock.now(),
      restored: this.#sessions.get(key)?.restored,
      seriesAt: async (demandKey: string) =>
        (await checkpoint.restore(uid))?.learned.demands.find((demand) => demand.key === demandKey)
          ?.forecaster,
    };
    for await (const result of backfill(entry, history, known)) {
      const session = this.#sessions.get(key);
      if (session?.uid !== entry.uid) return;
      if (result.ok) await session.dispatch(result.event);
      else {
        const { demandKey: demand, message: problem } = result;
        this.#ports.log.warn('Could not read history', { policy: key, demand, problem });
      }
    }
    await this.#learnSignals(key, entry);
    checkpoint.release(uid);
    // What was just learned may be worth a decision, and the next round is up to a tick away.
    this.#options.queue.add(key);
  }

  /** What is usual of everything else that is watched. */
  async #learnSignals(key: string, entry: ValidEntry): Promise<void> {
    if (entry.view.spec.anomaly.mode === 'Disabled') return;
    const since = this.#sessions.get(key)?.restored?.at ?? -Infinity;
    const now = usualUntil(this.#view.target(entry.view), this.#clock.now());
    const { events, problems } = await signalPast(entry, this.#options.history, { now, since });
    for (const problem of problems)
      this.#ports.log.warn('Could not read the past of a signal', { policy: key, problem });
    for (const event of events) {
      const session = this.#sessions.get(key);
      if (session?.uid !== entry.uid) return;
      await session.dispatch(event);
      await setImmediate();
    }
  }

  async #reportInvalid(entry: PolicyEntry & { readonly valid: false }): Promise<undefined> {
    this.#sessions.delete(entry.key);
    if (entry.uid === '') return undefined;
    const status = new StatusKeeper(this.#options.statuses, entry, this.#clock);
    const stored = await status.refresh();
    const observedGeneration = entry.generation;
    const now = this.#clock.now();
    const said = setCondition(
      stored.conditions ?? [],
      { type: 'Ready', reason: 'InvalidSpec', message: entry.problem, observedGeneration },
      now,
    );
    const conditions = setCondition(
      said,
      { type: 'ActionSuspended', reason: 'InvalidSpec', message: entry.problem, observedGeneration },
      now,
    );
    status.set({ ...stored, observedGeneration, conditions: [...conditions] });
    await status.flush();
    return undefined;
  }

  #forget(key: string): void {
    const entry = this.#known.get(key);
    this.#sessions.delete(key);
    this.#known.delete(key);
    if (entry !== undefined) this.#fleet.forget(entry.uid);
    if (entry !== undefined) this.#options.forget(entry, entry.view.spec.metrics.map(metricName));
  }
}

/** Pods that have just been replaced show what is not usual. */
const FRESH_REVISION_MS = 15 * 60_000;

function usualUntil(target: TargetView | TargetProblem, now: number): number {
  const changedAt = 'problem' in target ? undefined : target.revisionChangedAt;
  return changedAt !== undefined && now - changedAt < FRESH_REVISION_MS ? Math.min(now, changedAt) : now;
}

function versionOf({ uid, generation }: { uid: string; generation: number }): string {
  return `${uid}/${generation}`;
}
