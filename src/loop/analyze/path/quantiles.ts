import { LEVEL_COUNT, PATH_LEVELS } from './path-shape.ts';

/** Numbers of an array that someone else keeps. */
export interface Span {
  readonly values: Float32Array | Float64Array;
  readonly from: number;
}

/**
 * Empirical quantiles at all levels of `count` sorted numbers, into `out`: the value at position τ(n + 1) − 1, linear
 * between neighbours, within the smallest and the largest.
 */
export function fillQuantiles({ values, from }: Span, count: number, out: Span): void {
  for (let i = 0; i < LEVEL_COUNT; i++) {
    const position = Math.min(count - 1, Math.max(0, (PATH_LEVELS[i] ?? 0) * (count + 1) - 1));
    const low = Math.floor(position);
    const share = position - low;
    const value = values[from + low] ?? 0;
    out.values[out.from + i] =
      share === 0 ? value : value + share * ((values[from + Math.min(low + 1, count - 1)] ?? 0) - value);
  }
}

/** In place; for the few dozen numbers of a climatology this beats a general sort. */
export function insertionSort(values: Float64Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const value = values[i] ?? 0;
    let j = i - 1;
    while (j >= 0 && (values[j] ?? 0) > value) {
      values[j + 1] = values[j] ?? 0;
      j--;
    }
    values[j + 1] = value;
  }
}
