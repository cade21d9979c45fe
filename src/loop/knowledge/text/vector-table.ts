/** Unit vectors of the same length by place, one after the other. Grows by doubling; a place without one is all zero. */
export interface VectorTable {
  readonly dimensions: number;
  values: Float32Array;
}

const FIRST_PLACES = 64;

export function createVectorTable(dimensions: number): VectorTable {
  return { dimensions, values: new Float32Array(0) };
}

/** Room for a place; returns the offset at which its vector begins. */
export function placeVector(table: VectorTable, place: number): number {
  const { dimensions, values } = table;
  const needed = (place + 1) * dimensions;
  if (needed > values.length) {
    table.values = new Float32Array(Math.max(needed, 2 * values.length, FIRST_PLACES * dimensions));
    table.values.set(values);
  }
  return place * dimensions;
}

export function clearVector({ dimensions, values }: VectorTable, place: number): void {
  values.fill(0, place * dimensions, (place + 1) * dimensions);
}

/** Cosine of a unit vector with each of the first `places`; 0 where there is no vector. */
export function cosines(table: VectorTable, query: Float32Array, places: number): Float64Array {
  const { dimensions, values } = table;
  const found = new Float64Array(places);
  const stored = Math.min(places, values.length / dimensions);
  // A short text has words for a third of the dimensions.
  const used = Uint16Array.from([...query.keys()].filter((dimension) => query[dimension] !== 0));
  const weights = Float32Array.from(used, (dimension) => query[dimension] ?? 0);
  for (let place = 0; place < stored; place += 1) {
    const offset = place * dimensions;
    let sum = 0;
    for (let i = 0; i < used.length; i += 1)
      sum += (values[offset + (used[i] ?? 0)] ?? 0) * (weights[i] ?? 0);
    found[place] = sum;
  }
  return found;
}

/** The vector at length 1; undefined when it is of another length than expected, not finite, or zero. */
export function unitVector(vector: Float32Array, dimensions: number): Float32Array | undefined {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (vector.length !== dimensions || !Number.isFinite(sum) || sum === 0) return undefined;
  const scale = 1 / Math.sqrt(sum);
  return vector.map((value) => value * scale);
}
