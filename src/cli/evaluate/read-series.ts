import { readTable } from '../../adapters/csv/read-trace.ts';
import { TraceError } from '../../adapters/csv/trace-error.ts';
import { nameFiles } from '../backtest/file-loads.ts';
import { InputError } from '../verb.ts';

/** A measured series in steps of five minutes. */
export interface EvaluatedSeries {
  readonly name: string;
  /** Mean of each step; NaN where nothing was measured. The first is known. */
  readonly values: Float64Array;
  /**
   * What stands for each step in messages and files, ms since the epoch: the time of its last sample where samples are
   * five minutes apart, else its start. NaN for a gap.
   */
  readonly times: Float64Array;
  /** Start of the first step, ms since the epoch. */
  readonly start: number;
}

export const STEP_MS = 300_000;

/** Samples that are this far apart, usually, leave steps empty. */
const LONGEST_INTERVAL_MS = 1.5 * STEP_MS;

export interface SeriesFiles {
  readonly paths: readonly string[];
  readonly skipBadRows: boolean;
}

/**
 * Every value column of every file.
 * @param warn is told what was assumed or left out, in one line
 * @throws InputError
 */
export function readSeries(
  { paths, skipBadRows }: SeriesFiles,
  warn: (message: string) => void,
): EvaluatedSeries[] {
  let unzoned: string[] = [];
  const all = usable(() => nameFiles(paths)).flatMap(({ file, name }) => {
    const table = usable(() => readTable(file, { columns: 'all', skipBadRows }));
    if (table.assumedUtc) unzoned = [...unzoned, file];
    if (table.skippedRows > 0) warn(`${file}: ${table.skippedRows} rows that cannot be used were left out`);
    const interval = usualInterval(table.times);
    if (interval > LONGEST_INTERVAL_MS) {
      throw new InputError(
        `${file}: samples are ${Math.round(interval / 1000)} s apart; forecasts are of five minutes: export a sample for each five minutes at least`,
      );
    }
    return table.columns.map((column, i) => {
      const of = table.columns.length === 1 ? name : `${name}/${table.names[i] ?? ''}`;
      return inSteps(of, table.times, column, interval);
    });
  });
  const [first, ...more] = unzoned;
  if (first !== undefined)
    warn(
      `times without a zone were read as UTC in ${first}${more.length === 0 ? '' : ` and ${more.length} more`}`,
    );
  return all;
}

function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TraceError) throw new InputError(error.message, { cause: error });
    throw error;
  }
}

/** The median, ms. */
function usualInterval(times: Float64Array): number {
  const intervals = times.subarray(1).map((time, i) => time - (times[i] ?? time));
  return intervals.sort()[intervals.length >> 1] ?? 0;
}

function inSteps(name: string, times: Float64Array, column: Float64Array, interval: number): EvaluatedSeries {
  // Steps are laid so that samples five minutes apart fall into their middle: a late one is no gap and no double.
  const sparse = interval > STEP_MS / 2;
  const first = times[column.findIndex((value) => !Number.isNaN(value))] ?? times[0] ?? 0;
  const start = sparse ? first - STEP_MS / 2 : Math.floor(first / STEP_MS) * STEP_MS;
  const steps = Math.floor(((times.at(-1) ?? first) - start) / STEP_MS) + 1;
  const sums = new Float64Array(steps);
  const counts = new Uint32Array(steps);
  const stamps = new Float64Array(steps).fill(NaN);
  for (const [i, value] of column.entries()) {
    const time = times[i] ?? 0;
    if (Number.isNaN(value) || time < start) continue;
    const step = Math.floor((time - start) / STEP_MS);
    sums[step] = (sums[step] ?? 0) + value;
    counts[step] = (counts[step] ?? 0) + 1;
    stamps[step] = sparse ? time : start + step * STEP_MS;
  }
  return {
    name,
    start,
    times: stamps,
    values: sums.map((sum, i) => (counts[i] ? sum / (counts[i] ?? 1) : NaN)),
  };
}
