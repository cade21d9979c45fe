/** Where a contender stands between cost and slow requests. */
export interface Tradeoff {
  readonly costOverOracle: number;
  readonly badRequestShare: number;
}

/**
 * Those that nobody beats in both: no other is at most as dear and at most as slow, and better in one. In rising order
 * of slow requests, and so of falling cost.
 */
export function undominated<T extends Tradeoff>(points: readonly T[]): T[] {
  const rising = [...points].sort(
    (a, b) => a.badRequestShare - b.badRequestShare || a.costOverOracle - b.costOverOracle,
  );
  let cheapest = Infinity;
  let slowest = -Infinity;
  return rising.filter((point) => {
    const twin = point.costOverOracle === cheapest && point.badRequestShare === slowest;
    if (!twin && point.costOverOracle >= cheapest) return false;
    cheapest = point.costOverOracle;
    slowest = point.badRequestShare;
    return true;
  });
}
