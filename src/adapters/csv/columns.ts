import { shown, TraceError } from './trace-error.ts';

/** Where a file has what is read of it. */
export interface Columns {
  /** Number of columns in the header: each row has as many. */
  readonly count: number;
  readonly time: number;
  readonly values: readonly { readonly name: string; readonly index: number }[];
}

const TIME_COLUMNS = ['timestamp', 'ts', 'time', 't'];

/**
 * Finds the columns in a header.
 * @param wanted names of the columns to read, or all beside the time; without them `value`, or the only one.
 * @throws TraceError
 */
export function columnsOf(
  header: readonly string[],
  file: string,
  wanted?: readonly string[] | 'all',
): Columns {
  const time = header.findIndex((name) => TIME_COLUMNS.includes(name.toLowerCase()));
  if (time < 0) throw new TraceError(`${file}: row 1: ${noTime(header)}`);
  const others = header.filter((_, index) => index !== time);
  const twice = others.find((name, index) => others.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new TraceError(`${file}: row 1: column '${shown(twice)}' is there twice; give each its own name`);
  }
  const names = namesOf(others, wanted);
  if (names.length === 0) throw new TraceError(`${file}: row 1: ${columnProblem(others)}`);
  const absent = names.find((name) => !others.includes(name));
  if (absent !== undefined) {
    throw new TraceError(
      `${file}: row 1: ${columnProblem(others, wanted === undefined ? undefined : absent)}`,
    );
  }
  return {
    count: header.length,
    time,
    values: names.map((name) => ({
      name,
      index: header.findIndex((other, at) => at !== time && other === name),
    })),
  };
}

function namesOf(others: readonly string[], wanted?: readonly string[] | 'all'): readonly string[] {
  if (wanted === 'all') return others;
  return wanted ?? [others.length === 1 ? (others[0] ?? '') : 'value'];
}

function noTime(header: readonly string[]): string {
  const found = shown(header.join(', '), 200);
  const [only = ''] = header;
  if (header.length === 1 && /[;\t]/.test(only)) {
    return `no time column among '${found}'; separate the columns with commas`;
  }
  return `no time column among '${found}'; name one ${TIME_COLUMNS.join(', ')}`;
}

function columnProblem(others: readonly string[], absent?: string): string {
  if (others.length === 0) return 'no column for the load beside the time';
  const problem = absent === undefined ? 'more than one column may be the load' : `no column '${absent}'`;
  return `${problem}; say which of: ${shown(others.join(', '), 200)}`;
}
