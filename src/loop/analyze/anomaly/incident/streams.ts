/** The ways to be unusual: places in the array of surprises. */
export const STREAM = {
  /** Outside of all values so far. */
  range: 0,
  /** A lasting shift against this time of day. */
  dayShift: 1,
  /** A lasting shift against the best of the simple predictions. */
  shift: 2,
  /** Last eight values, a shape not seen before. */
  shape: 3,
  /** Levels in an order not seen before. */
  order: 4,
  /** Spread of the last 12 values. */
  hourSpread: 5,
  /** Several mildly unusual ones for a while. */
  likelihood: 6,
  /** Hardly any spread in the last 12 values. */
  flat: 7,
  /** Spread of the last 48 values. */
  longSpread: 8,
  /** One value against the best of the simple predictions; the same with slow levels. */
  residual: 9,
  slowResidual: 10,
  /** Hours of a shape that no category of past ones holds. */
  novelty: 11,
} as const;

export const STREAMS = 12;
