/** Rows in which an alarm counts as finding an anomaly, both ends included. */
export interface NabWindow {
  readonly first: number;
  readonly last: number;
}

/** All windows of a series together are this share of its rows. */
const WINDOW_SHARE = 0.1;

/**
 * Windows of the Numenta Anomaly Benchmark (Lavin and Ahmad, ICMLA 2015): centred on each labelled row, overlapping
 * ones joined.
 * @param labels rows, rising
 * @throws RangeError when a label is not a row
 */
export function nabWindows(rows: number, labels: readonly number[]): NabWindow[] {
  const length = Math.trunc((WINDOW_SHARE * rows) / Math.max(1, labels.length));
  const half = Math.trunc(length / 2);
  const windows: { first: number; last: number }[] = [];
  for (const row of labels) {
    if (!Number.isInteger(row) || row < 0 || row >= rows)
      throw new RangeError(`label ${row} is not one of the ${rows} rows; it must be from 0 to ${rows - 1}`);
    const window = { first: Math.max(0, row - half), last: Math.min(rows - 1, row + half) };
    const before = windows.at(-1);
    if (before !== undefined && window.first <= before.last) before.last = window.last;
    else windows.push(window);
  }
  return windows;
}
