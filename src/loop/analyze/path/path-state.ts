import { PATH_PARTS, shapeOfTier, type PathPart, type PathShape, type PathTier } from './path-shape.ts';

/**
 * Quantile forecasts of one series at any horizon to a week. Plain numbers and four typed arrays, changed in place:
 * `structuredClone` copies it, and the same samples give the same state. Values inside are asinh(value / scale).
 */
export interface PathForecaster {
  readonly tier: PathTier;
  /** Bit p: the part with index p in `PATH_PARTS` does not take part. */
  readonly leftOut: number;
  /** Parts as `PathShape.at` has them. */
  readonly slab: Float32Array;
  /** The regression of each knot. */
  readonly precise: Float64Array;
  /** For each ring: how many entries, which is next to be replaced, then the places of its entries by rising value. */
  readonly order: Uint8Array;
  /** Means of ten minutes over a week, packed, where the history is shorter. */
  readonly week: Uint16Array;
  /** The bin whose samples still come in; NaN before the first. */
  openBin: number;
  openSum: number;
  openCount: number;
  /** Time of the newest sample, ms. */
  newestAt: number;
  /** Bins since the first, the newest complete one; -1 before it. */
  step: number;
  /** The newest complete bin. */
  newestBin: number;
  /** Bins with a value. */
  known: number;
  /** Where the newest value is in the history. */
  head: number;
  /** Values are divided by this; 0 until twelve of them are known. */
  scale: number;
  /** The newest known value; two exponential levels; a running mean of a day; the largest so far. */
  newest: number;
  level: number;
  slowLevel: number;
  mean: number;
  record: number;
  /** Mean absolute error of `level`, over an hour and over two days, and how many there were. */
  fastError: number;
  slowError: number;
  errors: number;
  /** Sum and count of the values of the day that is under way, unscaled; and days with a value so far. */
  daySum: number;
  dayCount: number;
  days: number;
  /** Sum and count of the block that is under way, where blocks are kept. */
  blockSum: number;
  blockCount: number;
  /** Share by which intervals are wider since the last revision of the workload; fades. */
  widening: number;
}

export function createPathState(tier: PathTier, leftOut: readonly PathPart[]): PathForecaster {
  const shape = shapeOfTier(tier);
  return {
    tier,
    leftOut: leftOut.reduce((bits, part) => bits | (1 << PATH_PARTS.indexOf(part)), 0),
    slab: new Float32Array(shape.slabSize),
    precise: new Float64Array(shape.preciseSize * shape.knots.length),
    order: new Uint8Array(shape.knots.length * shape.rings * (shape.ringSize + 2)),
    week: new Uint16Array(shape.blocks),
    openBin: NaN,
    openSum: 0,
    openCount: 0,
    newestAt: -Infinity,
    step: -1,
    newestBin: NaN,
    known: 0,
    head: -1,
    scale: 0,
    newest: NaN,
    level: 0,
    slowLevel: 0,
    mean: 0,
    record: 0,
    fastError: 0,
    slowError: 0,
    errors: 0,
    daySum: 0,
    dayCount: 0,
    days: 0,
    blockSum: 0,
    blockCount: 0,
    widening: 0,
  };
}

/** The value `back` bins before the newest; NaN when it is unknown. `back` within the history. */
export function valueBack({ slab, head }: PathForecaster, shape: PathShape, back: number): number {
  const place = head - back;
  return slab[shape.at.history + (place < 0 ? place + shape.historyBins : place)] ?? NaN;
}

/** Mean of the known values from `from` to `to` bins before the newest, both included; NaN when there is none. */
export function meanBack(forecaster: PathForecaster, shape: PathShape, from: number, to: number): number {
  let sum = 0;
  let known = 0;
  for (let back = from; back <= to; back++) {
    if (back < 0) continue;
    const value = valueBack(forecaster, shape, back);
    if (value !== value) continue;
    sum += value;
    known++;
  }
  return known === 0 ? NaN : sum / known;
}
