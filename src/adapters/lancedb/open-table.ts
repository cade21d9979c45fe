import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { connect, Session, type Connection, type Table } from '@lancedb/lancedb';
import type { Schema } from 'apache-arrow';

import { newestManifest, quarantineManifest, quarantineTable } from './quarantine.ts';
import { schemaOf, VERSION_COLUMN, VERSION_KEY, versionOf } from './schema.ts';
import { conciseMessage, StoreError } from './store-error.ts';
import type { ColumnType, TableDefinition } from './table-definitions.ts';

export interface StoreLocation {
  /** A local path, or a URI that LanceDB knows: `s3://…`, `gs://…`, `az://…`. */
  readonly uri: string;
  /** LanceDB's options for object storage (region, endpoint, …). Credentials come from the environment. */
  readonly storageOptions?: Readonly<Record<string, string>>;
}

/** LanceDB's own defaults are 6 GB for indices and 1 GB for metadata: more than the whole operator may use. */
const CACHE_BYTES = 64n << 20n;

/** More than so many bad manifests in a row is not a cut write; then the table goes as a whole. */
const MAX_BAD_MANIFESTS = 8;

/** What keeps a table from opening that repairing it would not mend. */
const ENVIRONMENT =
  /permission denied|access denied|unauthorized|forbidden|too many open files|no space left|read-only file|not a directory|unsupported|feature flag|timed? ?out|connect/i;

export type TableState =
  | { readonly table: Table }
  | { readonly missing: true }
  /** It does not open: an older version of it may. */
  | { readonly damage: string }
  /** It opens and is not ours: no version of it is of use. */
  | { readonly unusable: string };

export async function connectTo({ uri, storageOptions }: StoreLocation): Promise<Connection> {
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

/**
 * Looks at one table and changes nothing.
 * @throws StoreError CannotOpen when it cannot be told, TooNew when a later version wrote it.
 */
export async function openTable(connection: Connection, definition: TableDefinition): Promise<TableState> {
  const { name } = definition;
  try {
    const { tables } = await connection.listTables({ limit: 100 });
    if (!tables.includes(name)) return { missing: true };
  } catch (error) {
    throw new StoreError('CannotOpen', conciseMessage(error), { cause: error });
  }
  try {
    const table = await connection.openTable(name);
    const unusable = strangeness(await table.schema(), definition);
    return unusable === undefined ? { table } : { unusable };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const message = conciseMessage(error);
    if (ENVIRONMENT.test(message)) throw new StoreError('CannotOpen', message, { cause: error });
    return { damage: message };
  }
}

/** Why a table of this name is none of this definition, older versions included. */
function strangeness(schema: Schema, definition: TableDefinition): string | undefined {
  const version = versionOf(schema);
  if (version === undefined) return 'it does not say which version it is';
  if (version > definition.version) {
    throw new StoreError(
      'TooNew',
      `table ${definition.name} is of version ${version}, this operator knows ${definition.version}: run the newer one, or move the table away`,
    );
  }
  const wanted = schemaOf(definition);
  for (const field of wanted.fields) {
    const found = schema.fields.find(({ name }) => name === field.name);
    const later = definition.addedIn?.[field.name];
    if (found === undefined && (later === undefined || later <= version))
      return `it has no column ${field.name}`;
    if (found !== undefined && String(found.type) !== String(field.type))
      return `column ${field.name} is ${String(found.type)} and should be ${String(field.type)}`;
  }
  return undefined;
}

/** Brings a table of an older version to this one: adds its columns, null in the rows that are there. */
export async function migrate(table: Table, definition: TableDefinition): Promise<void> {
  const schema = await table.schema();
  if (versionOf(schema) === definition.version) return;
  const present = new Set(schema.fields.map(({ name }) => name));
  const added = Object.entries(definition.columns).filter(([name]) => !present.has(name));
  const nulls = added.map(([name, type]) => ({ name, valueSql: nullOf(type) }));
  if (nulls.length > 0) await table.addColumns(nulls);
  // Last: a crash before it costs a second look.
  await markVersion(table, definition);
}

/** Writes into a table which version it is of: a commit of its own, without data. */
export async function markVersion(table: Table, { version }: TableDefinition): Promise<void> {
  await table.updateFieldMetadata([{ path: VERSION_COLUMN, metadata: { [VERSION_KEY]: String(version) } }]);
}

/** Of the types that a column may have that is added later. */
function nullOf(type: ColumnType): string {
  const types: Partial<Record<ColumnType, string>> = {
    maybeText: 'string',
    maybeNumber: 'double',
    maybeFloat32: 'float',
  };
  const sql = types[type];
  if (sql === undefined) throw new TypeError(`a column of type ${type} cannot be added to a table`);
  return `cast(null as ${sql})`;
}

/**
 * Makes a table open and readable: creates what is missing, takes bad manifests away one after the other, and
 * as the last resort the table. True when all that was in it is gone.
 * @throws StoreError CannotOpen for damage in object storage, which is not ours to move.
 */
export async function repairTable(
  connection: Connection,
  definition: TableDefinition,
  { location, now }: { readonly location: StoreLocation; readonly now: number },
): Promise<boolean> {
  const { name } = definition;
  for (let bad = 0; ; bad += 1) {
    const state = await openTable(connection, definition);
    if ('missing' in state) {
      await connection.createEmptyTable(name, schemaOf(definition), { mode: 'create', existOk: true });
      return true;
    }
    const damage = await damageOf(state);
    if (damage === undefined) return false;
    const directory = localDirectory(location.uri);
    if (directory === undefined) {
      throw new StoreError(
        'CannotOpen',
        `${location.uri}: table ${name} is damaged (${damage}); move it away by hand, it is then rebuilt`,
      );
    }
    const place = { directory, table: name, now };
    const mayMend = 'damage' in state && bad < MAX_BAD_MANIFESTS;
    const manifest = mayMend ? await newestManifest(place) : undefined;
    if (manifest === undefined) await quarantineTable(place);
    else await quarantineManifest(manifest, place);
  }
}

async function damageOf(state: Exclude<TableState, { missing: true }>): Promise<string | undefined> {
  if ('table' in state) return scanDamage(state.table);
  return 'damage' in state ? state.damage : state.unusable;
}

/** Reads everything once; undefined when that went well. */
export async function scanDamage(table: Table): Promise<string | undefined> {
  try {
    const batches = table.query()[Symbol.asyncIterator]();
    while ((await batches.next()).done !== true);
    return undefined;
  } catch (error) {
    return conciseMessage(error);
  }
}

/** A local table whose folder is gone while it is open. LanceDB would not notice, and begin another. */
export async function isGone({ uri }: StoreLocation, name: string): Promise<boolean> {
  const directory = localDirectory(uri);
  if (directory === undefined) return false;
  const versions = await readdir(join(directory, `${name}.lance`, '_versions')).catch(() => []);
  return versions.length === 0;
}

/** The directory of a store on this machine; undefined for object storage. */
export function localDirectory(uri: string): string | undefined {
  if (uri.startsWith('file:')) return fileURLToPath(uri);
  return uri.includes('://') ? undefined : uri;
}
