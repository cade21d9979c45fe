import { lognormal, type Random } from './random.ts';
import type { NodeConfig } from './simulation-config.ts';

/** One node of the pool; ticks are counted from the start of the simulation. */
export interface Node {
  /** From here on pods can start on it. */
  readonly readyTick: number;
  /** Pods that hold room on it: starting, ready and terminating ones. */
  pods: number;
  /** Since when it has had no pods. */
  emptySinceTick: number;
}

export interface NodePoolOptions {
  readonly config: NodeConfig;
  readonly tickSeconds: number;
  /** Standard deviation of the logarithm of a node's start-up time. */
  readonly sigma: number;
  readonly random: Random;
}

/**
 * The nodes under one workload, as a cluster autoscaler keeps them: a pod goes to the oldest node with room, else
 * to one that is on its way, else a new one is ordered for it; a node that has been empty for long is given back.
 */
export class NodePool {
  readonly #options: NodePoolOptions;
  readonly #nodes: Node[] = [];

  constructor(options: NodePoolOptions) {
    const { replicasPerNode, startupSeconds } = options.config;
    if (!Number.isInteger(replicasPerNode) || replicasPerNode < 1) {
      throw new RangeError(
        `nodes.replicasPerNode must be a whole number of at least 1, found ${replicasPerNode}`,
      );
    }
    if (!(startupSeconds > 0)) {
      throw new RangeError(`nodes.startupSeconds must be above 0, found ${startupSeconds}`);
    }
    this.#options = options;
  }

  /** Nodes that exist or are ordered: all are paid for. */
  get count(): number {
    return this.#nodes.length;
  }

  /** Room for a new pod; `atOnce` for the pods that exist when the simulation begins. */
  place(tick: number, atOnce = false): Node {
    const { config, tickSeconds, sigma, random } = this.#options;
    let node = this.#nodes.find(({ pods }) => pods < config.replicasPerNode);
    if (node === undefined) {
      const seconds = atOnce ? 0 : lognormal(config.startupSeconds, sigma, random);
      node = { readyTick: tick + Math.round(seconds / tickSeconds), pods: 0, emptySinceTick: tick };
      this.#nodes.push(node);
    }
    node.pods += 1;
    return node;
  }

  /** A pod has gone from its node. */
  leave(node: Node, tick: number): void {
    node.pods -= 1;
    if (node.pods === 0) node.emptySinceTick = Math.max(tick, node.readyTick);
  }

  /** Gives back what has been empty for long enough. */
  advanceTo(tick: number): void {
    const patience = this.#options.config.emptySeconds / this.#options.tickSeconds;
    for (let i = this.#nodes.length - 1; i >= 0; i -= 1) {
      const node = this.#nodes[i];
      if (node?.pods === 0 && tick - node.emptySinceTick >= patience) this.#nodes.splice(i, 1);
    }
  }

  /** Takes one node away, by a number in [0, 1) that says which; undefined when there is none. */
  lose(which: number): Node | undefined {
    return this.#nodes.splice(Math.floor(which * this.#nodes.length), 1)[0];
  }
}
