/**
 * The nearest rows so far, the worst of them first (a binary heap in two arrays). Of equal distances the older row is the
 * worse: the result does not depend on the order in which rows are offered.
 */
export interface NearestHeap {
  readonly room: number;
  count: number;
  readonly distances: Float64Array;
  readonly rows: Int32Array;
  /** Time of each row of the index. */
  readonly at: Float64Array;
}

export function createNearestHeap(room: number, at: Float64Array): NearestHeap {
  return { room, count: 0, distances: new Float64Array(room), rows: new Int32Array(room), at };
}

/** Takes in a row if it is among the nearest; returns the distance beyond which none is any more. */
export function offer(heap: NearestHeap, distance: number, row: number): number {
  if (heap.count < heap.room) {
    heap.count += 1;
    rise(heap, distance, row);
  } else if (heap.room > 0 && isWorse(heap, 0, distance, row)) {
    sink(heap, distance, row);
  }
  return limitOf(heap);
}

/** The distance beyond which none is among the nearest. */
export function limitOf({ count, room, distances }: NearestHeap): number {
  return count < room ? Infinity : (distances[0] ?? -1);
}

/** Empties the heap: its rows, the nearest first. */
export function drain(heap: NearestHeap): { rows: Int32Array; distances: Float64Array } {
  const rows = new Int32Array(heap.count);
  const distances = new Float64Array(heap.count);
  while (heap.count > 0) {
    const place = heap.count - 1;
    rows[place] = heap.rows[0] ?? 0;
    distances[place] = heap.distances[0] ?? NaN;
    heap.count = place;
    if (place > 0) sink(heap, heap.distances[place] ?? NaN, heap.rows[place] ?? 0);
  }
  return { rows, distances };
}

/** Whether what is at `place` is worse than the given row. */
function isWorse(
  { distances, rows, at }: NearestHeap,
  place: number,
  distance: number,
  row: number,
): boolean {
  const own = distances[place] ?? Infinity;
  if (own !== distance) return own > distance;
  return (at[rows[place] ?? 0] ?? 0) < (at[row] ?? 0);
}

/** From the last place towards the root. */
function rise(heap: NearestHeap, distance: number, row: number): void {
  let place = heap.count - 1;
  while (place > 0) {
    const above = (place - 1) >> 1;
    if (isWorse(heap, above, distance, row)) break;
    move(heap, above, place);
    place = above;
  }
  heap.distances[place] = distance;
  heap.rows[place] = row;
}

/** From the root, which is overwritten, towards the leaves. */
function sink(heap: NearestHeap, distance: number, row: number): void {
  let place = 0;
  for (;;) {
    let below = 2 * place + 1;
    if (below >= heap.count) break;
    const next = below + 1;
    if (next < heap.count && isWorse(heap, next, heap.distances[below] ?? 0, heap.rows[below] ?? 0))
      below = next;
    if (!isWorse(heap, below, distance, row)) break;
    move(heap, below, place);
    place = below;
  }
  heap.distances[place] = distance;
  heap.rows[place] = row;
}

function move(heap: NearestHeap, from: number, to: number): void {
  heap.distances[to] = heap.distances[from] ?? 0;
  heap.rows[to] = heap.rows[from] ?? 0;
}
