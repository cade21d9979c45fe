import type { PodView } from '../loop/monitor/observation.ts';
import type { Node, NodePool } from './nodes.ts';
import { lognormal, type Random } from './random.ts';
import type { SimulationConfig } from './simulation-config.ts';

/** One pod that is asked for. Ticks are counted from the start of the simulation. */
export interface Replica {
  readonly name: string;
  readonly createdAt: number;
  /** When a node took it, ms since the epoch. */
  readonly startedAt: number;
  readonly node: Node | undefined;
  ready: boolean;
  /** When `ready` last changed, ms since the epoch; undefined before the first time. */
  readyChangedAt: number | undefined;
  /** While it starts: the tick from which it serves. */
  servesTick: number;
  /** Requests that it has served since it last started. */
  served: number;
  /** What scalers see; undefined when it has to be made anew. */
  view: PodView | undefined;
}

export interface PlantOptions {
  readonly config: SimulationConfig;
  readonly startAt: number;
  /** For start-up times alone: the n-th pod that is created takes as long whoever asks for it. */
  readonly random: Random;
  /** Replicas that serve from the first tick on. */
  readonly initial: number;
  readonly nodes?: NodePool;
}

/** How long before the simulation its first replicas became ready: nobody mistakes them for new ones. */
const INITIAL_AGE_MS = 3_600_000;

/** The pods of the workload: created, starting, serving, terminating, gone. */
export class ReplicaPlant {
  readonly #options: PlantOptions;
  /** Starting and ready ones, in order of creation. */
  readonly #replicas: Replica[] = [];
  /** Terminating ones in the order in which they end. */
  #terminating: { readonly untilTick: number; readonly node: Node | undefined }[] = [];
  #ready = 0;
  #created = 0;
  /** Nothing changes by itself before this tick. */
  #nextTick = Infinity;
  #views: readonly PodView[] | undefined;

  constructor(options: PlantOptions) {
    this.#options = options;
    for (let i = 0; i < options.initial; i += 1) this.#addInitial();
  }

  /** Replicas that serve. */
  get ready(): number {
    return this.#ready;
  }

  get starting(): number {
    return this.#replicas.length - this.#ready;
  }

  /** Replicas asked for. */
  get replicas(): number {
    return this.#replicas.length;
  }

  /** Replicas that are paid for: terminating ones too. */
  get existing(): number {
    return this.#replicas.length + this.#terminating.length;
  }

  /** The same array until a pod changes. */
  get views(): readonly PodView[] {
    this.#views ??= this.#replicas.map((replica) => (replica.view ??= viewOf(replica)));
    return this.#views;
  }

  serving(): Replica[] {
    return this.#replicas.filter(({ ready }) => ready);
  }

  /** Lets happen what is due at the beginning of `tick`. */
  advanceTo(tick: number): void {
    if (tick < this.#nextTick) return;
    for (const replica of this.#replicas) {
      if (!replica.ready && replica.servesTick <= tick) this.#change(replica, true, tick);
    }
    const ended = this.#terminating.filter(({ untilTick }) => untilTick <= tick);
    for (const { node } of ended) if (node !== undefined) this.#options.nodes?.leave(node, tick);
    if (ended.length > 0) this.#terminating = this.#terminating.slice(ended.length);
    this.#findNextTick();
  }

  /**
   * Asks for `target` replicas. Too many: the youngest starting ones are cancelled first, as the ReplicaSet
   * controller does, then the youngest ready ones terminate, which are paid for until they are gone.
   */
  scaleTo(target: number, tick: number): void {
    for (let missing = target - this.#replicas.length; missing > 0; missing -= 1) this.#add(tick);
    let surplus = this.#replicas.length - target;
    for (const ready of [false, true]) {
      for (let i = this.#replicas.length - 1; i >= 0 && surplus > 0; i -= 1) {
        if (this.#replicas[i]?.ready !== ready) continue;
        this.#removeAt(i, tick);
        surplus -= 1;
      }
    }
    this.#findNextTick();
  }

  /** Its container is killed and starts again in its place: it does not serve until then. */
  restart(replica: Replica, tick: number): void {
    replica.servesTick = tick + this.#startupTicks();
    replica.served = 0;
    this.#change(replica, false, tick);
    this.#findNextTick();
  }

  /** The pods of a lost node die at once, and as many are created in their place. */
  loseNode(node: Node, tick: number): void {
    this.#terminating = this.#terminating.filter((pod) => pod.node !== node);
    const target = this.#replicas.length;
    for (let i = target - 1; i >= 0; i -= 1) {
      const replica = this.#replicas[i];
      if (replica?.node !== node) continue;
      if (replica.ready) this.#ready -= 1;
      this.#replicas.splice(i, 1);
    }
    this.#views = undefined;
    this.scaleTo(target, tick);
  }

  #addInitial(): void {
    const readyChangedAt = this.#options.startAt - INITIAL_AGE_MS;
    const createdAt = readyChangedAt - this.#startupTicks() * this.#tickMs;
    this.#push({
      createdAt,
      startedAt: createdAt,
      node: this.#options.nodes?.place(0, true),
      ready: true,
      readyChangedAt,
      servesTick: 0,
    });
    this.#ready += 1;
  }

  #add(tick: number): void {
    const node = this.#options.nodes?.place(tick);
    const startedTick = Math.max(tick, node?.readyTick ?? tick);
    this.#push({
      createdAt: this.#timeOf(tick),
      startedAt: this.#timeOf(startedTick),
      node,
      ready: false,
      readyChangedAt: undefined,
      servesTick: startedTick + this.#startupTicks(),
    });
  }

  #push(replica: Omit<Replica, 'name' | 'served' | 'view'>): void {
    this.#replicas.push({ ...replica, name: `sim-${this.#created}`, served: 0, view: undefined });
    this.#created += 1;
    this.#views = undefined;
  }

  #removeAt(index: number, tick: number): void {
    const [replica] = this.#replicas.splice(index, 1);
    if (replica === undefined) return;
    this.#views = undefined;
    const { nodes, config } = this.#options;
    if (replica.ready) {
      this.#ready -= 1;
      const untilTick = tick + Math.ceil(config.terminationSeconds / config.tickSeconds);
      this.#terminating.push({ untilTick, node: replica.node });
    } else if (replica.node !== undefined) {
      nodes?.leave(replica.node, tick);
    }
  }

  #change(replica: Replica, ready: boolean, tick: number): void {
    replica.ready = ready;
    replica.readyChangedAt = this.#timeOf(tick);
    replica.view = undefined;
    this.#ready += ready ? 1 : -1;
    this.#views = undefined;
  }

  #findNextTick(): void {
    this.#nextTick = this.#terminating[0]?.untilTick ?? Infinity;
    if (this.starting === 0) return;
    for (const { ready, servesTick } of this.#replicas) {
      if (!ready && servesTick < this.#nextTick) this.#nextTick = servesTick;
    }
  }

  /** Rounded to the nearest tick, and never at once. */
  #startupTicks(): number {
    const { startup, tickSeconds } = this.#options.config;
    const seconds = lognormal(startup.medianSeconds, startup.sigma, this.#options.random);
    return Math.max(1, Math.round(seconds / tickSeconds));
  }

  get #tickMs(): number {
    return this.#options.config.tickSeconds * 1000;
  }

  #timeOf(tick: number): number {
    return this.#options.startAt + tick * this.#tickMs;
  }
}

/** A replica has one core. A pod that has never been ready is Pending, and no kubelet has noted its start yet. */
function viewOf({ name, createdAt, startedAt, ready, readyChangedAt }: Replica): PodView {
  const common = { name, createdAt, ready, deleting: false, requests: { cpu: 1 } };
  if (readyChangedAt === undefined) return { ...common, phase: 'Pending' };
  return { ...common, phase: 'Running', startedAt, readyChangedAt };
}
