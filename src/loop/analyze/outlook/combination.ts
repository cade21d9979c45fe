import { BUCKET_ENDS } from './horizon-buckets.ts';
import { EXPERTS } from './points.ts';
import type { PastErrors } from './past-errors.ts';

/** Levels of the quantiles that are forecast: the median, and the ends of an interval that holds 80 % of what comes. */
export const LEVELS = [0.1, 0.5, 0.9] as const;

/** How the experts are put together; each array by bucket of the horizon. */
export interface Combination {
  /** Of each expert, adding up to 1. */
  readonly weights: readonly Float64Array[];
  /** Added to the weighted mean for the median; distances of the interval's ends from it. They never shrink with the horizon. */
  readonly shift: Float64Array;
  readonly below: Float64Array;
  readonly above: Float64Array;
  /** By hour of the UTC day: how large errors are then, against their mean. */
  readonly scale: Float64Array;
}

/** The expert whose errors tell which hours of the day are uncertain. */
const TYPICAL = EXPERTS.indexOf('template of the week, and levels that fade');
/** Entries of average size that each hour of the day begins with. */
const SCALE_SHRINKAGE = 8;
/** Buckets up to a day ahead have an entry for nearly each hour. */
const SCALE_BUCKETS = 4;

/** An expert's weight falls with its loss to this power, times √(independent errors): little evidence, little choice. */
const CHOICE = 4;
/** Part of all weight that is shared alike, so that no expert is lost for good. */
const SHARED = 0.02;

/** Fewer errors have no quantiles worth the name. */
const LEAST_ERRORS = 10;
/** Quantiles of few errors are too narrow: they are widened by this over the independent errors (and half a one). */
const WIDENING = 0.3;

/**
 * Weights by past loss, intervals by past errors (split conformal prediction, one pool for each bucket). Where the past
 * is short, the spread of the values themselves stands in: `deviations` are they from their median, ascending.
 */
export function combine({ errors, hours, spanHours }: PastErrors, deviations: Float64Array): Combination {
  const scale = scaleByHour(errors, hours);
  const buckets = BUCKET_ENDS.map((end, bucket) => {
    const sizes = Float64Array.from(hours[bucket] ?? [], (hour) => scale[hour] ?? 1);
    return combineBucket(errors[bucket] ?? [], {
      sizes,
      independent: spanHours / end,
      deviations,
    });
  });
  const [low, shift, high] = LEVELS.map((_, k) =>
    Float64Array.from(buckets, ({ offsets }) => offsets[k] ?? 0),
  ) as [Float64Array, Float64Array, Float64Array];
  return {
    weights: buckets.map(({ weights }) => weights),
    scale,
    shift,
    below: neverShrinking(shift, low),
    above: neverShrinking(high, shift),
  };
}

interface Evidence {
  /** The scale that each entry belongs to. */
  readonly sizes: Float64Array;
  /** How many of the entries are worth a whole one. */
  readonly independent: number;
  readonly deviations: Float64Array;
}

function combineBucket(
  experts: readonly Float64Array[],
  { sizes, independent, deviations }: Evidence,
): { weights: Float64Array; offsets: readonly number[] } {
  const entries = experts.map((each) => each.map((error, i) => error / (sizes[i] ?? 1)).sort());
  const quantiles = entries.map((each) => LEVELS.map((level) => quantileOf(each, level)));
  const losses = entries.map((each, expert) => quantileLoss(each, quantiles[expert] ?? []));
  const weights = weightsOf(losses, CHOICE * Math.sqrt(independent));
  const trusted = sizes.length < LEAST_ERRORS ? 0 : independent / (independent + 1);
  const offsets = LEVELS.map((level, k) => {
    const measured = quantiles.reduce(
      (sum, each, expert) => sum + (weights[expert] ?? 0) * (each[k] ?? 0),
      0,
    );
    // Much of a bias that few errors show is chance; and few errors do not show how large they can be.
    if (level === 0.5) return trusted * trusted * measured;
    const wide = measured * (1 + WIDENING / (independent + 0.5));
    return trusted * wide + (1 - trusted) * quantileOf(deviations, level);
  });
  return { weights, offsets };
}

/** upper - lower of each bucket, at least that of the bucket before, and never negative. */
function neverShrinking(upper: Float64Array, lower: Float64Array): Float64Array {
  let widest = 0;
  return upper.map((value, bucket) => (widest = Math.max(widest, value - (lower[bucket] ?? 0))));
}

function scaleByHour(errors: PastErrors['errors'], hours: PastErrors['hours']): Float64Array {
  const sums = new Float64Array(24);
  const counts = new Float64Array(24);
  let sum = 0;
  let count = 0;
  for (let bucket = 0; bucket < SCALE_BUCKETS; bucket++) {
    for (const [i, error] of (errors[bucket]?.[TYPICAL] ?? []).entries()) {
      const hour = hours[bucket]?.[i] ?? 0;
      sums[hour] = (sums[hour] ?? 0) + Math.abs(error);
      counts[hour] = (counts[hour] ?? 0) + 1;
      sum += Math.abs(error);
      count++;
    }
  }
  const mean = sum / count;
  return sums.map((each, hour) =>
    mean > 0 ? (each + SCALE_SHRINKAGE * mean) / ((counts[hour] ?? 0) + SCALE_SHRINKAGE) / mean : 1,
  );
}

function weightsOf(losses: readonly number[], power: number): Float64Array {
  const least = Math.min(...losses);
  const raw = losses.map((loss) => (loss > 0 ? (least / loss) ** power : 1));
  const sum = raw.reduce((total, each) => total + each, 0);
  return Float64Array.from(raw, (each) => ((1 - SHARED) * each) / sum + SHARED / raw.length);
}

/** Mean over the entries and levels; tiny but not 0, so that a perfect expert can be compared. */
function quantileLoss(entries: Float64Array, quantiles: readonly number[]): number {
  let loss = 1e-9;
  for (const [k, level] of LEVELS.entries()) {
    const quantile = quantiles[k] ?? 0;
    for (const error of entries) {
      const above = error - quantile;
      loss += (above > 0 ? level * above : (level - 1) * above) / entries.length;
    }
  }
  return loss;
}

/** Of ascending values, at position level·(n+1)-1, linear in between, clipped to the extremes; 0 of none. */
export function quantileOf(sorted: Float64Array, level: number): number {
  const position = Math.min(sorted.length - 1, Math.max(0, level * (sorted.length + 1) - 1));
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  return position === below ? low : low + (position - below) * ((sorted[below + 1] ?? low) - low);
}
