import type { Situation } from '../situation.ts';
import { createBox, widen, type BoundingBox } from './bounding-box.ts';
import type { Columns } from './columns.ts';

/** Whose situations: one policy and its workload, and what makes vectors and arms of theirs comparable. */
export interface Owner {
  readonly policy: Situation['policy'];
  readonly workload: Situation['workload'];
  readonly workloadClass: Situation['workloadClass'];
  readonly embeddingVersion: number;
}

/** An owner with what it has in the index. */
export interface Holder extends Owner {
  /** Its rows, without gaps and in no order. */
  readonly rows: number[];
  /** Holds all its embeddings. It does not shrink when rows go: one too wide costs time, but never a neighbour. */
  readonly box: BoundingBox;
  /** No window of its ends later, ms since the epoch. Like the box, it does not go back. */
  latestEnd: number;
}

/** Each owner once; a place without any is free for the next. */
export interface Owners {
  readonly entries: (Holder | undefined)[];
  readonly places: Map<string, number>;
  readonly free: number[];
}

export function createOwners(): Owners {
  return { entries: [], places: new Map(), free: [] };
}

type Rows = Pick<Columns, 'owner' | 'slot' | 'endsAt'>;

/** Gives the row, whose window is written, to the situation's owner. */
export function joinOwner(
  owners: Owners,
  columns: Rows,
  row: number,
  situation: Owner & Pick<Situation, 'embedding'>,
): void {
  const place = placeOf(owners, situation);
  const holder = owners.entries[place];
  if (holder === undefined) return;
  columns.owner[row] = place;
  columns.slot[row] = holder.rows.push(row) - 1;
  holder.latestEnd = Math.max(holder.latestEnd, columns.endsAt[row] ?? Infinity);
  widen(holder.box, situation.embedding);
}

/** Takes the row from its owner, who is forgotten with the last one. */
export function leaveOwner({ entries, places, free }: Owners, { owner, slot }: Rows, row: number): void {
  const place = owner[row] ?? -1;
  const holder = entries[place];
  const last = holder?.rows.pop();
  if (holder === undefined || last === undefined) return;
  if (last !== row) {
    const gap = slot[row] ?? 0;
    holder.rows[gap] = last;
    slot[last] = gap;
  }
  if (holder.rows.length > 0) return;
  places.delete(keyOf(holder));
  entries[place] = undefined;
  free.push(place);
}

/** Tells the owner of the row, whose columns have been moved there, where it is now. */
export function renameRow({ entries }: Owners, { owner, slot }: Rows, row: number): void {
  const rows = entries[owner[row] ?? -1]?.rows;
  if (rows !== undefined) rows[slot[row] ?? 0] = row;
}

function placeOf(owners: Owners, situation: Owner): number {
  const { policy, workload, workloadClass, embeddingVersion } = situation;
  const key = keyOf(situation);
  const known = owners.places.get(key);
  if (known !== undefined) return known;
  const place = owners.free.pop() ?? owners.entries.length;
  owners.places.set(key, place);
  owners.entries[place] = {
    policy: { ...policy },
    workload: { ...workload },
    workloadClass,
    embeddingVersion,
    rows: [],
    box: createBox(),
    latestEnd: -Infinity,
  };
  return place;
}

/** Names belong to it: a policy keeps its uid when its target is made anew under another name. */
function keyOf({ policy, workload, workloadClass, embeddingVersion }: Owner): string {
  return [
    policy.uid,
    policy.namespace,
    policy.name,
    workload.uid,
    workload.kind,
    workload.name,
    workloadClass,
    embeddingVersion,
  ].join('\n');
}
