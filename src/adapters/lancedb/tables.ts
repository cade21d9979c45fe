import { statfs } from 'node:fs/promises';

import type { Connection, Table } from '@lancedb/lancedb';

import { queryDecisions, type DecisionQuery, type RecordedDecisions } from './decision-query.ts';
import type { FeatureBatch } from './feature-batch.ts';
import { featuresAsOf, type FeatureLabels, type FeaturesAsOf } from './feature-join.ts';
import { FeatureStore } from './feature-store.ts';
import type { StoreLimits } from './limits.ts';
import {
  compact,
  dropSuperseded,
  forgetRows,
  indexFeatures,
  refreshIndex,
  retain,
  type Forget,
} from './maintenance.ts';
import {
  connectTo,
  isGone,
  localDirectory,
  markVersion,
  migrate,
  openTable,
  repairTable,
  scanDamage,
  type StoreLocation,
} from './open-table.ts';
import { dropQuarantine } from './quarantine.ts';
import type { RowBatch } from './row-batch.ts';
import {
  corruptKeys,
  existingKeys,
  inFilters,
  newestRows,
  type FoundRows,
  type RowQuery,
} from './row-query.ts';
import { newestSituations, type FoundSituations } from './situation-load.ts';
import { conciseMessage, StoreError, writeError } from './store-error.ts';
import {
  DEFINITIONS,
  ROW_TABLES,
  TABLES,
  type RowTableName,
  type RowTables,
  type TableName,
} from './table-definitions.ts';

/** Compaction writes before it deletes, and a full disk cannot be compacted: stop while there is still room. */
const FREE_SHARE = 0.2;
const FREE_BYTES_ENOUGH = 1 << 30;

/** The intent protocol tells of no decision twice; these may be told again after a restart. */
const TOLD_AGAIN: ReadonlySet<RowTableName> = new Set(['rewards', 'situations', 'anomalies', 'documents']);

/** What one table has. */
export interface TableSize {
  readonly rows: number;
  /** Data files: each commit adds one, and scans slow down with them. */
  readonly fragments: number;
  /** Of the newest version alone. */
  readonly bytes: number;
}

type OpenTables = Readonly<Record<TableName, Table>>;

/** The tables of the store, opened. One writer at a time; any number of readers. */
export class KnowledgeTables {
  readonly #connection: Connection;
  readonly #tables: OpenTables;
  readonly #location: StoreLocation;
  readonly #features: FeatureStore;

  private constructor(connection: Connection, tables: OpenTables, location: StoreLocation) {
    this.#connection = connection;
    this.#tables = tables;
    this.#location = location;
    this.#features = new FeatureStore(tables.features);
  }

  /**
   * Opens all tables for writing; those of an older version are brought to this one.
   * @throws StoreError NeedsRepair when a table is missing or damaged, TooNew or CannotOpen.
   */
  static async open(location: StoreLocation): Promise<KnowledgeTables> {
    const connection = await connectTo(location);
    const opened = await openTables(connection, TABLES);
    try {
      for (const name of TABLES) await migrate(opened[name], DEFINITIONS[name]);
    } catch (error) {
      throw writeError(error);
    }
    return new KnowledgeTables(connection, opened, location);
  }

  /**
   * Makes all tables open and readable. What was in `emptied` ones is to be appended again by the caller, as far as it can.
   * @throws StoreError CannotOpen for damage in object storage, which is not ours to move.
   */
  static async repair(
    location: StoreLocation,
    now: number,
  ): Promise<{ readonly tables: KnowledgeTables; readonly emptied: readonly TableName[] }> {
    const connection = await connectTo(location);
    const emptied: TableName[] = [];
    for (const name of TABLES) {
      if (await repairTable(connection, DEFINITIONS[name], { location, now })) emptied.push(name);
    }
    connection.close();
    return { tables: await KnowledgeTables.open(location), emptied };
  }

  /** The number of each table's newest version; of those that come from the journal. */
  async versions(): Promise<Readonly<Record<string, number>>> {
    const versions = ROW_TABLES.map(async (name) => [name, await this.#tables[name].version()] as const);
    return Object.fromEntries(await Promise.all(versions));
  }

  /**
   * A table whose newest manifest is gone opens without a word as what it was before.
   * @throws StoreError NeedsRepair when a table is of a lower version than it was, or is gone.
   */
  async mustHave(wanted: Readonly<Record<string, number>>): Promise<void> {
    await this.#mustExist();
    for (const [name, version] of Object.entries(await this.versions())) {
      const before = wanted[name] ?? 0;
      if (version < before) {
        throw new StoreError(
          'NeedsRepair',
          `table ${name} is version ${version} and was ${before}: its newest rows are gone`,
        );
      }
    }
  }

  /**
   * Adds the rows in one commit for each table. `skipExisting` leaves out decisions and outcomes that are there
   * already; of the other tables they always are.
   * @throws StoreError NeedsRepair when the store's folder is gone, DiskFull or WriteFailed.
   */
  async append(batch: RowBatch, skipExisting: boolean): Promise<void> {
    await this.#mayWrite();
    for (const name of ROW_TABLES) await this.#add(name, batch[name] ?? [], skipExisting);
  }

  /** Adds the features that are not there yet; returns how many. @throws StoreError as `append`. */
  async appendFeatures(batches: readonly FeatureBatch[]): Promise<number> {
    await this.#mayWrite();
    return this.#features.append(batches).catch(rethrowWrite);
  }

  /** Deletes somebody's rows, and the files that they were in. @throws StoreError as `append`. */
  async forget(whom: Forget): Promise<void> {
    await this.#mayWrite();
    try {
      await forgetRows(this.#tables, whom);
      // What was put aside is unreadable to us, and may hold the same rows.
      await dropQuarantine(localDirectory(this.#location.uri));
      // The newest version names what was deleted; another one after it does not.
      for (const name of TABLES) await markVersion(this.#tables[name], DEFINITIONS[name]);
    } catch (error) {
      throw writeError(error);
    }
    await this.#compact(0);
  }

  /**
   * Deletes what the limits do not allow, joins the small files and drops old versions. Those younger than
   * `keepVersionsMs` stay, for readers that are in the middle of one.
   * @throws StoreError NeedsRepair when the data cannot be read, otherwise as `append`.
   */
  async maintain(limits: StoreLimits, now: number, keepVersionsMs: number): Promise<void> {
    await this.#mayWrite();
    try {
      for (const name of TABLES) await retain(this.#tables[name], limits[name], now);
      await dropSuperseded(this.#tables.documents);
    } catch (error) {
      throw await this.#damageOr(error);
    }
    await this.#compact(keepVersionsMs);
  }

  /**
   * Reads everything once, and deletes the rows whose checksum is wrong, for the caller to append again: how many.
   * Of features they stay, and are left out by every join: there would be nobody to bring them again.
   * @throws StoreError NeedsRepair naming the first table that cannot be read.
   */
  async verify(): Promise<number> {
    const damage = await this.#unreadable();
    if (damage !== undefined) throw new StoreError('NeedsRepair', damage);
    let corrupt = 0;
    try {
      for (const name of ROW_TABLES) {
        const keys = await corruptKeys(this.#tables[name], DEFINITIONS[name]);
        for (const filter of inFilters(DEFINITIONS[name].key, keys)) await this.#tables[name].delete(filter);
        corrupt += keys.length;
      }
    } catch (error) {
      throw writeError(error);
    }
    return corrupt;
  }

  /** @throws StoreError QueryFailed, as all that read. */
  query(query: DecisionQuery): Promise<RecordedDecisions> {
    return queryDecisions(this.#tables, query).catch(rethrowQuery);
  }

  /** The newest rows of one table. */
  rows<T extends RowTableName>(name: T, query: RowQuery): Promise<FoundRows<RowTables[T]>> {
    return newestRows<RowTables[T]>(this.#tables[name], DEFINITIONS[name], query).catch(rethrowQuery);
  }

  /** The newest situations. */
  situations(limit: number): Promise<FoundSituations> {
    return newestSituations(this.#tables.situations, limit).catch(rethrowQuery);
  }

  /** What the features were at given times. */
  async featuresAsOf(labels: FeatureLabels): Promise<FeaturesAsOf> {
    // Without it, on a full disk for one, the join is slower and the same.
    await refreshIndex(this.#tables.features).catch(() => undefined);
    return featuresAsOf(this.#tables.features, labels).catch(rethrowQuery);
  }

  /** What each table has. */
  async sizes(): Promise<Readonly<Record<TableName, TableSize>>> {
    const sizes = await Promise.all(
      TABLES.map(async (name) => {
        const { numRows, totalBytes, fragmentStats } = await this.#tables[name].stats();
        return [name, { rows: numRows, fragments: fragmentStats.numFragments, bytes: totalBytes }] as const;
      }),
    );
    return Object.fromEntries(sizes) as Record<TableName, TableSize>;
  }

  /** Data files of the table that has most. */
  async fragments(): Promise<number> {
    return Math.max(...Object.values(await this.sizes()).map(({ fragments }) => fragments));
  }

  close(): void {
    for (const name of TABLES) this.#tables[name].close();
    this.#connection.close();
  }

  async #add(
    name: RowTableName,
    rows: readonly RowTables[RowTableName][],
    skipExisting: boolean,
  ): Promise<void> {
    if (rows.length === 0) return;
    const { key } = DEFINITIONS[name];
    const keyOf = (row: object): string => String((row as Record<string, unknown>)[key]);
    try {
      const mayExist = skipExisting || TOLD_AGAIN.has(name);
      const table = this.#tables[name];
      const known = new Set(mayExist ? await existingKeys(table, DEFINITIONS[name], rows.map(keyOf)) : []);
      const fresh = rows.filter((row) => {
        const isNew = !known.has(keyOf(row));
        if (mayExist) known.add(keyOf(row));
        return isNew;
      });
      if (fresh.length > 0) await table.add(fresh.map((row) => ({ ...row })));
    } catch (error) {
      throw writeError(error);
    }
  }

  /** Never `deleteUnverified`: that may delete what somebody else is writing at this moment. */
  async #compact(keepVersionsMs: number): Promise<void> {
    // By the clock of the files, whatever time the rows are of.
    const cleanupOlderThan = new Date(Date.now() - keepVersionsMs);
    try {
      for (const name of TABLES) await compact(this.#tables[name], cleanupOlderThan);
      await indexFeatures(this.#tables.features);
    } catch (error) {
      throw await this.#damageOr(error);
    }
  }

  async #mayWrite(): Promise<void> {
    await this.#mustExist();
    await refuseOnFullDisk(this.#location);
  }

  async #mustExist(): Promise<void> {
    for (const name of TABLES) {
      if (await isGone(this.#location, name)) {
        throw new StoreError('NeedsRepair', `the folder of table ${name} is gone`);
      }
    }
  }

  async #damageOr(error: unknown): Promise<StoreError> {
    const damage = await this.#unreadable();
    return damage === undefined
      ? writeError(error)
      : new StoreError('NeedsRepair', damage, { cause: error as Error });
  }

  async #unreadable(): Promise<string | undefined> {
    for (const name of TABLES) {
      const damage = await scanDamage(this.#tables[name]);
      if (damage !== undefined) return `table ${name}: ${damage}`;
    }
    return undefined;
  }
}

/** @throws StoreError NeedsRepair naming all tables that are missing or damaged, TooNew or CannotOpen. */
export async function openTables<T extends TableName>(
  connection: Connection,
  names: readonly T[],
): Promise<Readonly<Record<T, Table>>> {
  const problems: string[] = [];
  const opened: Partial<Record<T, Table>> = {};
  for (const name of names) {
    const state = await openTable(connection, DEFINITIONS[name]);
    if ('table' in state) opened[name] = state.table;
    else if ('missing' in state) problems.push(`there is no table ${name}`);
    else problems.push(`table ${name}: ${'damage' in state ? state.damage : state.unusable}`);
  }
  if (problems.length > 0) throw new StoreError('NeedsRepair', problems.join('; '));
  return opened as Record<T, Table>;
}

function rethrowWrite(error: unknown): never {
  throw writeError(error);
}

function rethrowQuery(error: unknown): never {
  throw new StoreError('QueryFailed', conciseMessage(error), { cause: error });
}

async function refuseOnFullDisk({ uri }: StoreLocation): Promise<void> {
  const directory = localDirectory(uri);
  if (directory === undefined) return;
  const { bavail, blocks, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (free >= FREE_BYTES_ENOUGH || bavail >= blocks * FREE_SHARE) return;
  throw new StoreError(
    'DiskFull',
    `${Math.floor(free / 1e6)} MB are free in ${directory}: less than a fifth; decisions stay in the journal until there is room`,
  );
}
