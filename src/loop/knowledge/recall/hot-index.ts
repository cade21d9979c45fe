import { copyRows, createColumns, moveRow, type Columns } from './columns.ts';
import { createOwners, leaveOwner, renameRow, type Owner, type Owners } from './owners.ts';

/**
 * The situations that are searched: plain arrays in memory, of which nothing is lost that the journal and the store
 * do not have. Rows lie without gaps and in no order. A situation takes about 750 bytes: the columns', and some 300 of text
 * and of ways to find it (71 MiB for 100,000 were measured); while the columns double, half as much again.
 */
export interface HotIndex {
  /** Situations at most; the oldest are forgotten for new ones. */
  readonly capacity: number;
  /** Different arms at most. */
  readonly armLimit: number;
  /** Situations now. */
  size: number;
  columns: Columns;
  /** By row. */
  readonly labels: Label[];
  /** Row of each id. */
  readonly rows: Map<string, number>;
  readonly owners: Owners;
  /** Names of the arms, by their place in the columns. */
  readonly arms: string[];
}

/** What of a situation is text. */
export interface Label {
  readonly id: string;
  readonly summary: string;
  /** The arm in force. */
  readonly arm: string;
}

export interface HotIndexOptions {
  readonly capacity: number;
  readonly armLimit?: number;
}

/** Arrays of the first situations; they double as long as there are more. */
const FIRST_ROOM = 256;
const DEFAULT_ARM_LIMIT = 16;
/** What is forgotten at once when there is no room, of the capacity: to look for the oldest costs a walk through all. */
const FORGOTTEN_SHARE = 0.01;

export function createHotIndex({ capacity, armLimit = DEFAULT_ARM_LIMIT }: HotIndexOptions): HotIndex {
  if (!(Number.isInteger(capacity) && capacity > 0)) {
    throw new RangeError(
      `capacity of the index of situations must be a whole number above 0, found ${capacity}`,
    );
  }
  return {
    capacity,
    armLimit,
    size: 0,
    columns: createColumns(Math.min(FIRST_ROOM, capacity), armLimit),
    labels: [],
    rows: new Map(),
    owners: createOwners(),
    arms: [],
  };
}

/** The next free row; makes room for it. */
export function openRow(index: HotIndex, label: Label): number {
  if (index.size === index.capacity) forgetOldest(index);
  if (index.size === index.columns.room) {
    const larger = createColumns(Math.min(index.capacity, 2 * index.columns.room), index.armLimit);
    copyRows(larger, index.columns);
    index.columns = larger;
  }
  const row = index.size;
  index.size += 1;
  index.labels[row] = label;
  index.rows.set(label.id, row);
  return row;
}

/** False when there was none of this id. */
export function removeSituation(index: HotIndex, id: string): boolean {
  const row = index.rows.get(id);
  if (row === undefined) return false;
  removeRow(index, row);
  return true;
}

/** All of a namespace; returns how many there were. */
export function removeNamespace(index: HotIndex, namespace: string): number {
  return removeOwners(index, ({ policy }) => policy.namespace === namespace);
}

/** All of a policy by its uid; returns how many there were. */
export function removePolicy(index: HotIndex, policyUid: string): number {
  return removeOwners(index, ({ policy }) => policy.uid === policyUid);
}

function removeOwners(index: HotIndex, unwanted: (owner: Owner) => boolean): number {
  const before = index.size;
  const gone = index.owners.entries.map((owner) => owner !== undefined && unwanted(owner));
  // From the end: the row that fills the gap has been looked at.
  for (let row = before - 1; row >= 0; row -= 1) {
    if (gone[index.columns.owner[row] ?? -1] === true) removeRow(index, row);
  }
  return before - index.size;
}

/** The last row takes its place. */
function removeRow(index: HotIndex, row: number): void {
  const gone = index.labels[row];
  const moved = index.labels.pop();
  if (gone === undefined || moved === undefined) return;
  index.size = index.labels.length;
  index.rows.delete(gone.id);
  leaveOwner(index.owners, index.columns, row);
  if (row === index.size) return;
  moveRow(index.columns, index.size, row);
  renameRow(index.owners, index.columns, row);
  index.labels[row] = moved;
  index.rows.set(moved.id, row);
}

function forgetOldest(index: HotIndex): void {
  const times = index.columns.at.slice(0, index.size).sort();
  let left = Math.max(1, Math.floor(FORGOTTEN_SHARE * index.capacity));
  const limit = times[left - 1] ?? Infinity;
  for (let row = index.size - 1; row >= 0 && left > 0; row -= 1) {
    if ((index.columns.at[row] ?? Infinity) > limit) continue;
    removeRow(index, row);
    left -= 1;
  }
}
