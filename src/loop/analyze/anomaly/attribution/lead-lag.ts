/** How well the past of one series tells another. */
export interface LaggedCorrelation {
  /** Points by which `leader` is ahead; negative when it is behind. */
  readonly lag: number;
  /** Pearson's, at that lag, of the changes from point to point. */
  readonly correlation: number;
}

/** Fewer pairs correlate by chance. */
const LEAST_PAIRS = 8;

/**
 * The lag in −maxLag … maxLag at which changes of `leader` and `follower` correlate most, in size; of equal ones the
 * nearest to none. Changes, because two series that only grow correlate at every lag. Undefined where nothing is known.
 */
export function leadLag(
  leader: Float64Array,
  follower: Float64Array,
  maxLag: number,
): LaggedCorrelation | undefined {
  const [a, b] = [changes(leader), changes(follower)];
  let best: LaggedCorrelation | undefined;
  for (let size = 0; size <= maxLag; size += 1) {
    for (const lag of size === 0 ? [0] : [size, -size]) {
      const correlation = correlationAt(a, b, lag);
      if (Math.abs(correlation) > Math.abs(best?.correlation ?? 0) + 1e-12) best = { lag, correlation };
    }
  }
  return best;
}

/**
 * The first of the points that belong to the unusual ones around `since`: walking back from it while a point is unusual,
 * or forward to the first one that is. NaN when none is.
 * @param surprises −log10 p of each point; `threshold` from which a point is unusual
 */
export function onset(surprises: Float64Array, since: number, threshold: number): number {
  let first = Math.max(0, Math.min(since, surprises.length - 1));
  while (first < surprises.length && !((surprises[first] ?? NaN) >= threshold)) first += 1;
  if (first >= surprises.length) return NaN;
  while (first > 0 && (surprises[first - 1] ?? NaN) >= threshold) first -= 1;
  return first;
}

function changes(values: Float64Array): Float64Array {
  return values.map((value, i) => (i === 0 ? NaN : value - (values[i - 1] ?? NaN))).subarray(1);
}

function correlationAt(a: Float64Array, b: Float64Array, lag: number): number {
  const pairs: (readonly [number, number])[] = [];
  for (let i = Math.max(0, -lag); i < a.length && i + lag < b.length; i += 1) {
    const pair = [a[i] ?? NaN, b[i + lag] ?? NaN] as const;
    if (Number.isFinite(pair[0]) && Number.isFinite(pair[1])) pairs.push(pair);
  }
  if (pairs.length < LEAST_PAIRS) return 0;
  const meanA = pairs.reduce((sum, [x]) => sum + x, 0) / pairs.length;
  const meanB = pairs.reduce((sum, [, y]) => sum + y, 0) / pairs.length;
  let [covariance, varianceA, varianceB] = [0, 0, 0];
  for (const [x, y] of pairs) {
    covariance += (x - meanA) * (y - meanB);
    varianceA += (x - meanA) ** 2;
    varianceB += (y - meanB) ** 2;
  }
  const size = Math.sqrt(varianceA) * Math.sqrt(varianceB);
  return size > 0 && Number.isFinite(size) ? covariance / size : 0;
}
