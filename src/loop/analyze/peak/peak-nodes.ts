import { BINS_PER_DAY } from './bins.ts';
import {
  changeUnit,
  countFading,
  createFadingHistogram,
  discountFading,
  fadingQuantiles,
  largestTold,
  type FadingHistogram,
} from './fading-histogram.ts';
import type { TierSize } from './tier.ts';

/** The distribution is cut here; denser above, where the capacity is decided. */
const CUTS = [0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.9995, 1] as const;

/** From this level on the tail of the unscaled errors is mixed in. */
const TAIL_FROM = 0.8;

/**
 * Weight of that tail. In a quiet state the scale is tiny, and errors measured in scales cannot show a burst out of
 * idleness; the errors as they were can.
 */
const TAIL_SHARE = 0.1;

/** One of the values that stand for a part of the distribution. */
interface Node {
  readonly level: number;
  /** Probability that it stands for. */
  readonly weight: number;
}

const NODES: readonly Node[] = CUTS.slice(1).map((high, i) => {
  const low = CUTS[i] ?? 0;
  return { level: (low + high) / 2, weight: high - low };
});

const TAIL: readonly Node[] = NODES.filter(({ level }) => level > TAIL_FROM);

const LEVELS = NODES.map(({ level }) => level);
const TAIL_LEVELS = TAIL.map(({ level }) => level);

/** Places of an array of node values: errors in scales first, then the tail of the unscaled ones; both rising. */
export const PEAK_NODES = NODES.length + TAIL.length;

/**
 * Weight of each node in an expectation. They do not add up to 1: of the tail's share only what lies above
 * `TAIL_FROM` counts, for below that it could not ask for capacity.
 */
export const PEAK_WEIGHTS = Float64Array.from([
  ...NODES.map(({ weight }) => (1 - TAIL_SHARE) * weight),
  ...TAIL.map(({ weight }) => TAIL_SHARE * weight),
]);

/** Past errors of the point forecast, forgotten by a factor e in a week. */
export interface PastErrors {
  /** Errors in expected errors. */
  readonly scaled: FadingHistogram;
  /** Errors in the unit of demand. */
  readonly unscaled: FadingHistogram;
  learned: number;
}

const MEMORY_WINDOWS = 7 * BINS_PER_DAY;

/** While young a third of all windows so far: the first errors are measured in guesses of their size. */
const YOUNG_MEMORY_SHARE = 1 / 3;
const LEAST_MEMORY = 120;

/** Before anything is known: −4 … +5.6 expected errors, counted as so many windows. */
const PRIOR_WINDOWS = 60;

/** Nearest distance of two errors that are told apart, in expected errors: 2 %. */
const SCALED_UNIT = 0.3;

/** Fewer errors than these say nothing of a tail: that in expected errors, which has a prior, stands for it. */
const TAIL_WINDOWS = 240;

/** A burst out of silence has errors of thousands of scales; no such multiple is a forecast. */
const RECORDS = 2;

export function createPastErrors({ scaled, unscaled }: TierSize): PastErrors {
  const errors = {
    scaled: createFadingHistogram(scaled, SCALED_UNIT),
    unscaled: createFadingHistogram(unscaled, 0),
    learned: 0,
  };
  NODES.forEach(({ weight }, i) => countFading(errors.scaled, 0.8 * (i - 5), 1, PRIOR_WINDOWS * weight));
  return errors;
}

/** @param scale the error that was expected, above 0. */
export function learnPastError(errors: PastErrors, error: number, scale: number): void {
  const windows = Math.min(MEMORY_WINDOWS, Math.max(LEAST_MEMORY, YOUNG_MEMORY_SHARE * ++errors.learned));
  const memory = 1 - 1 / windows;
  countFading(errors.scaled, error / scale, memory);
  makeRoom(errors.unscaled, error, scale);
  countFading(errors.unscaled, error, memory);
  if (Math.floor(errors.learned) % BINS_PER_DAY === 0) focus(errors.unscaled);
}

/** The errors so far count only by this share: new ones tell sooner what they have become. */
export function unsettlePastErrors(errors: PastErrors, share: number): void {
  discountFading(errors.scaled, share);
  discountFading(errors.unscaled, share);
  errors.learned *= share;
}

/** What a distribution is built around, in the unit of demand. */
export interface PeakCentre {
  readonly point: number;
  /** Expected |error|. */
  readonly scale: number;
  /** Largest demand remembered. */
  readonly record: number;
}

const QUANTILES = new Float64Array(NODES.length);

/** Fills `nodes` with values of the peak, which `PEAK_WEIGHTS` weigh, within 0 … twice the record. */
export function fillPeakNodes(nodes: Float64Array, errors: PastErrors, centre: PeakCentre): void {
  const { point, scale, record } = centre;
  const most = RECORDS * record;
  fadingQuantiles(errors.scaled, LEVELS, QUANTILES);
  for (let i = 0; i < NODES.length; i++) {
    nodes[i] = Math.min(most, Math.max(0, point + scale * (QUANTILES[i] ?? 0)));
  }
  const tellsTail = errors.learned >= TAIL_WINDOWS;
  if (tellsTail) fadingQuantiles(errors.unscaled, TAIL_LEVELS, QUANTILES);
  for (let i = 0; i < TAIL.length; i++) {
    nodes[NODES.length + i] = tellsTail
      ? Math.min(most, Math.max(0, point + (QUANTILES[i] ?? 0)))
      : (nodes[i + NODES.length - TAIL.length] ?? 0);
  }
}

/**
 * The value that stays at or above the peak with probability `level` (0 … 1), linear between nodes. Never falls when
 * `level` rises. What the weights lack to 1 lies below the level `TAIL_FROM`.
 */
export function peakQuantile(nodes: Float64Array, weights: Float64Array, level: number): number {
  const order = risingOrder(nodes);
  let total = 0;
  for (const weight of weights) total += weight;
  // Probability above the wanted value; what lies below the tail shares the rest evenly.
  const above =
    level >= TAIL_FROM
      ? 1 - level
      : 1 - TAIL_FROM + ((TAIL_FROM - level) / TAIL_FROM) * (total - (1 - TAIL_FROM));
  let passed = 0;
  let higher = NaN;
  let higherMiddle = 0;
  for (let i = order.length - 1; i >= 0; i--) {
    const place = order[i] ?? 0;
    const weight = weights[place] ?? 0;
    const value = nodes[place] ?? 0;
    const middle = passed + weight / 2;
    if (middle >= above) {
      if (Number.isNaN(higher)) return value;
      return higher + ((above - higherMiddle) / (middle - higherMiddle)) * (value - higher);
    }
    higher = value;
    higherMiddle = middle;
    passed += weight;
  }
  return Number.isNaN(higher) ? 0 : higher;
}

const ORDER = new Uint8Array(256);

/** Places of the values from the smallest to the largest. */
function risingOrder(values: Float64Array): Uint8Array {
  for (let i = 0; i < values.length; i++) {
    let at = i;
    while (at > 0 && (values[ORDER[at - 1] ?? 0] ?? 0) > (values[i] ?? 0)) {
      ORDER[at] = ORDER[at - 1] ?? 0;
      at--;
    }
    ORDER[at] = i;
  }
  return ORDER.subarray(0, values.length);
}

/** An error ten times as large as the largest still has its place in the new grid. */
const ROOM = 10;

/** The grid of unscaled errors begins with the first and grows when one is beyond its end. */
function makeRoom(histogram: FadingHistogram, error: number, scale: number): void {
  const largest = largestTold(histogram);
  if (histogram.unit === 0) histogram.unit = scale;
  else if (error > largest) changeUnit(histogram, (histogram.unit * error * ROOM) / largest);
}

/** Where nearly all is zero or smaller, errors are equally large in the grid's eyes. */
const FINE = 50;

/** Once a day: errors that have become much smaller than ever before get bins of their own again. */
function focus(histogram: FadingHistogram): void {
  fadingQuantiles(histogram, [0.9995], QUANTILES);
  const large = QUANTILES[0] ?? 0;
  if (large > 0 && large < histogram.unit) changeUnit(histogram, large / FINE);
}
