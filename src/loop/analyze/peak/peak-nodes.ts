import { floatsIn, type Arena } from './arena.ts';
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

const FIRST_OF_TAIL = NODES.length;

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

const TOTAL_WEIGHT = PEAK_WEIGHTS.reduce((sum, weight) => sum + weight, 0);

/** Past errors of the point forecast, forgotten by a factor e in two weeks. */
export interface PastErrors {
  /** Errors in expected errors. */
  readonly scaled: FadingHistogram;
  /** Errors in the unit of demand. */
  readonly unscaled: FadingHistogram;
  /** Their quantiles at the levels of the nodes and of the tail, as they were when last looked up. */
  readonly nodes: Float32Array;
  learned: number;
}

const MEMORY_WINDOWS = 14 * BINS_PER_DAY;

/**
 * In the first six hours half an hour: errors measured in guesses of their size must not stay for a week. After that the
 * whole of a young history counts.
 */
const YOUNG_WINDOWS = BINS_PER_DAY / 4;
const YOUNG_MEMORY_WINDOWS = 120;

/** Before anything is known: −4 … +5.6 expected errors, counted as so many windows. */
const PRIOR_WINDOWS = 60;

/** Windows between two look-ups of the quantiles: two weeks of errors hardly change in four minutes. */
const LOOK_UP_WINDOWS = 16;

/** Nearest distance of two errors that are told apart, in expected errors: 2 %. */
const SCALED_UNIT = 0.3;

/** Fewer errors than these say nothing of a tail: that in expected errors, which has a prior, stands for it. */
const TAIL_WINDOWS = 240;

/** A burst out of silence has errors of thousands of scales; no such multiple is a forecast. */
const RECORDS = 2;

export function createPastErrors(arena: Arena, { scaled, unscaled }: TierSize): PastErrors {
  const errors: PastErrors = {
    scaled: createFadingHistogram(arena, scaled, SCALED_UNIT),
    unscaled: createFadingHistogram(arena, unscaled, 0),
    nodes: floatsIn(arena, PEAK_NODES),
    learned: 0,
  };
  NODES.forEach(({ weight }, i) => countFading(errors.scaled, 0.8 * (i - 5), 1, PRIOR_WINDOWS * weight));
  lookUp(errors);
  return errors;
}

/** @param scale the error that was expected, above 0. */
export function learnPastError(errors: PastErrors, error: number, scale: number): void {
  const young = ++errors.learned <= YOUNG_WINDOWS;
  const memory = 1 - 1 / (young ? YOUNG_MEMORY_WINDOWS : MEMORY_WINDOWS);
  countFading(errors.scaled, error / scale, memory);
  makeRoom(errors.unscaled, error, scale);
  countFading(errors.unscaled, error, memory);
  if (errors.learned % BINS_PER_DAY === 0) focus(errors.unscaled);
  if (young || errors.learned % LOOK_UP_WINDOWS === 0) lookUp(errors);
}

function lookUp(errors: PastErrors): void {
  fadingQuantiles(errors.scaled, LEVELS, errors.nodes);
  if (errors.learned >= TAIL_WINDOWS) {
    fadingQuantiles(errors.unscaled, TAIL_LEVELS, errors.nodes, NODES.length);
  }
}

/** The errors so far count only by this share, and as if they had been larger by `factor`. */
export function unsettlePastErrors(errors: PastErrors, share: number, factor = 1): void {
  discountFading(errors.scaled, share);
  discountFading(errors.unscaled, share);
  errors.unscaled.unit *= factor;
  lookUp(errors);
}

/** What a distribution is built around, in the unit of demand. */
export interface PeakCentre {
  readonly point: number;
  /** Expected |error|. */
  readonly scale: number;
  /** Largest demand remembered. */
  readonly record: number;
}

/** Fills `nodes` with values of the peak, which `PEAK_WEIGHTS` weigh, within 0 … twice the record. */
export function fillPeakNodes(nodes: Float64Array, errors: PastErrors, centre: PeakCentre): void {
  const { point, scale, record } = centre;
  const { nodes: known } = errors;
  const most = RECORDS * record;
  for (let i = 0; i < FIRST_OF_TAIL; i++) {
    nodes[i] = Math.min(most, Math.max(0, point + scale * (known[i] ?? 0)));
  }
  const tellsTail = errors.learned >= TAIL_WINDOWS;
  for (let i = FIRST_OF_TAIL; i < PEAK_NODES; i++) {
    nodes[i] = tellsTail
      ? Math.min(most, Math.max(0, point + (known[i] ?? 0)))
      : (nodes[i - TAIL.length] ?? 0);
  }
}

/** The middle of the errors in scales: between the nodes for the levels 0.4 and 0.6. */
export function peakMedian(nodes: Float64Array): number {
  return ((nodes[2] ?? 0) + (nodes[3] ?? 0)) / 2;
}

/**
 * The value that stays at or above the peak with probability `level` (0 … 1), linear between nodes. Never falls when
 * `level` rises. What the weights lack to 1 lies below the level `TAIL_FROM`. Both runs of nodes rise: walked through
 * from their ends at once.
 */
export function peakQuantile(nodes: Float64Array, weights: Float64Array, level: number): number {
  // Probability above the wanted value; what lies below the tail shares the rest evenly.
  const above =
    level >= TAIL_FROM
      ? 1 - level
      : 1 - TAIL_FROM + ((TAIL_FROM - level) / TAIL_FROM) * (TOTAL_WEIGHT - (1 - TAIL_FROM));
  let scaled = FIRST_OF_TAIL - 1;
  let tail = PEAK_NODES - 1;
  let passed = 0;
  let higher = NaN;
  let higherMiddle = 0;
  while (scaled >= 0 || tail >= FIRST_OF_TAIL) {
    const ofTail = tail >= FIRST_OF_TAIL && isLarger(nodes, tail, scaled);
    const place = ofTail ? tail-- : scaled--;
    const weight = weights[place] ?? 0;
    const value = nodes[place] ?? 0;
    const middle = passed + weight / 2;
    if (middle >= above) {
      const part = (above - higherMiddle) / (middle - higherMiddle);
      return Number.isNaN(higher) ? value : higher + part * (value - higher);
    }
    higher = value;
    higherMiddle = middle;
    passed += weight;
  }
  return Number.isNaN(higher) ? 0 : higher;
}

/** True also where nothing is left to compare with. */
function isLarger(nodes: Float64Array, place: number, other: number): boolean {
  return other < 0 || (nodes[place] ?? 0) >= (nodes[other] ?? 0);
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

const LARGE = new Float32Array(1);

/** Once a day: errors that have become much smaller than ever before get bins of their own again. */
function focus(histogram: FadingHistogram): void {
  fadingQuantiles(histogram, [0.9995], LARGE);
  const large = LARGE[0] ?? 0;
  if (large > 0 && large < histogram.unit) changeUnit(histogram, large / FINE);
}
