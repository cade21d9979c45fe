import { seededRandom, type Random } from '../../src/simulate/random.ts';
import type { ApiReader } from './api-reader.ts';
import { readCluster, type Cluster } from './cluster.ts';
import { exposition, type Sample } from './exposition.ts';
import { beginFault, faulty, troubleOf, type ActiveFault, type Fault } from './faults.ts';
import { isScaleOf, nodeSamples, workloadSamples, type NodeUse } from './series.ts';
import { UsageWindow, type Meter, type Usage } from './usage-window.ts';
import { Workload, type Accounts, type WorkloadKey, type WorkloadSpec } from './workload.ts';

const TICK_MS = 1000;
/** The resolution that metrics-server's own manifest sets. */
const METRICS_RESOLUTION_MS = 15_000;

export interface LoopOptions {
  readonly workloads: readonly WorkloadSpec[];
  readonly seed: number;
  readonly onProblem: (message: string) => void;
}

/** The closed loop: looks at the cluster, lives through the second that passed, shows what came of it. */
export class Loop {
  readonly #workloads: ReadonlyMap<WorkloadKey, Workload>;
  readonly #namespaces: readonly string[];
  readonly #reader: ApiReader;
  readonly #random: Random;
  readonly #onProblem: (message: string) => void;
  readonly #faults = new Map<WorkloadKey, ActiveFault>();
  readonly #nodeUse = new Map<string, NodeUse>();
  readonly #podUsage = new UsageWindow(METRICS_RESOLUTION_MS);
  readonly #nodeUsage = new UsageWindow(METRICS_RESOLUTION_MS);
  #cluster: Cluster = { pods: [], scales: [], nodes: [] };
  #startedAt = 0;
  #livedUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;

  constructor(options: LoopOptions, reader: ApiReader) {
    this.#workloads = new Map(
      options.workloads.map((spec) => [`${spec.namespace}/${spec.name}`, new Workload(spec)]),
    );
    this.#namespaces = [...new Set(options.workloads.map((spec) => spec.namespace))];
    this.#reader = reader;
    this.#random = seededRandom(options.seed);
    this.#onProblem = options.onProblem;
  }

  start(): void {
    this.#startedAt = this.#livedUntil = Date.now();
    this.#timer = setInterval(() => {
      this.#turn ??= this.#tick().finally(() => (this.#turn = undefined));
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turn;
  }

  async look(): Promise<void> {
    this.#cluster = await readCluster(this.#reader.get, this.#namespaces);
    for (const workload of this.#workloads.values()) {
      const scale = this.#cluster.scales.find((each) => isScaleOf(each, workload));
      if (scale !== undefined) workload.observeReplicas(scale.specReplicas);
    }
  }

  async #tick(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      this.#onProblem(`the world cannot read the API server: ${(error as Error).message}`);
    }
    const now = Date.now();
    // A late tick is lived through second by second: load may have moved in it.
    while (this.#livedUntil < now) {
      const until = Math.min(now, this.#livedUntil + TICK_MS);
      this.#live(this.#livedUntil, until);
      this.#livedUntil = until;
    }
    this.#podUsage.read(() => this.#podMeters(), now);
    this.#nodeUsage.read(() => this.#nodeMeters(), now);
  }

  #live(from: number, until: number): void {
    const seconds = (until - from) / 1000;
    for (const use of this.#nodeUse.values()) use.memoryBytes = 0;
    for (const [key, workload] of this.#workloads) {
      const pods = this.#cluster.pods.filter((pod) => workload.owns(pod));
      const trouble = troubleOf(this.#faults.get(key));
      const before = new Map([...workload.counters].map(([uid, { cpuSeconds }]) => [uid, cpuSeconds]));
      const demand = workload.spec.demand((from + until) / 2);
      workload.advance(pods, { demand, seconds, trouble }, this.#random);
      for (const [uid, { pod, cpuSeconds, memoryBytes }] of workload.counters) {
        const use = this.#useOf(pod.node);
        use.cpuSeconds += cpuSeconds - (before.get(uid) ?? 0);
        use.memoryBytes += memoryBytes;
      }
    }
  }

  #useOf(node: string): NodeUse {
    const use = this.#nodeUse.get(node) ?? { cpuSeconds: 0, memoryBytes: 0 };
    this.#nodeUse.set(node, use);
    return use;
  }

  metrics(): string {
    const seconds = (this.#livedUntil - this.#startedAt) / 1000;
    return exposition([
      ...[...this.#workloads].flatMap(([key, workload]) =>
        faulty(this.#samples(workload), this.#faults.get(key)),
      ),
      ...this.#cluster.nodes.flatMap((node): Sample[] => nodeSamples(node, this.#useOf(node.name), seconds)),
    ]);
  }

  #samples(workload: Workload): Sample[] {
    const samples = workloadSamples(workload, this.#cluster);
    return workload.spec.timestamps === true
      ? samples.map((sample) => ({ ...sample, at: this.#livedUntil }))
      : samples;
  }

  accounts(): ReadonlyMap<WorkloadKey, Accounts> {
    return new Map([...this.#workloads].map(([key, workload]) => [key, workload.accounts]));
  }

  inject(key: WorkloadKey, fault: Fault): void {
    const workload = this.#workloads.get(key);
    if (workload === undefined) {
      throw new RangeError(
        `no workload '${key}' in this world; it has ${[...this.#workloads.keys()].join(', ')}`,
      );
    }
    this.#faults.set(key, beginFault(fault, this.#samples(workload)));
  }

  clear(key: WorkloadKey): void {
    this.#faults.delete(key);
  }

  pods(): Usage[] {
    return this.#podUsage.usages();
  }

  nodes(): Usage[] {
    return this.#nodeUsage.usages();
  }

  #podMeters(): Meter[] {
    return [...this.#workloads.values()].flatMap((workload) =>
      [...workload.counters.values()].map(({ pod, cpuSeconds, memoryBytes }) => {
        const { uid: id, namespace, name, labels } = pod;
        return {
          id,
          namespace,
          name,
          labels,
          cpuSeconds,
          memoryBytes,
          container: pod.containers[0]?.name ?? '',
        };
      }),
    );
  }

  #nodeMeters(): Meter[] {
    return this.#cluster.nodes.map(({ name, labels }) => ({
      id: name,
      namespace: '',
      name,
      labels,
      ...this.#useOf(name),
    }));
  }
}
