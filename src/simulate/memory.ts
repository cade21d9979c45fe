import type { Replica } from './replica-plant.ts';
import type { MemoryConfig } from './simulation-config.ts';

/** What the replicas went through together in a tick. */
export interface MemoryLoad {
  /** Requests that were answered. */
  readonly served: number;
  /** Mean number of requests inside, waiting or served. */
  readonly inside: number;
}

/**
 * Counts what each of the serving replicas, which share the load evenly, has served, and gives those whose working
 * set is now beyond the limit.
 */
export function outOfMemory(serving: readonly Replica[], load: MemoryLoad, config: MemoryConfig): Replica[] {
  const steady = config.idleBytes + (load.inside / serving.length) * config.requestBytes;
  return serving.filter((replica) => {
    replica.served += load.served / serving.length;
    return steady + replica.served * config.leakBytesPerRequest > config.limitBytes;
  });
}
