/** How far a value lies outside of all values before it, as a share of their range. */
export interface RunningRange {
  low: number;
  high: number;
}

export function createRunningRange(): RunningRange {
  return { low: NaN, high: NaN };
}

export function observeRange(range: RunningRange, value: number): number {
  if (Number.isNaN(range.low)) {
    range.low = range.high = value;
    return 0;
  }
  const width = range.high - range.low;
  const outside = Math.max(value - range.high, range.low - value, 0);
  range.high = Math.max(range.high, value);
  range.low = Math.min(range.low, value);
  return width > 0 ? outside / width : 0;
}
