import { countTail } from './tail-probability.ts';

/**
 * What is usual for a source of events, in four numbers: a Gamma posterior of its rate, fading, and how much more its
 * counts scatter than chance alone would have it (a negative binomial by moments).
 */
export interface CountRate {
  /** Fading sum of the counts, and of the seconds in which they were counted. */
  count: number;
  seconds: number;
  /** Fading sum of (count − expected)² ÷ expected, and of its weights: their ratio is the overdispersion. */
  scatter: number;
  weight: number;
}

/** What is believed of a source that nothing is known of: so many events in so many seconds. */
export interface RatePrior {
  readonly count: number;
  readonly seconds: number;
}

/** A day: what a source does at night and by day is both usual. */
const MEMORY_SECONDS = 86_400;

/** What is left, after so many seconds, of what was learnt before. */
export function kept(seconds: number): number {
  return Math.exp(-seconds / MEMORY_SECONDS);
}
/** Twice the scatter of chance, with the weight of twenty intervals, until the source has shown its own. */
const USUAL_SCATTER = 2;
const SCATTER_WEIGHT = 20;
/** A burst teaches no more than this many standard deviations above the mean: it must not become usual at once. */
const MAX_LEARNT_DEVIATIONS = 3;

export function createCountRate(): CountRate {
  return { count: 0, seconds: 0, scatter: 0, weight: 0 };
}

/** Mean and variance of the next count in so many seconds. */
function expected(rate: CountRate, prior: RatePrior, seconds: number): { mean: number; variance: number } {
  const count = prior.count + rate.count;
  const mean = (seconds * count) / (prior.seconds + rate.seconds);
  const scatter = (USUAL_SCATTER * SCATTER_WEIGHT + rate.scatter) / (SCATTER_WEIGHT + rate.weight);
  // The second term: the rate itself is known only so well (variance of the Gamma posterior).
  return { mean, variance: mean * Math.max(1, scatter) + (mean * mean) / count };
}

/** How often so many events or more come within so many seconds, as far as is known. */
export function countPValue(rate: CountRate, prior: RatePrior, count: number, seconds: number): number {
  const { mean, variance } = expected(rate, prior, seconds);
  return countTail(count, mean, variance);
}

/** Events expected in so many seconds. */
export function expectedCount(rate: CountRate, prior: RatePrior, seconds: number): number {
  return expected(rate, prior, seconds).mean;
}

export interface Lesson {
  readonly count: number;
  readonly seconds: number;
  /** What is there is the baseline: it is taken in as it is. */
  readonly baseline: boolean;
  /** So many are nobody's burst, and are always taken in. */
  readonly harmless: number;
}

/** Takes in a count, or as much of it as is plausible. */
export function learnCount(
  rate: CountRate,
  prior: RatePrior,
  { count, seconds, baseline, harmless }: Lesson,
): void {
  const { mean, variance } = expected(rate, prior, seconds);
  const most = Math.max(harmless, mean + MAX_LEARNT_DEVIATIONS * Math.sqrt(variance));
  const learnt = baseline ? count : Math.min(count, most);
  const keep = kept(seconds);
  rate.count = keep * rate.count + learnt;
  rate.seconds = keep * rate.seconds + seconds;
  // Against what is expected now that it has come: how little was known of a new source is no scatter of its counts.
  const after = expected(rate, prior, seconds).mean;
  rate.scatter = keep * rate.scatter + (learnt - after) ** 2 / after;
  rate.weight = keep * rate.weight + 1;
}
