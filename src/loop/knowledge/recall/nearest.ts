import { embeddingProblem } from '../situation-record.ts';
import type { Situation } from '../situation.ts';
import { HEAD, TAIL } from './columns.ts';
import type { HotIndex } from './hot-index.ts';
import { createNearestHeap, drain, offer, type NearestHeap } from './nearest-heap.ts';
import type { Owner } from './owners.ts';

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
const STEP = 8;

/**
 * The `count` nearest situations, exactly. A row is left as soon as its first dimensions alone are too far away. Of
 * equally far ones the newer comes first. Throws a `RangeError` for an embedding that cannot be compared.
 */
export function nearest(index: HotIndex, query: RecallQuery, count: number): Nearest {
  const problem = embeddingProblem(query.id, query.embedding);
  if (problem !== undefined) throw new RangeError(problem);
  const heap = createNearestHeap(Math.min(count, index.size), index.columns.at);
  const own: number[] = [];
  const searched = scan(index, query, { heap, factors: ownerFactors(index.owners.entries, query), own });
  const { rows, distances } = drain(heap);
  return { rows, distances: distances.map(Math.sqrt), searched, own };
}

/** By owner: what its squared distances are multiplied by; 0 for one that must not be looked at. */
export function ownerFactors(owners: readonly (Owner | undefined)[], query: RecallQuery): Float64Array {
  return Float64Array.from(owners, (owner) => {
    if (owner?.embeddingVersion !== query.embeddingVersion) return 0;
    if (owner.workloadClass !== query.workloadClass) return 0;
    if (owner.policy.uid === query.policy.uid) return 1;
    if (owner.policy.namespace !== query.policy.namespace && !mayLookAt(owner, query)) return 0;
    return owner.workload.kind === query.kind ? FLEET_FACTOR ** 2 : 0;
  });
}

/** Across namespaces both sides have to want it. */
function mayLookAt({ policy }: Owner, { sharing, consenting }: RecallQuery): boolean {
  return sharing === 'Cluster' && (consenting === undefined || consenting.has(policy.uid));
}

interface Search {
  readonly heap: NearestHeap;
  readonly factors: Float64Array;
  /** To be filled with the policy's own rows. */
  readonly own: number[];
}

function scan({ size, columns }: HotIndex, query: RecallQuery, { heap, factors, own }: Search): number {
  const { heads, tails, owner, endsAt } = columns;
  const { embedding, knownBy } = query;
  let worst = heap.room === 0 ? -1 : Infinity;
  let searched = 0;
  for (let row = 0; row < size; row += 1) {
    const factor = factors[owner[row] ?? 0] ?? 0;
    if (factor === 0 || (endsAt[row] ?? Infinity) > knownBy) continue;
    searched += 1;
    if (factor === 1) own.push(row);
    const head = row * HEAD;
    let sum = partial(heads, head, embedding, 0);
    if (sum * factor > worst) continue;
    sum += partial(heads, head + STEP, embedding, STEP);
    if (sum * factor > worst) continue;
    sum = withTail(tails, row * TAIL, embedding, { sum, limit: worst / factor });
    if (sum === Infinity) continue;
    worst = offer(heap, sum * factor, row);
  }
  return searched;
}

interface Bound {
  readonly sum: number;
  readonly limit: number;
}

/** The whole squared distance; infinite where it is beyond the limit. */
function withTail(tails: Float32Array, tail: number, embedding: Float32Array, { sum, limit }: Bound): number {
  let total = sum;
  for (let step = 0; step < TAIL; step += STEP) {
    total += partial(tails, tail + step, embedding, HEAD + step);
    if (total > limit) return Infinity;
  }
  return total;
}

/** Squared distance over `STEP` dimensions. */
function partial(a: Float32Array, i: number, b: Float32Array, j: number): number {
  return four(a, i, b, j) + four(a, i + 4, b, j + 4);
}

/** Over four. Written out: a loop of so few rounds costs more than its content. */
function four(a: Float32Array, i: number, b: Float32Array, j: number): number {
  const d0 = (a[i] ?? 0) - (b[j] ?? 0);
  const d1 = (a[i + 1] ?? 0) - (b[j + 1] ?? 0);
  const d2 = (a[i + 2] ?? 0) - (b[j + 2] ?? 0);
  const d3 = (a[i + 3] ?? 0) - (b[j + 3] ?? 0);
  return d0 * d0 + d1 * d1 + (d2 * d2 + d3 * d3);
}
