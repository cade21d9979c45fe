/** The quantile of values in rising order by linear interpolation between neighbours (type 7 of Hyndman and Fan, 1996). */
export function quantileOfSorted(sorted: readonly number[], level: number): number {
  const position = (sorted.length - 1) * level;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError('a quantile of nothing is not known');
  // An infinite neighbour times a weight of 0 would be no number.
  return below === above ? below : below + (above - below) * (position - Math.floor(position));
}

export function median(values: readonly number[]): number {
  return quantileOfSorted([...values].sort(rising), 0.5);
}

export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('a mean of nothing is not known');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function shareOf<T>(values: readonly T[], holds: (value: T) => boolean): number {
  if (values.length === 0) throw new RangeError('a share of nothing is not known');
  return values.filter(holds).length / values.length;
}

export function rising(a: number, b: number): number {
  return a - b;
}
