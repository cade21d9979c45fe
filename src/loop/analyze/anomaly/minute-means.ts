/** Means over whole minutes of what comes at every tick. Changed in place. */
export interface MinuteMeans {
  /** Minutes since the epoch of the one that is being filled; NaN before the first. */
  minute: number;
  readonly sums: Float64Array;
  readonly counts: Uint16Array;
}

export const MINUTE_MS = 60_000;

export function createMinuteMeans(signals: number): MinuteMeans {
  return { minute: NaN, sums: new Float64Array(signals), counts: new Uint16Array(signals) };
}

/**
 * Takes in the values of `now` (ms since the epoch; NaN where unknown). Returns the minute that has just ended, its means
 * written to `out` (NaN where nothing was known in it); undefined while it lasts. A clock that steps back begins a new minute.
 */
export function observeMinute(
  state: MinuteMeans,
  now: number,
  values: Float64Array,
  out: Float64Array,
): number | undefined {
  const minute = Math.floor(now / MINUTE_MS);
  const isOver = minute !== state.minute && !Number.isNaN(state.minute);
  const ended = isOver ? state.minute : undefined;
  if (isOver) writeMeans(state, out);
  if (minute !== state.minute) {
    state.sums.fill(0);
    state.counts.fill(0);
    state.minute = minute;
  }
  add(state, values);
  return ended;
}

function writeMeans({ sums, counts }: MinuteMeans, out: Float64Array): void {
  for (const [i, count] of counts.entries()) out[i] = count === 0 ? NaN : (sums[i] ?? NaN) / count;
}

function add({ sums, counts }: MinuteMeans, values: Float64Array): void {
  for (const [i, value] of values.entries()) {
    if (!Number.isFinite(value)) continue;
    sums[i] = (sums[i] ?? 0) + value;
    counts[i] = (counts[i] ?? 0) + 1;
  }
}
