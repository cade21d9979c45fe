/** What the whole fleet means for one policy at this moment. Plain data, made by `fleetView`. */
export interface FleetView {
  /** A drop that too many workloads show at once; undefined when there is none. */
  readonly doubt: FleetDoubt | undefined;
  /** This policy has wanted a large decrease since before the whole fleet was last looked at. */
  readonly asked: boolean;
  /** Another workload may still be lowered by a large step, or this one has been already. */
  readonly slotFree: boolean;
  /** How many may be, for people. */
  readonly slots: number;
}

/** Times in ms since the epoch. */
export interface FleetDoubt {
  readonly since: number;
  readonly until: number;
  readonly message: string;
}

/** How long a large decrease counts against the others', and how far back small ones are added up. */
export const SLOT_SECONDS = 600;

/** More than a fifth of the replicas, and more than one: the decision engine's largest step (E.7, G6). */
export const LARGE_PERCENT = 20;

export function isLarge(from: number, to: number): boolean {
  return from - to >= 2 && to < (1 - LARGE_PERCENT / 100) * from;
}
