import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { parseTimestamp } from '../../../adapters/csv/timestamp.ts';
import { InputError } from '../../verb.ts';
import type { Rows } from './read-rows.ts';

const labelsSchema = z.record(z.string(), z.array(z.string()));

/** Times of known anomalies, by the name of a file. */
export type Labels = ReadonlyMap<string, readonly string[]>;

/** @throws InputError */
export function readLabels(path: string): Labels {
  try {
    const { data, error } = labelsSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (data === undefined) {
      const [issue] = error.issues;
      throw new InputError(
        `--labels ${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}; it must be {"file.csv": ["2014-02-14 14:30:00"]}`,
      );
    }
    return new Map(Object.entries(data).map(([name, times]) => [basename(name), times]));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`--labels ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The rows that a file's labels are about: those at their times. Undefined where the file has no entry.
 * @throws InputError for a label that is at no row
 */
export function labelledRows(labels: Labels, { file, times }: Rows): readonly number[] | undefined {
  const texts = labels.get(basename(file).replace(/\.gz$/, ''));
  return texts
    ?.map((text) => {
      const at = parseTimestamp(text.replace(/\.0+$/, ''))?.at;
      const row = at === undefined ? -1 : times.indexOf(at);
      if (row < 0)
        throw new InputError(`--labels: '${text}' of ${basename(file)} is the time of none of its rows`);
      return row;
    })
    .toSorted((a, b) => a - b);
}
