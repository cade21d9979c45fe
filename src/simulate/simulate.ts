import { Accounts, sumTotals, type AccountsOptions, type TickFacts } from './accounts.ts';
import type { Arrivals } from './arrivals.ts';
import { planFaults, type FaultPlan } from './faults.ts';
import { Hours } from './hours.ts';
import { outOfMemory } from './memory.ts';
import { MetricPath, SCRAPE_AGE_SECONDS } from './metric-path.ts';
import { NodePool } from './nodes.ts';
import { randomStream } from './random.ts';
import { Recorder } from './recorder.ts';
import { ReplicaPlant } from './replica-plant.ts';
import type { Scaler } from './scaler.ts';
import { LiveView } from './scaler-view.ts';
import { physicsOf } from './service.ts';
import type { SimulationConfig } from './simulation-config.ts';
import type { SimulationRun } from './simulation-run.ts';
import { TickQueue } from './tick-queue.ts';
import { wholeTicks } from './ticks.ts';

export interface SimulationOptions {
  /** Made by `prepareArrivals` with the same configuration. */
  readonly arrivals: Arrivals;
  readonly config: SimulationConfig;
  /** With its memory empty: one scaler for one run. */
  readonly scaler: Scaler;
  /** Another age of the metrics than the configured one. */
  readonly metricAgeSeconds?: number;
  /** Where the test phase begins; whole decision intervals. */
  readonly warmupSeconds: number;
  /** Ends earlier than the trace, as tuning on the warm-up does; whole decision intervals. */
  readonly untilSeconds?: number;
  /** Keeps the series and the changes for plots. */
  readonly record?: boolean;
}

const DAY_SECONDS = 86_400;
/** A plot of more steps than this shows no more; steps grow by whole minutes instead. */
const MAX_RECORDED_STEPS = 5000;

/**
 * Plays one scaler against one trace: the same arrivals and the same luck for each scaler, so that only decisions
 * differ. Deterministic: equal options, equal bytes.
 * @throws RangeError when a configured time is not a whole number of ticks, or a scaler's wish not a whole number.
 */
export function simulate(options: SimulationOptions): SimulationRun {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #plant: ReplicaPlant;
  readonly #nodes: NodePool | undefined;
  readonly #queue: TickQueue;
  readonly #metrics: MetricPath;
  readonly #scraped: MetricPath;
  readonly #faults: FaultPlan;
  readonly #recorder: Recorder | undefined;
  readonly #accounting: AccountsOptions;
  readonly #warmupDays: Accounts[] = [];
  readonly #days: Accounts[] = [];
  readonly #hours: Hours;
  /** Where the tick that is lived through is counted; nowhere while everybody settles. */
  #accounts: Accounts | undefined;
  readonly #ticks: number;
  readonly #decisionTicks: number;
  readonly #warmupTicks: number;
  #decisions = 0;
  #losses = 0;

  constructor(options: SimulationOptions) {
    const { arrivals, config, warmupSeconds, untilSeconds = Infinity } = options;
    const { tickSeconds } = config;
    this.#options = options;
    this.#decisionTicks = wholeTicks(config.decisionSeconds, tickSeconds);
    this.#warmupTicks = warmupSeconds === 0 ? 0 : wholeTicks(warmupSeconds, tickSeconds);
    this.#ticks = Math.min(arrivals.rates.length, Math.ceil(untilSeconds / tickSeconds));
    this.#faults = planFaults(config, arrivals.rates.length, arrivals.seed);
    this.#nodes = nodePool(options);
    this.#plant = new ReplicaPlant({
      config,
      startAt: arrivals.startAt,
      random: randomStream(arrivals.seed, 'startup'),
      initial: arrivals.needed[0] ?? 1,
      ...(this.#nodes === undefined ? {} : { nodes: this.#nodes }),
    });
    this.#queue = new TickQueue(config.service.requestsPerSecond, tickSeconds, physicsOf(config));
    this.#metrics = new MetricPath({
      arrivals,
      tickSeconds,
      ageSeconds: options.metricAgeSeconds ?? config.metrics.ageSeconds,
      blackouts: this.#faults.blackouts,
    });
    this.#scraped = this.#metrics.within(SCRAPE_AGE_SECONDS);
    this.#recorder = options.record === true ? recorder(this.#ticks, tickSeconds) : undefined;
    this.#hours = new Hours(tickSeconds);
    this.#accounting = {
      tickSeconds,
      slowShare: config.objective.slowShare,
      withNodes: config.nodes !== undefined,
      withMemory: config.memory !== undefined,
    };
  }

  run(): SimulationRun {
    for (let tick = 0; tick < this.#ticks; tick += 1) {
      this.#chooseAccounts(tick);
      this.#plant.advanceTo(tick);
      this.#nodes?.advanceTo(tick);
      this.#loseNodes(tick);
      if (tick % this.#decisionTicks === 0) this.#decide(tick);
      this.#live(tick);
    }
    const none = new Accounts(this.#accounting).totals();
    const warmupDays = this.#warmupDays.map((day) => day.totals());
    const days = this.#days.map((day) => day.totals());
    return {
      warmup: sumTotals(warmupDays, none),
      test: sumTotals(days, none),
      warmupDays,
      days,
      hours: this.#hours.totals(),
      decisions: this.#decisions,
      ...(this.#recorder === undefined
        ? {}
        : { series: this.#recorder.series(), changes: this.#recorder.changes }),
    };
  }

  #chooseAccounts(tick: number): void {
    const { settleDays, tickSeconds } = this.#options.config;
    const dayTicks = DAY_SECONDS / tickSeconds;
    const settled = settleDays * dayTicks;
    if (tick < Math.min(settled, this.#warmupTicks)) return;
    const [start, days] =
      tick < this.#warmupTicks ? [settled, this.#warmupDays] : [this.#warmupTicks, this.#days];
    if ((tick - start) % dayTicks !== 0) return;
    this.#accounts = new Accounts(this.#accounting);
    days.push(this.#accounts);
  }

  #loseNodes(tick: number): void {
    for (
      let loss = this.#faults.nodeLosses[this.#losses];
      loss !== undefined && loss.tick <= tick;
      loss = this.#faults.nodeLosses[++this.#losses]
    ) {
      const node = this.#nodes?.lose(loss.which);
      if (node !== undefined) this.#plant.loseNode(node, tick);
    }
  }

  #decide(tick: number): void {
    const { scaler, config } = this.#options;
    const index = this.#decisions;
    this.#decisions += 1;
    this.#metrics.advanceTo(tick);
    this.#scraped.advanceTo(tick);
    const now = this.#timeOf(tick);
    const paths = { measured: this.#metrics, scraped: this.#scraped };
    const view = new LiveView({ now, index }, this.#plant, paths);
    const wanted = scaler.decide(view);
    if (!Number.isInteger(wanted)) {
      throw new RangeError(`a scaler must want a whole number of replicas, found ${wanted}`);
    }
    const { minReplicas, maxReplicas } = config.bounds;
    const to = Math.min(maxReplicas, Math.max(minReplicas, wanted));
    const from = this.#plant.replicas;
    this.#recorder?.expect(tick, scaler.bound?.());
    if (to === from) return;
    if (this.#faults.refusesWrite(index)) {
      scaler.refused?.(view);
      return;
    }
    this.#plant.scaleTo(to, tick);
    this.#accounts?.addAction();
    if (this.#recorder === undefined || tick < this.#warmupTicks) return;
    const why = scaler.explain?.();
    this.#recorder.changes.push({ at: now, from, to, ...(why === undefined ? {} : { why }) });
  }

  #live(tick: number): void {
    const { arrivals, config } = this.#options;
    const rate = arrivals.rates[tick] ?? 0;
    const { ready, existing, replicas } = this.#plant;
    this.#queue.advance(rate, ready);
    const { busyServers, slow: slowRequests } = this.#queue;
    this.#metrics.record(tick, busyServers, slowRequests);
    const requests = rate * config.tickSeconds;
    const facts: TickFacts = {
      existing,
      ready,
      needed: arrivals.needed[Math.floor(tick / this.#decisionTicks)] ?? 0,
      requests,
      slowRequests,
      nodes: this.#nodes?.count ?? 0,
    };
    this.#accounts?.add(facts);
    if (tick >= this.#warmupTicks) this.#hours.add(facts);
    this.#recorder?.add(tick, { requests, slowRequests, replicas });
    if (config.memory !== undefined && ready > 0) this.#restartTheFull(tick);
  }

  #restartTheFull(tick: number): void {
    const { memory, tickSeconds, service } = this.#options.config;
    if (memory === undefined) return;
    const served = this.#queue.busyServers * service.requestsPerSecond * tickSeconds;
    const load = { served, inside: this.#queue.requestsInside() };
    const full = outOfMemory(this.#plant.serving(), load, memory);
    for (const replica of full) this.#plant.restart(replica, tick + 1);
    this.#accounts?.addOutOfMemory(full.length);
  }

  #timeOf(tick: number): number {
    return this.#options.arrivals.startAt + tick * this.#options.config.tickSeconds * 1000;
  }
}

function nodePool({ config, arrivals }: SimulationOptions): NodePool | undefined {
  if (config.nodes === undefined) return undefined;
  return new NodePool({
    config: config.nodes,
    tickSeconds: config.tickSeconds,
    sigma: config.startup.sigma,
    random: randomStream(arrivals.seed, 'nodes'),
  });
}

function recorder(ticks: number, tickSeconds: number): Recorder {
  const minutes = Math.max(1, Math.ceil((ticks * tickSeconds) / 60 / MAX_RECORDED_STEPS));
  return new Recorder(wholeTicks(60 * minutes, tickSeconds), ticks, tickSeconds);
}
