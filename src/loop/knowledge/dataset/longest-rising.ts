/**
 * Indices of the longest strictly rising subsequence of `times`, ascending (patience sorting, O(n log n)): what is left
 * when the fewest entries are dropped so that the others are in order. Of equal times the first is kept.
 */
export function longestRising(times: ArrayLike<number>): number[] {
  /** For each length, the index that ends a rising subsequence of it with the smallest time. */
  const ends: number[] = [];
  const previous = new Int32Array(times.length);
  for (let index = 0; index < times.length; index += 1) {
    const time = times[index] ?? NaN;
    const length = firstNotBelow(ends, times, time);
    previous[index] = ends[length - 1] ?? -1;
    const end = ends[length];
    if (end === undefined || times[end] !== time) ends[length] = index;
  }
  const kept: number[] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) kept.push(index);
  return kept.reverse();
}

function firstNotBelow(ends: readonly number[], times: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[ends[middle] ?? 0] ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
