import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedFile } from './generator.ts';

/**
 * Compares files with what is on disk.
 * @returns one line for each file that differs, naming the first line that does; none when all are up to date.
 */
export function outdated(files: readonly GeneratedFile[], root: string): string[] {
  return files.flatMap(({ path, content }) => {
    const found = readIfThere(join(root, path));
    if (found === content) return [];
    return [found === undefined ? `${path}: missing` : `${path}: ${firstDifference(found, content)}`];
  });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function firstDifference(found: string, expected: string): string {
  const foundLines = found.split('\n');
  const expectedLines = expected.split('\n');
  const at = expectedLines.findIndex((line, index) => line !== foundLines[index]);
  const line = at < 0 ? expectedLines.length : at;
  const text = (lines: string[]): string => JSON.stringify(lines[line] ?? 'end of file');
  return `line ${line + 1} is ${text(foundLines)}, should be ${text(expectedLines)}`;
}
