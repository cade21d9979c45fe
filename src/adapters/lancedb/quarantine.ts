import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Bad files are moved here, inside the store's directory. LanceDB sees only `*.lance`. */
const QUARANTINE = 'quarantine';

/** Newest files and tables that stay there to be looked at; a table may have 200 MB. */
const KEPT = 4;

export interface QuarantineOptions {
  /** The store's local directory. */
  readonly directory: string;
  readonly table: string;
  /** Makes names in the quarantine distinct: ms since the epoch. */
  readonly now: number;
}

/**
 * The newest manifest of a table; undefined when it has none. Manifests are named 2^64 - 1 - version, padded,
 * so that the newest comes first (the "V2" names of lance-table).
 */
export async function newestManifest({ directory, table }: QuarantineOptions): Promise<string | undefined> {
  const versions = join(directory, `${table}.lance`, '_versions');
  const names = await readdir(versions).catch(() => []);
  const newest = names.filter((name) => name.endsWith('.manifest')).sort()[0];
  return newest === undefined ? undefined : join(versions, newest);
}

/** Takes a bad manifest away: the table is then what it was one version before. */
export async function quarantineManifest(path: string, options: QuarantineOptions): Promise<void> {
  await moveAway(path, `${options.table}-${options.now}-${basename(path)}`, options.directory);
}

/** Takes a table away as a whole. */
export async function quarantineTable(options: QuarantineOptions): Promise<void> {
  const { directory, table, now } = options;
  await moveAway(join(directory, `${table}.lance`), `${table}-${now}.lance.bad`, directory);
}

/** Deletes all that was put aside; undefined for object storage, where nothing is. */
export async function dropQuarantine(directory: string | undefined): Promise<void> {
  if (directory !== undefined) await rm(join(directory, QUARANTINE), { recursive: true, force: true });
}

async function moveAway(from: string, name: string, directory: string): Promise<void> {
  const quarantine = join(directory, QUARANTINE);
  await mkdir(quarantine, { recursive: true });
  await rename(from, join(quarantine, name));
  const newestFirst = (await readdir(quarantine)).sort((a, b) => timeIn(b) - timeIn(a));
  const others = newestFirst.filter((other) => other !== name);
  for (const old of others.slice(KEPT - 1)) await rm(join(quarantine, old), { recursive: true, force: true });
}

/** When something of this name was put aside; 0 for what is not of ours. */
function timeIn(name: string): number {
  return Number.parseInt(/-(\d+)[-.]/.exec(name)?.[1] ?? '0', 10);
}
