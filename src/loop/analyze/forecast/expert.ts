/**
 * One way to forecast the maximum over a window. Experts speak in multiples of the origin's sigma, relative to
 * "demand now plus season", and know nothing of units, clocks or gaps. Their answers are pooled; a new expert
 * is added by one entry in `experts.ts`.
 */
export interface Expert<State> {
  readonly name: string;
  /** Typed arrays and plain numbers only: the state is checkpointed. */
  readonly create: (windowMinutes: number) => State;
  /** Asleep, it is left out of the pool but goes on learning. */
  readonly isAwake: (state: State) => boolean;
  /** Writes one quantile for each of `LEVELS` and returns its point forecast. */
  readonly predict: (state: State, features: Float64Array, quantiles: Float64Array) => number;
  readonly learn: (state: State, outcome: Outcome) => void;
}

/** A completed window. */
export interface Outcome {
  readonly features: Float64Array;
  /** The maximum that came, in the expert's terms. */
  readonly target: number;
  /** The point forecast this expert gave for it. */
  readonly point: number;
}
