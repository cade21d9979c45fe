/**
 * The median slope of all pairs of points (Theil 1950, Sen 1968) with Sen's confidence interval, and the test of
 * Mann (1945) and Kendall for a trend at all. Up to 29 % of the points may be anything. Neighbours in time resemble
 * each other, so both are widened by the lag-one autocorrelation of the residuals (Yue and Wang 2004).
 */
export interface Trend {
  /** Per unit of x. */
  readonly slope: number;
  readonly lower: number;
  readonly upper: number;
  /** Median of y − slope · x. */
  readonly intercept: number;
  /** One-sided: the chance of so steep a rise where there is none. */
  readonly p: number;
}

/** 90 % between `lower` and `upper`. */
const NORMAL_95 = 1.645;
/** Beyond it the residuals are one long wave, and the formula divides by nearly nothing. */
const MAX_AUTOCORRELATION = 0.98;

/** Pairs with an unknown number are left out. Undefined with fewer than three points or when all have the same x. */
export function theilSen(x: Float64Array, y: Float64Array): Trend | undefined {
  const slopes = new Float64Array((x.length * (x.length - 1)) / 2);
  let pairs = 0;
  let concordance = 0;
  for (let i = 0; i < x.length; i += 1) {
    for (let j = i + 1; j < x.length; j += 1) {
      const slope = ((y[j] ?? NaN) - (y[i] ?? NaN)) / ((x[j] ?? NaN) - (x[i] ?? NaN));
      if (!Number.isFinite(slope)) continue;
      concordance += Math.sign(slope);
      slopes[pairs++] = slope;
    }
  }
  if (pairs < 3) return undefined;
  const sorted = slopes.subarray(0, pairs).sort();
  const slope = middle(sorted);
  const residuals = y.map((value, i) => value - slope * (x[i] ?? NaN));
  const intercept = middle(residuals.filter(Number.isFinite).sort());
  const count = (1 + Math.sqrt(1 + 8 * pairs)) / 2;
  const deviation = Math.sqrt(((count * (count - 1) * (2 * count + 5)) / 18) * inflation(residuals));
  const half = NORMAL_95 * deviation;
  return {
    slope,
    lower: sorted[Math.max(0, Math.floor((pairs - half) / 2))] ?? NaN,
    upper: sorted[Math.min(pairs - 1, Math.ceil((pairs + half) / 2))] ?? NaN,
    intercept,
    p: normalUpperTail((concordance - Math.sign(concordance)) / deviation),
  };
}

/** By how much the variance of a mean is larger than that of independent numbers, from the lag-one autocorrelation: at least 1. */
export function inflation(residuals: Float64Array): number {
  const rho = Math.min(MAX_AUTOCORRELATION, Math.max(0, lagOneAutocorrelation(residuals)));
  return (1 + rho) / (1 - rho);
}

function lagOneAutocorrelation(values: Float64Array): number {
  let sum = 0;
  let known = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += value;
    known += 1;
  }
  const mean = sum / known;
  let variance = 0;
  let covariance = 0;
  for (let i = 0; i < values.length; i += 1) {
    const here = (values[i] ?? NaN) - mean;
    if (!Number.isFinite(here)) continue;
    variance += here * here;
    const next = (values[i + 1] ?? NaN) - mean;
    if (Number.isFinite(next)) covariance += here * next;
  }
  return variance > 0 ? covariance / variance : 0;
}

/** Chance that a standard normal number is beyond z: Abramowitz and Stegun 26.2.17 around 0, Mills' ratio in the tail. */
export function normalUpperTail(z: number): number {
  if (z < 0) return 1 - normalUpperTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > 4) return density / (z + 1 / (z + 2 / (z + 3 / (z + 4 / z))));
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return density * series;
}

function middle(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] ?? NaN)
    : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2;
}
