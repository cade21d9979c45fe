import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../verb.ts';
import type { Rows } from './read-rows.ts';
import type { RowScores } from './score-rows.ts';

export interface ScoredRows {
  readonly rows: Rows;
  readonly scored: RowScores;
  readonly threshold: number;
}

/**
 * Writes a line for each row, in their order. Several metrics: the value is that of the most unusual one, which a last column
 * names. What is not known stays empty.
 * @throws InputError when it cannot be written, or a file is named for several series
 */
export function emitRows(path: string, all: readonly ScoredRows[]): void {
  try {
    if (!isFolder(path) && all.length > 1) {
      throw new InputError(`--emit ${path}: there are ${all.length} series; name a folder, ending in /`);
    }
    if (isFolder(path)) {
      mkdirSync(path, { recursive: true });
      for (const each of all)
        writeFileSync(join(path, `${each.rows.name.replaceAll('/', '__')}.csv`), linesOf(each));
      return;
    }
    const [only] = all;
    if (only !== undefined) writeFileSync(path, linesOf(only));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`--emit ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function isFolder(path: string): boolean {
  return path.endsWith('/') || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function linesOf({ rows, scored, threshold }: ScoredRows): string {
  const { scores, pValues, alarms, culprits } = scored;
  const lines = rows.timeTexts.map((time, i) => {
    const metric = culprits?.[i] ?? 0;
    const cells = [
      time,
      numberOrEmpty(rows.columns[Math.max(0, metric)]?.[i]),
      numberOrEmpty(rounded(scores[i])),
      numberOrEmpty(rounded(pValues[i])),
      Number((alarms[i] ?? NaN) >= threshold),
    ];
    return (culprits === undefined ? cells : [...cells, rows.names[metric] ?? '']).join(',');
  });
  const header = 'timestamp,value,score,p_value,alarm';
  return `${[culprits === undefined ? header : `${header},metric`, ...lines].join('\n')}\n`;
}

function rounded(value = NaN): number {
  return Number(value.toPrecision(6));
}

function numberOrEmpty(value = NaN): string {
  return Number.isNaN(value) ? '' : String(value);
}
