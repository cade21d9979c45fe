import { createTailCalibrator, surprise, type TailCalibrator } from '../surprise/tail-calibrator.ts';
import { createMetricSurprise, observeMetric, type MetricSurprise } from './metric-surprise.ts';

/**
 * Several metrics of one service in one score: a metric that is very surprised counts, and so do several that are
 * somewhat surprised at once. Sums of squares would let many small ones drown one, the maximum ignores the others.
 */
export interface ServiceScore {
  readonly metrics: readonly MetricSurprise[];
  /** Of the last point, one for each metric, in −log₁₀ p; NaN where it was unknown. */
  readonly surprises: Float64Array;
  readonly calibrator: TailCalibrator;
  /** −log₁₀ of the chance of the last score among 14 days of its own: what a severity is made of. NaN before the first. */
  surprise: number;
}

export interface ServiceScoreOptions {
  readonly metrics: number;
  /** Seconds from one point to the next; a part of a day. */
  readonly stepSeconds: number;
}

const DAY_SECONDS = 86_400;
const REMEMBERED_DAYS = 14;

/** @throws RangeError when `stepSeconds` does not divide a day, or there is no metric. */
export function createServiceScore({ metrics, stepSeconds }: ServiceScoreOptions): ServiceScore {
  const dayPoints = DAY_SECONDS / stepSeconds;
  if (!Number.isInteger(dayPoints)) {
    throw new RangeError(`stepSeconds is ${stepSeconds}; it must divide a day, as 15, 60 or 300`);
  }
  if (!Number.isInteger(metrics) || metrics < 1) {
    throw new RangeError(`metrics is ${metrics}; it must be a whole number of at least 1`);
  }
  return {
    metrics: Array.from({ length: metrics }, () => createMetricSurprise(dayPoints)),
    surprises: new Float64Array(metrics).fill(NaN),
    calibrator: createTailCalibrator({ effectiveSamples: REMEMBERED_DAYS * dayPoints, robust: false }),
    surprise: NaN,
  };
}

/**
 * Third-power norm of the metrics' surprises, in units of −log₁₀ p; NaN when no metric is known. Then learns them.
 * @param values one for each metric; what is not finite is not known.
 * @param slot time of the point since the epoch ÷ the step, rounded down.
 */
export function observeService(
  service: ServiceScore,
  values: Float32Array | Float64Array,
  slot: number,
): number {
  const { metrics, surprises, calibrator } = service;
  let sum = NaN;
  for (let i = 0; i < metrics.length; i++) {
    const metric = metrics[i];
    if (metric === undefined) continue;
    const one = observeMetric(metric, values[i] ?? NaN, slot);
    surprises[i] = one;
    if (!Number.isNaN(one)) sum = (Number.isNaN(sum) ? 0 : sum) + one * one * one;
  }
  const score = Math.cbrt(sum);
  service.surprise = surprise(calibrator, score);
  return score;
}

/** Places of the metrics to name for the last score: the most surprised first, and only those at least half as surprised. */
export function culpritsOf({ surprises }: ServiceScore, most: number): number[] {
  const largest = surprises.reduce((a, b) => (b > a ? b : a), 0);
  if (!(largest > 0)) return [];
  return Array.from(surprises.keys())
    .filter((i) => (surprises[i] ?? 0) >= largest / 2)
    .sort((a, b) => (surprises[b] ?? 0) - (surprises[a] ?? 0))
    .slice(0, most);
}
