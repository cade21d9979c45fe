import { readTable } from '../../../adapters/csv/read-trace.ts';
import { TraceError } from '../../../adapters/csv/trace-error.ts';
import { nameFiles } from '../../backtest/file-loads.ts';
import { InputError } from '../../verb.ts';

/** Every row of one file, in its order: gaps, repeated times and rows out of order too. */
export interface Rows {
  readonly name: string;
  readonly file: string;
  /** ms since the epoch, and as they are written. */
  readonly times: Float64Array;
  readonly timeTexts: readonly string[];
  /** Of the value columns; NaN for an empty cell. */
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
  /** Usual time from one row to the next; divides a day. */
  readonly stepSeconds: number;
}

export interface RowFiles {
  readonly paths: readonly string[];
  readonly skipBadRows: boolean;
}

/** @param warn is told what was left out, in one line @throws InputError */
export function readRows({ paths, skipBadRows }: RowFiles, warn: (message: string) => void): Rows[] {
  return usable(() => nameFiles(paths)).map(({ file, name }) => {
    const options = { columns: 'all', skipBadRows, negative: true, everyRow: true } as const;
    const { times, timeTexts = [], names, columns, skippedRows } = usable(() => readTable(file, options));
    if (skippedRows > 0) warn(`${file}: ${skippedRows} rows that cannot be used were left out`);
    return { name, file, times, timeTexts, names, columns, stepSeconds: stepOf(times, file) };
  });
}

const DAY_SECONDS = 86_400;
const LONGEST_STEP = 3600;

/** The median distance of rows that are not at the same time, as the nearest part of a day. */
function stepOf(times: Float64Array, file: string): number {
  const distances = times
    .subarray(1)
    .map((time, i) => (time - (times[i] ?? time)) / 1000)
    .filter((seconds) => seconds > 0)
    .sort();
  const usual = distances[distances.length >> 1] ?? 60;
  if (usual > 1.5 * LONGEST_STEP) {
    throw new InputError(
      `${file}: rows are ${Math.round(usual)} s apart; anomalies are looked for in rows at most an hour apart: export more of them`,
    );
  }
  return nearestPart(DAY_SECONDS / Math.max(1, usual));
}

/** Seconds of the step that divides the day into nearly so many parts. */
function nearestPart(parts: number): number {
  const wanted = Math.max(DAY_SECONDS / LONGEST_STEP, Math.min(DAY_SECONDS, Math.round(parts)));
  for (let off = 0; ; off += 1) {
    const found = [wanted - off, wanted + off].find((each) => DAY_SECONDS % each === 0);
    if (found !== undefined) return DAY_SECONDS / found;
  }
}

function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TraceError) throw new InputError(error.message, { cause: error });
    throw error;
  }
}
