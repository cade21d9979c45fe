import type { Table } from '@lancedb/lancedb';

import { featureTable, ownerOf, seriesMinute } from './feature-arrow.ts';
import type { FeatureBatch } from './feature-batch.ts';

/** Keys in one IN list: a query with six thousand takes some 30 ms on a million rows. */
export const KEYS_PER_QUERY = 8192;

/**
 * Appends to the table `features` what it does not have. A restart may repeat the newest minutes, and history
 * may be imported twice; within one process the times of each workload rise.
 */
export class FeatureStore {
  readonly #table: Table;
  /** Newest row when this process began; undefined until looked. */
  #newestAtOpen: number | undefined;
  readonly #newestWritten = new Map<string, number>();

  constructor(table: Table) {
    this.#table = table;
  }

  /** Rows that were written; the others were there already. @throws the error of LanceDB. */
  async append(batches: readonly FeatureBatch[]): Promise<number> {
    const newestAtOpen = (this.#newestAtOpen ??= await newestTime(this.#table));
    const kept: KeptRows[] = [];
    const newest = new Map(this.#newestWritten);
    for (const batch of batches) {
      const { fresh, doubtful } = sortOut(batch, newestAtOpen, newest);
      if (fresh.length > 0) kept.push({ batch, rows: fresh });
      const missing = doubtful.length === 0 ? [] : await this.#notStored({ batch, rows: doubtful }, kept);
      if (missing.length > 0) kept.push({ batch, rows: missing });
    }
    const [first, ...more] = kept.map(({ batch, rows }) => featureTable(batch, rows));
    if (first === undefined) return 0;
    await this.#table.add(first.concat(...more));
    for (const [uid, at] of newest) this.#newestWritten.set(uid, at);
    return kept.reduce((sum, { rows }) => sum + rows.length, 0);
  }

  /** Of `doubtful` those that are neither in the table nor among those that are about to be. */
  async #notStored(doubtful: KeptRows, kept: readonly KeptRows[]): Promise<readonly number[]> {
    const known = new Set(kept.flatMap(({ batch, rows }) => rows.map((row) => idOf(batch, row))));
    const { batch, rows } = doubtful;
    for (let i = 0; i < rows.length; i += KEYS_PER_QUERY) {
      const keys = rows
        .slice(i, i + KEYS_PER_QUERY)
        .map((row) => seriesMinute(ownerOf(batch, row).uid, batch.at[row] ?? NaN));
      const found = await this.#table
        .query()
        .select(['policy_uid', 'at'])
        .where(`series_minute IN (${keys.join(', ')})`)
        .toArray();
      for (const { policy_uid, at } of found as { policy_uid: string; at: number }[])
        known.add(`${policy_uid}/${at}`);
    }
    return rows.filter((row) => {
      const id = idOf(batch, row);
      const isNew = !known.has(id);
      known.add(id);
      return isNew;
    });
  }
}

interface KeptRows {
  readonly batch: FeatureBatch;
  readonly rows: readonly number[];
}

/** Rows newer than all of their workload are new for certain; the others are to be looked up. */
function sortOut(
  batch: FeatureBatch,
  newestAtOpen: number,
  newest: Map<string, number>,
): { fresh: number[]; doubtful: number[] } {
  const fresh: number[] = [];
  const doubtful: number[] = [];
  for (let row = 0; row < batch.at.length; row += 1) {
    const uid = ownerOf(batch, row).uid;
    const at = batch.at[row] ?? NaN;
    const certain = at > newestAtOpen && at > (newest.get(uid) ?? -Infinity);
    if (certain) newest.set(uid, at);
    (certain ? fresh : doubtful).push(row);
  }
  return { fresh, doubtful };
}

function idOf(batch: FeatureBatch, row: number): string {
  return `${ownerOf(batch, row).uid}/${batch.at[row]}`;
}

async function newestTime(table: Table): Promise<number> {
  let newest = -Infinity;
  for await (const batch of table.query().select(['at'])) {
    const times = batch.getChild('at');
    for (let i = 0; i < batch.numRows; i += 1) newest = Math.max(newest, Number(times?.get(i)));
  }
  return newest;
}
