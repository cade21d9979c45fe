import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { readTable } from '../../adapters/csv/read-trace.ts';
import { TraceError } from '../../adapters/csv/trace-error.ts';
import { traceFiles } from '../../adapters/csv/trace-files.ts';
import type { SizingSeries } from '../../simulate/sizing/sizing-series.ts';
import { InputError } from '../verb.ts';

const COLUMNS = ['cpu_used', 'cpu_requested', 'memory_used', 'memory_requested'] as const;
const REQUESTS = ['cpu_requested', 'memory_requested'] as const;
/** Less says nothing about a daily rhythm, and leaves nothing after the warm-up. */
const MIN_DAYS = 1;
const DAY_MS = 86_400_000;

interface Input {
  readonly paths: readonly string[];
  readonly skipBadRows: boolean;
}

/**
 * One series of each file, each file once, by name.
 * @param warn is told in one line what was left out or assumed.
 * @throws InputError that names file, row or time, and remedy.
 */
export function readSizingSeries(
  { paths, skipBadRows }: Input,
  warn: (message: string) => void,
): SizingSeries[] {
  try {
    const files = [...new Map(paths.flatMap(traceFiles).map((file) => [realpathSync(file), file])).values()];
    const shortNames = files.map((file) => basename(file).replace(/\.csv(\.gz)?$/, ''));
    const read = files.map((file, index) => {
      const short = shortNames[index] ?? file;
      const unique = shortNames.indexOf(short) === shortNames.lastIndexOf(short);
      return { ...readSeries(file, skipBadRows), name: unique ? short : file };
    });
    warnOf(read, warn);
    return read.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof TraceError) throw new InputError(error.message, { cause: error });
    throw error;
  }
}

interface ReadSeries extends Omit<SizingSeries, 'name'> {
  readonly file: string;
  readonly skippedRows: number;
  readonly assumedUtc: boolean;
}

function warnOf(read: readonly ReadSeries[], warn: (message: string) => void): void {
  const assumed = read.filter(({ assumedUtc }) => assumedUtc);
  if (assumed.length > 0) warn(`times without a zone were read as UTC in ${several(assumed)}`);
  const skipped = read.filter(({ skippedRows }) => skippedRows > 0);
  if (skipped.length === 0) return;
  const rows = skipped.reduce((sum, { skippedRows }) => sum + skippedRows, 0);
  warn(`${rows} rows that cannot be used were left out of ${several(skipped)}`);
}

function several(read: readonly ReadSeries[]): string {
  const more = read.length - 1;
  return `${read[0]?.file ?? ''}${more === 0 ? '' : ` and ${more} more`}`;
}

/** A row of which any cell is empty is a gap. */
function readSeries(file: string, skipBadRows: boolean): ReadSeries {
  const { times, columns, skippedRows, assumedUtc } = readTable(file, { columns: COLUMNS, skipBadRows });
  const cell = (row: number, name: (typeof COLUMNS)[number]): number =>
    columns[COLUMNS.indexOf(name)]?.[row] ?? Number.NaN;
  const complete = [...times.keys()].filter((row) => COLUMNS.every((name) => !Number.isNaN(cell(row, name))));
  const usable = complete.filter((row) => {
    const zero = REQUESTS.find((name) => cell(row, name) === 0);
    if (zero !== undefined && !skipBadRows) {
      const time = new Date(times[row] ?? 0).toISOString();
      throw new TraceError(
        `${file}: at ${time}: ${zero} is 0, and slack needs a request; leave the row out, or pass --skip-bad-rows`,
      );
    }
    return zero === undefined;
  });
  const days = ((times[usable.at(-1) ?? 0] ?? 0) - (times[usable[0] ?? 0] ?? 0)) / DAY_MS;
  if (days < MIN_DAYS) {
    throw new TraceError(
      `${file}: the usable rows cover ${(days * 24).toFixed(1)} h; at least 24 h are needed, better 14 days`,
    );
  }
  const pick = (name: (typeof COLUMNS)[number]): Float64Array =>
    Float64Array.from(usable, (row) => cell(row, name));
  return {
    file,
    skippedRows: skippedRows + complete.length - usable.length,
    assumedUtc,
    times: Float64Array.from(usable, (row) => times[row] ?? 0),
    cpuUsed: pick('cpu_used'),
    cpuRequested: pick('cpu_requested'),
    memoryUsed: pick('memory_used'),
    memoryRequested: pick('memory_requested'),
  };
}
