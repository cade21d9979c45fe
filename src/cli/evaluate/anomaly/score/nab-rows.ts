import type { NabWindow } from './nab-windows.ts';

/** What finding, a false alarm and a miss are worth. */
export interface NabProfile {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
}

/** The benchmark's three. */
export const NAB_PROFILES = {
  standard: { truePositive: 1, falsePositive: 0.11, falseNegative: 1 },
  lowFalsePositives: { truePositive: 1, falsePositive: 0.22, falseNegative: 1 },
  lowFalseNegatives: { truePositive: 1, falsePositive: 0.11, falseNegative: 2 },
} as const satisfies Record<string, NabProfile>;

export interface NabRows {
  /** First row that is scored. */
  readonly from: number;
  /** What an alarm in each row is worth: in a window up to 1, outside down to −1, before weights. */
  readonly worth: Float64Array;
  /** The window of each row, −1 outside. */
  readonly window: Int32Array;
}

/** Rows without scores: detectors may learn there. */
const PROBATION_SHARE = 0.15;
const PROBATION_ROWS = 750;
/** Widths after a window beyond which a false alarm is as bad as any. */
const FAR = 3;

/** What alarms are worth by row: early in a window most, just after one less bad than far from any. */
export function nabRows(rows: number, windows: readonly NabWindow[]): NabRows {
  const worth = new Float64Array(rows).fill(-1);
  const window = new Int32Array(rows).fill(-1);
  for (const [index, { first, last }] of windows.entries()) {
    const width = last - first + 1;
    for (let row = first; row <= last; row++) {
      window[row] = index;
      worth[row] = sigmoid(-(last - row + 1) / width) / sigmoid(-1);
    }
    const next = windows[index + 1]?.first ?? rows;
    for (let row = last + 1; row < next; row++) worth[row] = sigmoid((row - last) / (width - 1));
  }
  return { from: Math.min(Math.trunc(PROBATION_SHARE * rows), PROBATION_ROWS), worth, window };
}

function sigmoid(x: number): number {
  return x > FAR ? -1 : 2 / (1 + Math.exp(5 * x)) - 1;
}
