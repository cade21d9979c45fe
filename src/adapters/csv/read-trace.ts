import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseTable, type CsvOptions, type CsvTable } from './parse-table.ts';
import { TraceError } from './trace-error.ts';

/** One measured load from a file. */
export interface CsvTrace {
  /** ms since the epoch, strictly rising; at least two. */
  readonly times: Float64Array;
  /** As many as times, finite and not negative. */
  readonly values: Float64Array;
  /** As of CsvTable. */
  readonly skippedRows: number;
  readonly assumedUtc: boolean;
}

/** Longest text that is read: some seven million rows, thirteen years of minutes. */
const MAX_BYTES = 200_000_000;
const MEGABYTE = 1_000_000;

/**
 * Reads a load trace from CSV or CSV.gz: a header, a time column (`timestamp`, `ts`, `time` or `t`; ISO 8601, UTC
 * when no zone is given, or epoch seconds or milliseconds) and the load. An empty load is a gap and stays one.
 * @param column the load's column; otherwise `value`, or the only other one.
 * @throws TraceError
 */
export function readTrace(
  file: string,
  { column, skipBadRows = false }: { readonly column?: string; readonly skipBadRows?: boolean } = {},
): CsvTrace {
  const columns = column === undefined ? {} : { columns: [column] };
  return traceOf(readTable(file, { ...columns, skipBadRows }));
}

/** As readTrace, for several columns. @throws TraceError */
export function readTable(file: string, options?: CsvOptions): CsvTable {
  return parseTable(readContent(file), file, options);
}

function traceOf({
  times,
  columns: [values = new Float64Array()],
  skippedRows,
  assumedUtc,
}: CsvTable): CsvTrace {
  return { times, values, skippedRows, assumedUtc };
}

function readContent(file: string): Buffer {
  const bytes = readBytes(file);
  const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (file.endsWith('.gz')) {
    if (!compressed) {
      throw new TraceError(
        `${file}: is not compressed with gzip, as its name says; compress it, or take .gz off its name`,
      );
    }
    return checkText(unzip(bytes, file), file);
  }
  if (compressed) throw new TraceError(`${file}: is compressed with gzip; add .gz to its name`);
  return checkText(bytes, file);
}

function readBytes(file: string): Buffer {
  try {
    const { size } = statSync(file);
    if (size > MAX_BYTES) throw tooLarge(file);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof TraceError) throw error;
    throw new TraceError(`${file}: cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function unzip(bytes: Buffer, file: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(file);
    const { message } = error as Error;
    throw new TraceError(`${file}: cannot be decompressed: ${message}; compress it again`, { cause: error });
  }
}

function tooLarge(file: string): TraceError {
  const limit = MAX_BYTES / MEGABYTE;
  return new TraceError(
    `${file}: more than ${limit} MB of text, which is the limit; keep fewer columns, fewer days or longer intervals`,
  );
}

/** No text file holds a byte of value zero; UTF-16, images and databases do. */
function checkText(bytes: Buffer, file: string): Buffer {
  if (!bytes.includes(0)) return bytes;
  throw new TraceError(`${file}: is not a text file in UTF-8; export it as CSV`);
}
