import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { readTrace } from '../../adapters/csv/read-trace.ts';
import { TraceError } from '../../adapters/csv/trace-error.ts';
import { traceFiles } from '../../adapters/csv/trace-files.ts';
import { InputError } from '../verb.ts';
import type { Load } from './load.ts';
import type { LoadSource } from './source-flags.ts';

/**
 * The loads of all files, each file once, whatever order they were named in. A load's group is its folder.
 * @param warn is told what the reader assumed, in one line
 * @throws InputError
 */
export function fileLoads(
  { paths, column, skipBadRows }: Extract<LoadSource, { kind: 'files' }>,
  warn: (message: string) => void,
): Load[] {
  try {
    const named = nameFiles(paths);
    const loads = named.map(({ file, name, group }) => {
      const options = column === undefined ? { skipBadRows } : { skipBadRows, column };
      return { name, group, source: file, ...readTrace(file, options) };
    });
    const assumed = loads.filter(({ assumedUtc }) => assumedUtc);
    if (assumed.length > 0) warn(`times without a zone were read as UTC in ${several(assumed)}`);
    const skipped = loads.filter(({ skippedRows }) => skippedRows > 0);
    if (skipped.length > 0) {
      const rows = skipped.reduce((sum, { skippedRows }) => sum + skippedRows, 0);
      warn(`${rows} rows that cannot be used were left out of ${several(skipped)}`);
    }
    return loads;
  } catch (error) {
    if (error instanceof TraceError) throw new InputError(error.message, { cause: error });
    throw error;
  }
}

export interface NamedFile {
  readonly file: string;
  readonly name: string;
  readonly group: string;
}

/**
 * The CSV files that `paths` name, each once. Names are without folder and extension; with the folder where two would be
 * the same, and whole where even that is.
 * @throws TraceError
 */
export function nameFiles(paths: readonly string[]): NamedFile[] {
  const files = new Map(paths.flatMap(traceFiles).map((file) => [realpathSync(file), file]));
  const parts = [...files.values()].map((file) => {
    const whole = realpathSync(file);
    const base = basename(whole).replace(/\.csv(\.gz)?$/, '');
    const group = basename(dirname(whole));
    return { file, group, names: [base, `${group}/${base}`, whole] };
  });
  const named = parts.map(({ file, group, names }) => {
    const level = names.findIndex(
      (name, at) => parts.filter((other) => other.names[at] === name).length === 1,
    );
    return { file, group, name: names[level] ?? file };
  });
  return named.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function several(loads: readonly Load[]): string {
  const [first] = loads;
  const more = loads.length - 1;
  return `${first?.source ?? ''}${more === 0 ? '' : ` and ${more} more`}`;
}
