/**
 * The last bins of many series in a few flat arrays: no object for each series, nothing allocated for a sample.
 *
 * A series has `statistics` numbers in each of its last `slots` bins of `stepMs`. All values of one statistic lie in
 * one slab of Float32; the slabs stand end to end in `values`. Within its bin the sample that is later by its own
 * time counts. What is not known is NaN and never zero: a bin without a sample, a number that Float32 cannot hold.
 *
 * Memory: 4 × slots × (statistics + 1) + 8 bytes for each series.
 */
export interface SeriesRing {
  readonly stepMs: number;
  readonly slots: number;
  readonly statistics: number;
  /** Series that there is room for; doubles when it is used up. */
  capacity: number;
  /** Statistic k of a cell is at `k * capacity * slots + cell`, and the cell of a series' bin at `series * slots + bin % slots`. */
  values: Float32Array;
  /** Each cell's sample time as ms into its bin; NaN for a bin without a sample. */
  offsets: Float32Array;
  /** Time of each series' newest sample, ms since the epoch; NaN before the first one. */
  newestAt: Float64Array;
  /** Places of the series by their ids. */
  readonly places: Map<string, number>;
  readonly free: number[];
}

export interface SeriesRingOptions {
  /** Room for so many series at the beginning. */
  readonly series: number;
  readonly slots: number;
  readonly statistics: number;
  /** At most 2^24: offsets in a bin are exact to the ms in Float32. */
  readonly stepMs: number;
}

/** How far ahead of the local clock a sample may be: scrape and operator clocks differ by seconds. */
const CLOCK_TOLERANCE_MS = 60_000;

/** `openCell`: there is nothing to write, because the bin has a sample as late as this one or later. */
export const DUPLICATE = -1;
/** `openCell`: no time, a time from the future, or one that is older than what is kept. */
export const REFUSED = -2;
/** `cellOfBin`, `cellAsOf`: there was no sample. */
export const ABSENT = -3;

/** Largest number of Float32; beyond it a value would become infinite. */
const MAX_VALUE = 3.4028234663852886e38;

export function createSeriesRing({ series, slots, statistics, stepMs }: SeriesRingOptions): SeriesRing {
  const ring: SeriesRing = {
    stepMs,
    slots,
    statistics,
    capacity: series,
    values: new Float32Array(series * slots * statistics).fill(NaN),
    offsets: new Float32Array(series * slots).fill(NaN),
    newestAt: new Float64Array(series).fill(NaN),
    places: new Map(),
    free: [],
  };
  for (let place = series - 1; place >= 0; place -= 1) ring.free.push(place);
  return ring;
}

/** The place of the series `id`; an empty one where it has none yet. */
export function acquireSeries(ring: SeriesRing, id: string): number {
  const known = ring.places.get(id);
  if (known !== undefined) return known;
  if (ring.free.length === 0) grow(ring);
  const place = ring.free.pop() ?? 0;
  ring.places.set(id, place);
  return place;
}

/** Forgets the series `id`; its place goes to the next that comes. False when there was none. */
export function releaseSeries(ring: SeriesRing, id: string): boolean {
  const place = ring.places.get(id);
  if (place === undefined) return false;
  ring.places.delete(id);
  for (let cell = place * ring.slots; cell < (place + 1) * ring.slots; cell += 1) clear(ring, cell);
  ring.newestAt[place] = NaN;
  ring.free.push(place);
  return true;
}

/**
 * The cell in which the sample of `series` at time `at` is to be written with `put`, or DUPLICATE or REFUSED. Bins that
 * were passed over since the last sample become gaps. After the clock was set back, what was noted in its future is
 * unknown again. Times in ms since the epoch; `now` is the local clock.
 */
export function openCell(ring: SeriesRing, series: number, at: number, now: number): number {
  if (!(at >= 0 && at <= now + CLOCK_TOLERANCE_MS)) return REFUSED;
  const { stepMs, slots } = ring;
  const bin = Math.floor(at / stepMs);
  let newest = ring.newestAt[series] ?? NaN;
  if (newest > now + CLOCK_TOLERANCE_MS) newest = rewind(ring, series, at);
  const newestBin = Math.floor(newest / stepMs);
  if (bin <= newestBin - slots) return REFUSED;
  const first = series * slots;
  const cell = first + (bin % slots);
  if (at > newest) {
    for (let gap = Math.max(newestBin + 1, bin - slots + 1); gap <= bin; gap += 1) {
      clear(ring, first + (gap % slots));
    }
  }
  const offset = at - bin * stepMs;
  const before = ring.offsets[cell] ?? NaN;
  if (offset <= before) return DUPLICATE;
  ring.offsets[cell] = offset;
  if (!(at <= newest)) ring.newestAt[series] = at;
  return cell;
}

/** Writes one statistic of a cell; what is not finite or too large for Float32 is unknown. */
export function put(ring: SeriesRing, cell: number, statistic: number, value: number): void {
  const known = value >= -MAX_VALUE && value <= MAX_VALUE;
  ring.values[statistic * ring.capacity * ring.slots + cell] = known ? value : NaN;
}

export function get(ring: SeriesRing, cell: number, statistic: number): number {
  return ring.values[statistic * ring.capacity * ring.slots + cell] ?? NaN;
}

/** The cell of `bin` (floor of time ÷ step), or ABSENT when it has no sample or is no longer kept. */
export function cellOfBin(ring: SeriesRing, series: number, bin: number): number {
  const newestBin = Math.floor((ring.newestAt[series] ?? NaN) / ring.stepMs);
  if (!(bin >= 0 && bin <= newestBin && bin > newestBin - ring.slots)) return ABSENT;
  const cell = series * ring.slots + (bin % ring.slots);
  return Number.isNaN(ring.offsets[cell] ?? NaN) ? ABSENT : cell;
}

/**
 * The cell of the newest sample that is not later than `at` and at most `maxAgeMs` older, or ABSENT: what was known
 * then, by the samples' own times. A bin whose only sample is later does not hide the one before it.
 */
export function cellAsOf(ring: SeriesRing, series: number, at: number, maxAgeMs: number): number {
  const { stepMs, slots } = ring;
  const newestBin = Math.floor((ring.newestAt[series] ?? NaN) / stepMs);
  const last = Math.max(Math.floor((at - maxAgeMs) / stepMs), newestBin - slots + 1, 0);
  for (let bin = Math.min(Math.floor(at / stepMs), newestBin); bin >= last; bin -= 1) {
    const cell = series * slots + (bin % slots);
    const sampledAt = bin * stepMs + (ring.offsets[cell] ?? NaN);
    if (sampledAt <= at) return sampledAt >= at - maxAgeMs ? cell : ABSENT;
  }
  return ABSENT;
}

/** What was recorded under a clock that ran ahead, and lies after `at`, is unknown; returns the time from which to go on. */
function rewind(ring: SeriesRing, series: number, at: number): number {
  const { stepMs, slots } = ring;
  const newestBin = Math.floor((ring.newestAt[series] ?? NaN) / stepMs);
  const first = series * slots;
  const bin = Math.floor(at / stepMs);
  for (let later = Math.max(bin + 1, newestBin - slots + 1); later <= newestBin; later += 1) {
    clear(ring, first + (later % slots));
  }
  const cell = first + (bin % slots);
  if (bin * stepMs + (ring.offsets[cell] ?? NaN) > at) clear(ring, cell);
  ring.newestAt[series] = at;
  return at;
}

function clear(ring: SeriesRing, cell: number): void {
  ring.offsets[cell] = NaN;
  const slab = ring.capacity * ring.slots;
  for (let index = cell; index < ring.values.length; index += slab) ring.values[index] = NaN;
}

function grow(ring: SeriesRing): void {
  const { capacity, slots, statistics, values, offsets, newestAt } = ring;
  const larger = Math.max(1, 2 * capacity);
  ring.values = new Float32Array(larger * slots * statistics).fill(NaN);
  for (let statistic = 0; statistic < statistics; statistic += 1) {
    const slab = capacity * slots;
    ring.values.set(values.subarray(statistic * slab, (statistic + 1) * slab), statistic * larger * slots);
  }
  ring.offsets = new Float32Array(larger * slots).fill(NaN);
  ring.offsets.set(offsets);
  ring.newestAt = new Float64Array(larger).fill(NaN);
  ring.newestAt.set(newestAt);
  for (let place = larger - 1; place >= capacity; place -= 1) ring.free.push(place);
  ring.capacity = larger;
}
