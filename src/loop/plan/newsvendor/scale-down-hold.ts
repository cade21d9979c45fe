/** How slowly replicas are given back. */
export interface ScaleDownProfile {
  /** Replicas go down to the largest recommendation of so many decisions, this one included. */
  readonly holdDecisions: number;
  /** A decrease by a smaller part of the replicas is left out. */
  readonly deadBand: number;
}

/** A minute of hold: costs at most 4 % and saves three of five actions. */
export const BALANCED: ScaleDownProfile = { holdDecisions: 5, deadBand: 0 };

/** As few actions as a five-minute maximum makes. */
export const CALM: ScaleDownProfile = { holdDecisions: 5, deadBand: 0.08 };

/** The newest recommendations and the decisions they belong to, as rings. */
export interface ScaleDownHold {
  readonly recommended: Float64Array;
  readonly decisions: Float64Array;
}

export function createScaleDownHold({ holdDecisions }: ScaleDownProfile): ScaleDownHold {
  return {
    recommended: new Float64Array(holdDecisions),
    decisions: new Float64Array(holdDecisions).fill(-Infinity),
  };
}

/** Notes what decision number `decision` recommends and returns the replicas it may change `current` to. */
export function holdScaleDown(
  hold: ScaleDownHold,
  { deadBand }: ScaleDownProfile,
  recommendation: { readonly decision: number; readonly replicas: number; readonly current: number },
): number {
  const { decision, replicas, current } = recommendation;
  const places = hold.recommended.length;
  hold.recommended[decision % places] = replicas;
  hold.decisions[decision % places] = decision;
  if (replicas >= current) return replicas;
  let held = replicas;
  for (let i = 0; i < places; i++) {
    const age = decision - (hold.decisions[i] ?? -Infinity);
    if (age < places) held = Math.max(held, hold.recommended[i] ?? 0);
  }
  if (held >= current || held > current * (1 - deadBand)) return current;
  return held;
}
