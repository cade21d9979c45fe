import { SUSPECTED_SIGNALS, type SuspectedSignal } from '../attribution/attribution.ts';

/** The last hour of one workload for the eyes of the others, by minute modulo 60. Changed in place. */
export interface MemberSeries {
  /** One row for each suspected signal, in their order, and the largest surprise last. NaN where nothing is known. */
  readonly rows: Float32Array;
  /** Since the epoch, of the newest; NaN before the first. */
  minute: number;
}

/** One minute of it. */
export interface MemberMinute {
  /** Since the epoch. */
  readonly minute: number;
  /** In the units of the watched signals. */
  readonly values: Readonly<Record<SuspectedSignal, number>>;
  /** −log10 of the smallest p-value of any of its signals. */
  readonly surprise: number;
}

export const SERIES_MINUTES = 60;

const ROWS = SUSPECTED_SIGNALS.length + 1;

export function createMemberSeries(): MemberSeries {
  return { rows: new Float32Array(ROWS * SERIES_MINUTES).fill(NaN), minute: NaN };
}

/** Takes in a minute. What is between it and the last one is not known; a step back forgets all. */
export function observeMemberMinute(series: MemberSeries, { minute, values, surprise }: MemberMinute): void {
  const { rows } = series;
  const passed = minute - series.minute;
  if (!(passed > 0 && passed < SERIES_MINUTES)) rows.fill(NaN);
  else for (let ago = 0; ago < passed; ago += 1) write(rows, minute - ago, () => NaN);
  series.minute = minute;
  write(rows, minute, (row) => {
    const signal = SUSPECTED_SIGNALS[row];
    return signal === undefined ? surprise : values[signal];
  });
}

function write(rows: Float32Array, minute: number, value: (row: number) => number): void {
  for (let row = 0; row < ROWS; row += 1) rows[row * SERIES_MINUTES + (minute % SERIES_MINUTES)] = value(row);
}

/** The hour up to `minute`, oldest first; NaN where this workload knows nothing. */
export function memberSignal(series: MemberSeries, signal: SuspectedSignal, minute: number): Float64Array {
  return hourOf(series, SUSPECTED_SIGNALS.indexOf(signal), minute);
}

/** The largest surprise of the `minutes` up to `minute`; 0 where nothing is known. */
export function largestSurprise(series: MemberSeries, minute: number, minutes: number): number {
  let largest = 0;
  for (const surprise of hourOf(series, ROWS - 1, minute).subarray(-minutes)) {
    if (surprise > largest) largest = surprise;
  }
  return largest;
}

function hourOf(series: MemberSeries, row: number, minute: number): Float64Array {
  const first = minute - SERIES_MINUTES + 1;
  return Float64Array.from({ length: SERIES_MINUTES }, (_, i) => {
    const ago = series.minute - (first + i);
    const known = ago >= 0 && ago < SERIES_MINUTES;
    return known ? (series.rows[row * SERIES_MINUTES + ((first + i) % SERIES_MINUTES)] ?? NaN) : NaN;
  });
}
