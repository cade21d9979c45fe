/** No more than twice the usage: as much as one change of the replicas can answer, and then it is measured again. */
const LARGEST_SHARE = 0.5;

/**
 * The CPU that a workload would use if its quota did not hold it back: used ÷ (1 − s), s being the share of the CFS
 * periods in which it was (Autothrottle, NSDI 2024, measures the same ratio). Usage alone never shows more than the
 * limit, and a forecast made of it would learn the limit.
 *
 * Bounded, for s may be another's: a period that was held back has used up its quota, so that used ≥ s × limit, and
 * a larger share belongs to the small limit of a sidecar. Never below `used`; NaN stays NaN.
 * @param used cores, on average.
 * @param throttledShare s, 0 … 1; undefined when unknown, and nothing is corrected.
 * @param limit cores that the same pods may use; undefined when unknown.
 */
export function correctedUsage(
  used: number,
  throttledShare: number | undefined,
  limit: number | undefined,
): number {
  if (throttledShare === undefined || !(throttledShare > 0) || !(used > 0)) return used;
  const possible = limit !== undefined && limit > 0 ? used / limit : 1;
  const corrected = used / (1 - Math.min(throttledShare, possible, LARGEST_SHARE));
  return Math.min(Number.MAX_VALUE, corrected);
}
