import { CsvError, parse } from 'csv-parse/sync';
import { longestRising } from '../../loop/knowledge/dataset/longest-rising.ts';
import { columnsOf, type Columns } from './columns.ts';
import { parseTimestamp, type TimeForm, type Timestamp } from './timestamp.ts';
import { shown, TraceError } from './trace-error.ts';

/** Columns of one file, with the rows that can be used. */
export interface CsvTable {
  /** ms since the epoch, strictly rising; with `everyRow` as they come. */
  readonly times: Float64Array;
  /** Of the columns, in the order of `columns`. */
  readonly names: readonly string[];
  /** One array for each column that was asked for, in that order, as long as `times`; NaN where a cell is empty. */
  readonly columns: readonly Float64Array[];
  /** Rows that were left out because they cannot be used. */
  readonly skippedRows: number;
  /** The times name no zone and were taken for UTC. */
  readonly assumedUtc: boolean;
  /** With `everyRow`, the times as they are written. */
  readonly timeTexts?: readonly string[];
}

export interface CsvOptions {
  /** Names of the columns to read, or all beside the time; without them `value`, or the only one. */
  readonly columns?: readonly string[] | 'all';
  /** Leave out and count rows that cannot be used, as few as possible, instead of refusing the file. */
  readonly skipBadRows?: boolean;
  /** Values below zero are values. */
  readonly negative?: boolean;
  /** Rows without any value, of a time that was there already or out of order are rows too. */
  readonly everyRow?: boolean;
}

/** Characters of a row: thousands of numbers. What is longer has no line ends, and is no table. */
const MAX_ROW = 100_000;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Reads what a CSV file holds. A row whose cells are all empty beside the time is a gap, and is no bad row.
 * @param file what messages call it
 * @throws TraceError
 */
export function parseTable(content: Uint8Array | string, file: string, options: CsvOptions = {}): CsvTable {
  const rows = new TableRows(file, options);
  try {
    parse(content, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      // Both are judged here, with the number of the row.
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: MAX_ROW,
      // Nothing is kept by the parser: a row becomes numbers at once.
      on_record: (cells: string[], { lines }) => {
        rows.take(cells, lines);
        return null;
      },
    });
  } catch (error) {
    if (error instanceof CsvError) throw new TraceError(`${file}: ${syntaxProblem(error)}`, { cause: error });
    throw error;
  }
  return rows.table();
}

function syntaxProblem({ code, message, ...details }: CsvError): string {
  const row = typeof details['lines'] === 'number' ? `row ${details['lines']}: ` : '';
  if (code === 'CSV_QUOTE_NOT_CLOSED') return `${row}a quotation mark is opened and never closed; close it`;
  if (code === 'CSV_MAX_RECORD_SIZE')
    return `${row}a row is longer than any row of numbers; is this a CSV file?`;
  return `${row}is not CSV: ${message}`;
}

class TableRows {
  readonly #file: string;
  readonly #options: CsvOptions;
  #columns: Columns | undefined;
  #form: TimeForm | undefined;
  #skipped = 0;
  readonly #times: number[] = [];
  readonly #texts: string[] = [];
  #values: readonly number[][] = [];

  constructor(file: string, options: CsvOptions) {
    this.#file = file;
    this.#options = options;
  }

  take(cells: readonly string[], row: number): void {
    if (this.#columns === undefined) {
      this.#columns = columnsOf(cells, this.#file, this.#options.columns);
      this.#values = this.#columns.values.map(() => []);
      return;
    }
    const problem = this.#add(cells, this.#columns);
    if (problem === undefined) return;
    if (this.#options.skipBadRows !== true) throw new TraceError(`${this.#file}: row ${row}: ${problem}`);
    this.#skipped += 1;
  }

  table(): CsvTable {
    if (this.#columns === undefined) {
      throw new TraceError(`${this.#file}: row 1: is empty; a header such as 'timestamp,value' is needed`);
    }
    // Rows out of order come this far only when bad rows are to be skipped.
    const kept =
      this.#options.everyRow === true || isRising(this.#times) ? undefined : longestRising(this.#times);
    const skippedRows = this.#skipped + (kept === undefined ? 0 : this.#times.length - kept.length);
    const pick = (all: readonly number[]): Float64Array =>
      kept === undefined
        ? Float64Array.from(all)
        : Float64Array.from(kept, (index) => all[index] ?? Number.NaN);
    const times = pick(this.#times);
    if (times.length < 2) {
      const skipped = skippedRows === 0 ? '' : ` and ${skippedRows} that cannot be used`;
      throw new TraceError(`${this.#file}: ${times.length} usable rows${skipped}; a trace needs at least 2`);
    }
    return {
      times,
      names: this.#columns.values.map(({ name }) => name),
      columns: this.#values.map(pick),
      skippedRows,
      assumedUtc: this.#form === 'ISO 8601 without a zone',
      ...(this.#options.everyRow === true ? { timeTexts: this.#texts } : {}),
    };
  }

  /** What makes the row unusable; undefined when it was taken. */
  #add(cells: readonly string[], columns: Columns): string | undefined {
    if (cells.length !== columns.count) {
      return `${cells.length} columns where the header has ${columns.count}`;
    }
    const text = cells[columns.time] ?? '';
    const stamp = parseTimestamp(text);
    if (stamp === undefined) {
      return `time '${shown(text)}' is neither ISO 8601 nor epoch seconds or milliseconds`;
    }
    const values: number[] = [];
    for (const { name, index } of columns.values) {
      const cell = cells[index] ?? '';
      const value = cell === '' ? Number.NaN : parseValue(cell, this.#options.negative === true);
      if (value === undefined) {
        const least = this.#options.negative === true ? '' : ' of at least 0';
        return `${shown(name)} '${shown(cell)}' is not a finite number${least}; leave the cell empty for a gap`;
      }
      values.push(value);
    }
    const problem = this.#timeProblem(stamp, text);
    if (problem === undefined) this.#keep(stamp, values, text);
    return problem;
  }

  #timeProblem({ at, form }: Timestamp, text: string): string | undefined {
    if (this.#form !== undefined && form !== this.#form) {
      return `time '${shown(text)}' is ${form}, and the rows before are ${this.#form}; write all times alike`;
    }
    const previous = this.#times.at(-1);
    const { skipBadRows, everyRow } = this.#options;
    if (previous === undefined || at > previous || skipBadRows === true || everyRow === true)
      return undefined;
    const how = at === previous ? 'is there twice' : 'is earlier than the row before';
    return `time ${new Date(at).toISOString()} ${how}; sort the rows by time and keep one of each`;
  }

  #keep({ at, form }: Timestamp, values: readonly number[], text: string): void {
    this.#form ??= form;
    if (this.#options.everyRow === true) this.#texts.push(text);
    else if (values.every(Number.isNaN)) return;
    this.#times.push(at);
    for (const [index, value] of values.entries()) this.#values[index]?.push(value);
  }
}

function parseValue(text: string, negative: boolean): number | undefined {
  const value = NUMBER.test(text) ? Number.parseFloat(text) : Number.NaN;
  return Number.isFinite(value) && (negative || value >= 0) ? value : undefined;
}

function isRising(times: readonly number[]): boolean {
  return times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0));
}
