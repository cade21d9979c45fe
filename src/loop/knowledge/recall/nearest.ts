import { embeddingProblem } from '../situation-record.ts';
import type { Situation } from '../situation.ts';
import { distanceToBox, partial, STEP } from './bounding-box.ts';
import { HEAD, TAIL, type Columns } from './columns.ts';
import type { HotIndex } from './hot-index.ts';
import { createNearestHeap, drain, limitOf, offer, type NearestHeap } from './nearest-heap.ts';
import type { Holder, Owner } from './owners.ts';

/** Whose situation is to be compared, and with what. */
export interface RecallQuery {
  /** For errors: the situation that is asked about. */
  readonly id: string;
  readonly embedding: Float32Array;
  readonly embeddingVersion: number;
  readonly policy: { readonly namespace: string; readonly uid: string };
  /** Kind of the workload: others' situations count where they are of the same. */
  readonly kind: string;
  readonly workloadClass: Situation['workloadClass'];
  /** Whose situations may be looked at beside the policy's own: those of its namespace, or of the whole cluster. */
  readonly sharing: 'Namespace' | 'Cluster';
  /** Uids of the policies that let other namespaces look at their past; all do where left out. */
  readonly consenting?: ReadonlySet<string>;
  /** Only windows that had ended by then, ms since the epoch: what came later was not known. */
  readonly knownBy: number;
}

/** Rows of the index by distance, the nearest first. */
export interface Nearest {
  readonly rows: Int32Array;
  /** Weighted Euclidean distances: those to other workloads count `FLEET_FACTOR` times. */
  readonly distances: Float64Array;
  /** Situations that were compared. */
  readonly searched: number;
  /** Rows of the policy's own among them. */
  readonly own: readonly number[];
}

/** What happened to another workload is that much farther away than what happened to this one. */
export const FLEET_FACTOR = 1.3;

/**
 * The `count` nearest situations, exactly. Its own come first: the farthest of those is a first limit for others. Of those
 * an owner is left out when the box of all its points is too far away, and a row as soon as its first dimensions are. Of
 * equally far ones the newer comes first. Throws a `RangeError` for an embedding that cannot be compared.
 */
export function nearest(index: HotIndex, query: RecallQuery, count: number): Nearest {
  const problem = embeddingProblem(query.id, query.embedding);
  if (problem !== undefined) throw new RangeError(problem);
  const { columns, owners } = index;
  const heap = createNearestHeap(Math.min(count, index.size), columns.at);
  const search: Search = { columns, query, factors: ownerFactors(owners.entries, query), heap };
  const own: number[] = [];
  let searched = 0;
  // By place, here and below: an iterator makes an array for each of a thousand owners.
  for (let place = 0; place < owners.entries.length; place += 1) {
    const holder = owners.entries[place];
    const factor = search.factors[place] ?? 0;
    if (holder === undefined || factor === 0) continue;
    const rows = rowsKnown(holder, search);
    searched += rows.length;
    if (factor > 1) continue;
    for (const row of rows) own.push(row);
    scan(search, rows, factor);
  }
  scanOthers(search, owners.entries);
  const { rows, distances } = drain(heap);
  return { rows, distances: distances.map(Math.sqrt), searched, own };
}

/** By owner: what its squared distances are multiplied by; 0 for one that must not be looked at. */
export function ownerFactors(owners: readonly (Owner | undefined)[], query: RecallQuery): Float64Array {
  const factors = new Float64Array(owners.length);
  for (let place = 0; place < owners.length; place += 1) factors[place] = factorOf(owners[place], query);
  return factors;
}

function factorOf(owner: Owner | undefined, query: RecallQuery): number {
  if (owner?.embeddingVersion !== query.embeddingVersion) return 0;
  if (owner.workloadClass !== query.workloadClass) return 0;
  if (owner.policy.uid === query.policy.uid) return 1;
  if (owner.policy.namespace !== query.policy.namespace && !mayLookAt(owner, query)) return 0;
  return owner.workload.kind === query.kind ? FLEET_FACTOR ** 2 : 0;
}

/** Across namespaces both sides have to want it. */
function mayLookAt({ policy }: Owner, { sharing, consenting }: RecallQuery): boolean {
  return sharing === 'Cluster' && (consenting === undefined || consenting.has(policy.uid));
}

interface Search {
  readonly columns: Columns;
  readonly query: RecallQuery;
  /** By owner. */
  readonly factors: Float64Array;
  readonly heap: NearestHeap;
}

/** Live, all of them are. */
function rowsKnown({ rows, latestEnd }: Holder, { columns, query }: Search): readonly number[] {
  const { endsAt } = columns;
  return latestEnd <= query.knownBy ? rows : rows.filter((row) => (endsAt[row] ?? Infinity) <= query.knownBy);
}

/** The nearest box first: what is found there leaves the most others out. */
function scanOthers(search: Search, entries: readonly (Holder | undefined)[]): void {
  const { query, factors, heap } = search;
  const limit = limitOf(heap);
  const bounds = new Float64Array(entries.length);
  const near: number[] = [];
  for (let place = 0; place < entries.length; place += 1) {
    const box = entries[place]?.box;
    const factor = factors[place] ?? 0;
    if (box === undefined || factor <= 1) continue;
    const bound = distanceToBox(box, query.embedding, factor, limit);
    bounds[place] = bound;
    if (bound <= limit) near.push(place);
  }
  near.sort((a, b) => (bounds[a] ?? 0) - (bounds[b] ?? 0));
  for (const place of near) {
    const holder = entries[place];
    if ((bounds[place] ?? 0) > limitOf(heap)) return;
    if (holder !== undefined) scan(search, rowsKnown(holder, search), factors[place] ?? 0);
  }
}

function scan({ columns, query, heap }: Search, rows: readonly number[], factor: number): void {
  const { heads, tails } = columns;
  const { embedding } = query;
  let limit = limitOf(heap);
  for (const row of rows) {
    let sum = 0;
    for (let step = 0; step < HEAD && sum * factor <= limit; step += STEP) {
      sum += partial(heads, row * HEAD + step, embedding, step);
    }
    for (let step = 0; step < TAIL && sum * factor <= limit; step += STEP) {
      sum += partial(tails, row * TAIL + step, embedding, HEAD + step);
    }
    if (sum * factor <= limit) limit = offer(heap, sum * factor, row);
  }
}
