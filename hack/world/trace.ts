import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Trace } from '../../src/simulate/trace-demand.ts';

/** A load trace cannot be used as it is; the message names file, row (the header is row 1) and remedy. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}

const TIME_COLUMNS = ['timestamp', 'ts', 'time', 't'];
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** Epoch numbers from here on are milliseconds: as seconds this is the year 5138. */
const MILLISECONDS_FROM = 1e11;

/**
 * Reads a load trace from CSV or CSV.gz: a header, a time column (`timestamp`, `ts`, `time` or `t`; ISO 8601, UTC
 * when no zone is given, or epoch seconds or milliseconds) and the load. An empty load is a gap and stays one.
 * @param column the load's column; otherwise `value`, or the only other one.
 * @throws TraceError
 */
export function readTrace(file: string, column?: string): Trace {
  return parseTrace(readText(file), file, column);
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file);
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    throw new TraceError(`${file}: cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** As readTrace, for text that is already there. */
export function parseTrace(text: string, file: string, column?: string): Trace {
  const [first = '', ...rows] = text.split(/\r?\n/);
  const columns = columnsOf(splitRow(first), file, column);
  const times: number[] = [];
  const values: number[] = [];
  for (const [index, row] of rows.entries()) {
    if (row.trim() === '') continue;
    const where = `${file}: row ${index + 2}`;
    const { time, value } = parseRow(splitRow(row), columns, where);
    checkOrder(time, times.at(-1), where);
    if (value === undefined) continue;
    times.push(time);
    values.push(value);
  }
  if (times.length < 2)
    throw new TraceError(`${file}: ${times.length} usable rows; a trace needs at least 2`);
  return { times: Float64Array.from(times), values: Float64Array.from(values) };
}

interface Columns {
  readonly count: number;
  readonly time: number;
  readonly value: number;
}

function columnsOf(header: string[], file: string, wanted?: string): Columns {
  const time = header.findIndex((name) => TIME_COLUMNS.includes(name.toLowerCase()));
  if (time < 0) {
    const found = header.join(', ');
    throw new TraceError(
      `${file}: row 1: no time column among '${found}'; name one ${TIME_COLUMNS.join(', ')}`,
    );
  }
  const others = header.filter((_, index) => index !== time);
  const value = wanted ?? (others.length === 1 ? others[0] : 'value');
  if (value === undefined || !others.includes(value)) {
    throw new TraceError(`${file}: row 1: ${columnProblem(others, wanted)}`);
  }
  return { count: header.length, time, value: header.indexOf(value) };
}

function columnProblem(others: string[], wanted?: string): string {
  if (others.length === 0) return 'no column for the load beside the time';
  const problem = wanted === undefined ? 'more than one column may be the load' : `no column '${wanted}'`;
  return `${problem}; say which of: ${others.join(', ')}`;
}

function parseRow(
  cells: string[],
  columns: Columns,
  where: string,
): { time: number; value: number | undefined } {
  if (cells.length !== columns.count) {
    throw new TraceError(`${where}: ${cells.length} columns where the header has ${columns.count}`);
  }
  return {
    time: parseTime(cells[columns.time] ?? '', where),
    value: parseLoad(cells[columns.value] ?? '', where),
  };
}

function checkOrder(time: number, previous: number | undefined, where: string): void {
  if (previous === undefined || time > previous) return;
  const how = time === previous ? 'is there twice' : 'is earlier than the row before';
  const at = new Date(time).toISOString();
  throw new TraceError(`${where}: time ${at} ${how}; sort the rows by time and keep one of each`);
}

function splitRow(line: string): string[] {
  return line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

function parseTime(text: string, where: string): number {
  if (NUMBER.test(text)) {
    const epoch = Number.parseFloat(text);
    return Math.round(epoch >= MILLISECONDS_FROM ? epoch : epoch * 1000);
  }
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) && text.length > 10;
  const time = ISO.test(text)
    ? Date.parse(zoned || text.length === 10 ? text : `${text.replace(' ', 'T')}Z`)
    : NaN;
  if (Number.isNaN(time)) {
    throw new TraceError(`${where}: time '${text}' is neither ISO 8601 nor epoch seconds or milliseconds`);
  }
  return time;
}

function parseLoad(text: string, where: string): number | undefined {
  if (text === '') return undefined;
  const value = NUMBER.test(text) ? Number.parseFloat(text) : NaN;
  if (!Number.isFinite(value) || value < 0) {
    throw new TraceError(
      `${where}: load '${text}' is not a finite number of at least 0; leave the cell empty for a gap`,
    );
  }
  return value;
}
