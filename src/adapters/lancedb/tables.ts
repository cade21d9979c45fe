import { statfs } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { connect, Session, type Connection, type Table } from '@lancedb/lancedb';

import { existingIds, queryDecisions, type DecisionQuery, type RecordedDecisions } from './decision-query.ts';
import { newestManifest, quarantineManifest, quarantineTable } from './quarantine.ts';
import type { DecisionRow, OutcomeRow, RowBatch } from './rows.ts';
import { SCHEMAS, type TableName } from './schema.ts';
import { conciseMessage, StoreError } from './store-error.ts';

export interface StoreLocation {
  /** A local path, or a URI that LanceDB knows: `s3://…`, `gs://…`, `az://…`. */
  readonly uri: string;
  /** LanceDB's options for object storage (region, endpoint, …). Credentials come from the environment. */
  readonly storageOptions?: Readonly<Record<string, string>>;
}

const TABLES: readonly TableName[] = ['decisions', 'outcomes'];

/** LanceDB's own defaults are 6 GB for indices and 1 GB for metadata: more than the whole operator may use. */
const CACHE_BYTES = 64n << 20n;

/** Compaction writes before it deletes, and a full disk cannot be compacted: stop while there is still room. */
const FREE_SHARE = 0.2;
const FREE_BYTES_ENOUGH = 1 << 30;

/** Versions younger than this stay, for readers that are in the middle of one. */
const KEEP_VERSIONS_MS = 10 * 60_000;

/** More than so many bad manifests in a row is not a cut write; then the table goes as a whole. */
const MAX_BAD_MANIFESTS = 8;

/** What keeps a table from opening that repairing it would not mend. */
const ENVIRONMENT =
  /permission denied|access denied|unauthorized|forbidden|too many open files|no space left|read-only file|not a directory|unsupported|feature flag|timed? ?out|connect/i;

type TableState = { readonly table: Table } | { readonly missing: true } | { readonly damage: string };

/** The two tables of the store, opened. One writer at a time; any number of readers. */
export class KnowledgeTables {
  readonly #connection: Connection;
  readonly #tables: Readonly<Record<TableName, Table>>;
  readonly #location: StoreLocation;

  private constructor(
    connection: Connection,
    tables: Readonly<Record<TableName, Table>>,
    location: StoreLocation,
  ) {
    this.#connection = connection;
    this.#tables = tables;
    this.#location = location;
  }

  /**
   * @throws StoreError NeedsRepair when a table is missing or damaged, CannotOpen when it cannot be told.
   */
  static async open(location: StoreLocation): Promise<KnowledgeTables> {
    const connection = await connectTo(location);
    const problems: string[] = [];
    const opened: Partial<Record<TableName, Table>> = {};
    for (const name of TABLES) {
      const state = await openTable(connection, name);
      if ('table' in state) opened[name] = state.table;
      else problems.push('missing' in state ? `there is no table ${name}` : `table ${name}: ${state.damage}`);
    }
    const { decisions, outcomes } = opened;
    if (decisions === undefined || outcomes === undefined) {
      throw new StoreError('NeedsRepair', problems.join('; '));
    }
    return new KnowledgeTables(connection, { decisions, outcomes }, location);
  }

  /**
   * Makes both tables open and readable: creates what is missing, takes bad manifests away one after the other,
   * and as the last resort the table. What was in them is to be appended again by the caller.
   * @throws StoreError CannotOpen for damage in object storage, which is not ours to move.
   */
  static async repair(location: StoreLocation, now: number): Promise<KnowledgeTables> {
    const connection = await connectTo(location);
    for (const name of TABLES) await repairTable(connection, name, { location, now });
    connection.close();
    return KnowledgeTables.open(location);
  }

  /**
   * Adds the rows in one commit for each table. `skipExisting` leaves out decisions that are there already.
   * @throws StoreError DiskFull or WriteFailed.
   */
  async append(batch: RowBatch, skipExisting: boolean): Promise<void> {
    await refuseOnFullDisk(this.#location);
    await this.#add('decisions', batch.decisions, skipExisting);
    await this.#add('outcomes', batch.outcomes, skipExisting);
  }

  /** @throws StoreError QueryFailed. */
  async query(query: DecisionQuery): Promise<RecordedDecisions> {
    try {
      return await queryDecisions(this.#tables, query);
    } catch (error) {
      throw new StoreError('QueryFailed', conciseMessage(error), { cause: error });
    }
  }

  /** Data files of the table that has most: each commit adds one, and scans slow down with them. */
  async fragments(): Promise<number> {
    const stats = await Promise.all(TABLES.map((name) => this.#tables[name].stats()));
    return Math.max(...stats.map((table) => table.fragmentStats.numFragments));
  }

  /**
   * Joins the small files and drops old versions. Never `deleteUnverified`: that may delete what somebody else
   * is writing at this moment.
   * @throws StoreError NeedsRepair when the data cannot be read, WriteFailed otherwise.
   */
  async optimize(now: number): Promise<void> {
    try {
      for (const name of TABLES) {
        await this.#tables[name].optimize({ cleanupOlderThan: new Date(now - KEEP_VERSIONS_MS) });
      }
    } catch (error) {
      const unreadable = await this.#unreadable();
      if (unreadable !== undefined) throw new StoreError('NeedsRepair', unreadable, { cause: error });
      throw new StoreError('WriteFailed', conciseMessage(error), { cause: error });
    }
  }

  close(): void {
    for (const name of TABLES) this.#tables[name].close();
    this.#connection.close();
  }

  async #add(
    name: TableName,
    rows: readonly (DecisionRow | OutcomeRow)[],
    skipExisting: boolean,
  ): Promise<void> {
    try {
      const known = skipExisting
        ? await existingIds(
            this.#tables[name],
            rows.map((row) => row.decision_id),
          )
        : undefined;
      const fresh = rows.filter((row) => known?.has(row.decision_id) !== true);
      if (fresh.length > 0) await this.#tables[name].add(fresh.map((row) => ({ ...row })));
    } catch (error) {
      throw new StoreError('WriteFailed', conciseMessage(error), { cause: error });
    }
  }

  async #unreadable(): Promise<string | undefined> {
    for (const name of TABLES) {
      const damage = await scanDamage(this.#tables[name]);
      if (damage !== undefined) return `table ${name}: ${damage}`;
    }
    return undefined;
  }
}

async function connectTo({ uri, storageOptions }: StoreLocation): Promise<Connection> {
  try {
    // Other processes write what a reader reads: look for a new version at every read.
    const options = {
      readConsistencyInterval: 0,
      ...(storageOptions && { storageOptions: { ...storageOptions } }),
    };
    return await connect(uri, options, new Session(CACHE_BYTES, CACHE_BYTES));
  } catch (error) {
    throw new StoreError('CannotOpen', `${uri}: ${conciseMessage(error)}`, { cause: error });
  }
}

async function openTable(connection: Connection, name: TableName): Promise<TableState> {
  try {
    const { tables } = await connection.listTables({ limit: 100 });
    if (!tables.includes(name)) return { missing: true };
  } catch (error) {
    throw new StoreError('CannotOpen', conciseMessage(error), { cause: error });
  }
  try {
    return { table: await connection.openTable(name) };
  } catch (error) {
    const message = conciseMessage(error);
    if (ENVIRONMENT.test(message)) throw new StoreError('CannotOpen', message, { cause: error });
    return { damage: message };
  }
}

async function repairTable(
  connection: Connection,
  name: TableName,
  { location, now }: { readonly location: StoreLocation; readonly now: number },
): Promise<void> {
  for (let bad = 0; ; bad += 1) {
    const state = await openTable(connection, name);
    if ('missing' in state) {
      await connection.createEmptyTable(name, SCHEMAS[name], { mode: 'create', existOk: true });
      return;
    }
    const damage = 'table' in state ? await scanDamage(state.table) : state.damage;
    if (damage === undefined) return;
    const directory = localDirectory(location.uri);
    if (directory === undefined) {
      throw new StoreError(
        'CannotOpen',
        `${location.uri}: table ${name} is damaged (${damage}); move it away by hand, it is then rebuilt`,
      );
    }
    const place = { directory, table: name, now };
    const manifest = 'table' in state || bad >= MAX_BAD_MANIFESTS ? undefined : await newestManifest(place);
    if (manifest === undefined) await quarantineTable(place);
    else await quarantineManifest(manifest, place);
  }
}

/** Reads everything once; undefined when that went well. */
async function scanDamage(table: Table): Promise<string | undefined> {
  try {
    const batches = table.query()[Symbol.asyncIterator]();
    while ((await batches.next()).done !== true);
    return undefined;
  } catch (error) {
    return conciseMessage(error);
  }
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

/** The directory of a store on this machine; undefined for object storage. */
export function localDirectory(uri: string): string | undefined {
  if (uri.startsWith('file:')) return fileURLToPath(uri);
  return uri.includes('://') ? undefined : uri;
}
