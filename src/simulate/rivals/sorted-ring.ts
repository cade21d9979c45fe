/**
 * The last `size` values, kept both in order of arrival and sorted: an empirical quantile is one look-up, and an
 * insertion moves only the values between the one that leaves and the one that comes.
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
  const full = ring.count === sorted.length;
  // The gap that the new value may use: the place of the oldest in a full ring, else the end.
  const gap = full ? lowerBound(ring, arrival[ring.next] ?? 0) : ring.count;
  const place = lowerBound(ring, stored);
  if (place > gap) sorted.copyWithin(gap, gap + 1, place);
  else sorted.copyWithin(place + 1, place, gap);
  sorted[place > gap ? place - 1 : place] = stored;
  if (!full) ring.count++;
  arrival[ring.next] = stored;
  ring.next = ring.next + 1 === arrival.length ? 0 : ring.next + 1;
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
