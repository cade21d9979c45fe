/**
 * The last `size` values, kept both in order of arrival and sorted, so that an empirical quantile costs one
 * look-up and an insertion two binary searches and two block moves.
 */
export interface SortedRing {
  readonly sorted: Float32Array;
  readonly arrival: Float32Array;
  count: number;
  next: number;
}

export function createSortedRing(size: number): SortedRing {
  return { sorted: new Float32Array(size), arrival: new Float32Array(size), count: 0, next: 0 };
}

/** Adds a finite value; the oldest leaves when the ring is full. */
export function ringAdd(ring: SortedRing, value: number): void {
  const { sorted, arrival } = ring;
  const stored = Math.fround(value);
  if (ring.count === sorted.length) {
    const gone = lowerBound(ring, arrival[ring.next] ?? 0);
    sorted.copyWithin(gone, gone + 1, ring.count);
    ring.count--;
  }
  const place = lowerBound(ring, stored);
  sorted.copyWithin(place + 1, place, ring.count);
  sorted[place] = stored;
  ring.count++;
  arrival[ring.next] = stored;
  ring.next = (ring.next + 1) % arrival.length;
}

/** Empirical quantile at position level·(n+1)-1, linear in between, clipped to the extremes; 0 of an empty ring. */
export function ringQuantile(ring: SortedRing, level: number): number {
  if (ring.count === 0) return 0;
  const position = Math.min(ring.count - 1, Math.max(0, level * (ring.count + 1) - 1));
  const below = Math.floor(position);
  const low = ring.sorted[below] ?? 0;
  return position === below ? low : low + (position - below) * ((ring.sorted[below + 1] ?? low) - low);
}

function lowerBound(ring: SortedRing, value: number): number {
  let from = 0;
  let to = ring.count;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ring.sorted[middle] ?? 0) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
