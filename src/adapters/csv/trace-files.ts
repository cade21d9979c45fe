import { readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { TraceError } from './trace-error.ts';

/**
 * The CSV and CSV.gz files that `path` names: itself, or those directly in a folder, by name.
 * @throws TraceError when there is none
 */
export function traceFiles(path: string): string[] {
  const entries = read(path);
  if (entries === undefined) return [path];
  const files = entries.filter((entry) => !entry.isDirectory() && /\.csv(\.gz)?$/.test(entry.name));
  if (files.length === 0) {
    const found = entries.slice(0, 5).map((entry) => entry.name);
    const shown = `${found.join(', ') || 'nothing'}${entries.length > found.length ? ', …' : ''}`;
    throw new TraceError(`${path}: no .csv or .csv.gz file in this folder; found ${shown}`);
  }
  return files.map((entry) => join(path, entry.name)).toSorted();
}

/** Undefined for a file. */
function read(path: string): Dirent[] | undefined {
  try {
    return statSync(path).isDirectory() ? readdirSync(path, { withFileTypes: true }) : undefined;
  } catch (error) {
    throw new TraceError(`${path}: cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
