import { LEVEL_COUNT, PATH_LEVELS, type PathShape } from './path-shape.ts';
import type { PathForecaster } from './path-state.ts';

/** From so many past errors on their quantiles are taken; before that a guess. */
const ENOUGH = 9;

/** 80 % of a random walk's errors after h bins lie within about 1.02·√h of its mean absolute step. */
const GUESS = 2.56;

/** Number `ring` of the forecaster gets a new error, in scales, and its quantiles follow; the oldest one leaves. */
export function learnError(forecaster: PathForecaster, shape: PathShape, ring: number, error: number): void {
  const { slab, order } = forecaster;
  const size = shape.ringSize;
  const values = shape.at.rings + ring * size;
  const head = ring * (size + 2);
  const ranks = head + 2;
  const count = order[head] ?? 0;
  const next = order[head + 1] ?? 0;
  let place = count;
  if (count === size) {
    place = rankOf(slab[values + next] ?? 0, { slab, order, values, ranks, last: size - 1 });
    while (order[ranks + place] !== next) place++;
  } else order[head] = count + 1;
  slab[values + next] = error;
  order[ranks + place] = next;
  order[head + 1] = next + 1 === size ? 0 : next + 1;
  settle({ slab, order, values, ranks, last: Math.min(count, size - 1) }, place);
}

/** The first rank with this value or a larger one. */
function rankOf(value: number, ring: RankedValues): number {
  let low = 0;
  let high = ring.last;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueAt(ring, middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface RankedValues {
  readonly slab: Float32Array;
  readonly order: Uint8Array;
  readonly values: number;
  readonly ranks: number;
  readonly last: number;
}

/** Moves the one entry that may be out of order to its place. */
function settle(ring: RankedValues, from: number): void {
  const { order, ranks, last } = ring;
  const entry = order[ranks + from] ?? 0;
  const error = valueAt(ring, from);
  let place = from;
  for (; place > 0 && valueAt(ring, place - 1) > error; place--)
    order[ranks + place] = order[ranks + place - 1] ?? 0;
  for (; place < last && valueAt(ring, place + 1) < error; place++)
    order[ranks + place] = order[ranks + place + 1] ?? 0;
  order[ranks + place] = entry;
}

function valueAt({ slab, order, values, ranks }: RankedValues, rank: number): number {
  return slab[values + (order[ranks + rank] ?? 0)] ?? 0;
}

/** Quantiles of a ring's errors at all levels, kept until the next error. */
export function renewQuantiles(
  forecaster: PathForecaster,
  shape: PathShape,
  ring: number,
  horizon: number,
): void {
  const { slab, order } = forecaster;
  const size = shape.ringSize;
  const values = shape.at.rings + ring * size;
  const ranks = ring * (size + 2) + 2;
  const count = order[ranks - 2] ?? 0;
  const out = shape.at.ringQuantiles + ring * LEVEL_COUNT;
  const guess = GUESS * Math.sqrt(Math.min(horizon, 12));
  for (let i = 0; i < LEVEL_COUNT; i++) {
    const level = PATH_LEVELS[i] ?? 0;
    if (count < ENOUGH) {
      slab[out + i] = guess * (level - 0.5);
      continue;
    }
    const position = Math.min(count - 1, Math.max(0, level * (count + 1) - 1));
    const low = Math.floor(position);
    const below = slab[values + (order[ranks + low] ?? 0)] ?? 0;
    const above = slab[values + (order[ranks + Math.min(low + 1, count - 1)] ?? 0)] ?? 0;
    slab[out + i] = below + (position - low) * (above - below);
  }
}
