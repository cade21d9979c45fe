/** From values to places on paper, logarithmic: costs and shares differ by factors. */
export interface Scale {
  readonly ticks: readonly number[];
  /** Place of a value, pixels; what is below the low end, as 0 is, is drawn there. */
  at(value: number): number;
}

export interface ScaleOptions {
  readonly low: number;
  readonly high: number;
  /** Pixels at `low` and at `high`. */
  readonly from: number;
  readonly to: number;
  /** Candidates for labels; those between low and high are used. */
  readonly ticks: readonly number[];
}

export function logScale({ low, high, from, to, ticks }: ScaleOptions): Scale {
  const base = Math.log(low);
  const span = Math.log(high) - base;
  return {
    ticks: ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001),
    at: (value) => {
      const within = Math.max(low, value);
      return from + ((Math.log(within) - base) / span) * (to - from);
    },
  };
}

/** Costs over the oracle that are worth a line. */
export const COST_TICKS = [1, 1.2, 1.5, 2, 3, 4, 6, 8, 12, 20, 50, 100, 1_000];
/** Shares that are worth a line: 0.001 % to 100 %. */
export const SHARE_TICKS = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];
