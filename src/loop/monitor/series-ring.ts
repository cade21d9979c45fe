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
  /**
   * Statistic k of a cell is at `k * capacity * slots + cell`, and the cell of a series' bin at `series * slots + bin % slots`.
   * The slab after the last statistic has each cell's sample time as ms into its bin; NaN for a bin without a sample.
   */
  values: Float32Array;
  /** Time of each series' newest sample, ms since the epoch; NaN before the first one. */
  newestAt: number[];
  /** Undefined until a series is asked for by its id: the only series of a ring has the place 0. */
  directory: SeriesDirectory | undefined;
}

/** Places of the series by their ids, and places without a series. */
interface SeriesDirectory {
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
  return {
    stepMs,
    slots,
    statistics,
    capacity: series,
    values: new Float32Array(series * slots * (statistics + 1)).fill(NaN),
    newestAt: new Array<number>(series).fill(NaN),
    directory: undefined,
  };
}

/** The place of the series `id`; an empty one where it has none yet. */
export function acquireSeries(ring: SeriesRing, id: string): number {
  const directory = (ring.directory ??= createDirectory(ring.capacity));
  const known = directory.places.get(id);
  if (known !== undefined) return known;
  if (directory.free.length === 0) directory.free.push(...grow(ring));
  const place = directory.free.pop() ?? 0;
  directory.places.set(id, place);
  return place;
}

function createDirectory(capacity: number): SeriesDirectory {
  return { places: new Map(), free: placesFrom(0, capacity) };
}

/** The first is the last, where the next is taken from. */
function placesFrom(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, index) => end - 1 - index);
}

/** Forgets the series `id`; its place goes to the next that comes. False when there was none. */
export function releaseSeries(ring: SeriesRing, id: string): boolean {
  const { directory } = ring;
  const place = directory?.places.get(id);
  if (directory === undefined || place === undefined) return false;
  directory.places.delete(id);
  for (let cell = place * ring.slots; cell < (place + 1) * ring.slots; cell += 1) clear(ring, cell);
  ring.newestAt[place] = NaN;
  directory.free.push(place);
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
  if (offset <= offsetAt(ring, cell)) return DUPLICATE;
  put(ring, cell, ring.statistics, offset);
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
  return Number.isNaN(offsetAt(ring, cell)) ? ABSENT : cell;
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
    const sampledAt = bin * stepMs + offsetAt(ring, cell);
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
  if (bin * stepMs + offsetAt(ring, cell) > at) clear(ring, cell);
  ring.newestAt[series] = at;
  return at;
}

function offsetAt(ring: SeriesRing, cell: number): number {
  return get(ring, cell, ring.statistics);
}

function clear(ring: SeriesRing, cell: number): void {
  const slab = ring.capacity * ring.slots;
  for (let index = cell; index < ring.values.length; index += slab) ring.values[index] = NaN;
}

/** Makes room for twice as many series, and returns the places that this gives. */
function grow(ring: SeriesRing): readonly number[] {
  const { capacity, slots, statistics, values } = ring;
  const larger = Math.max(1, 2 * capacity);
  ring.values = new Float32Array(larger * slots * (statistics + 1)).fill(NaN);
  for (let slab = 0; slab <= statistics; slab += 1) {
    const length = capacity * slots;
    ring.values.set(values.subarray(slab * length, (slab + 1) * length), slab * larger * slots);
  }
  ring.newestAt = [...ring.newestAt, ...new Array<number>(larger - capacity).fill(NaN)];
  ring.capacity = larger;
  return placesFrom(capacity, larger);
}
