/**
 * One demand series as minute bins over the last eight days.
 *
 * A bin holds the largest sample of its minute, because capacity has to serve the maximum; a minute without a
 * sample holds NaN and never zero. Eight days are what a daily profile of seven days and the same minute one
 * week ago need. Minutes and not quarters of a minute: 46 KB for each series instead of 184 KB, and backfilled
 * history rarely has more than one sample per minute anyway.
 */

export const BIN_MS = 60_000;
export const BINS_PER_DAY = 1440;
const CAPACITY = 8 * BINS_PER_DAY;

/** How far ahead of the local clock a sample may be: scrape and operator clocks differ by seconds. */
export const CLOCK_TOLERANCE_MS = 60_000;

/** Largest demand that can be meant: Float32 ends at 3.4e38, and sums of bins must stay finite. */
const MAX_DEMAND = 1e30;

/** Largest time value of ECMAScript. */
const MAX_TIME = 8.64e15;

/**
 * The newest samples are kept whole so that the rolling maximum of the last minute can be told at any moment.
 * A little less than a minute, or a 60 s cadence with jitter would sometimes see two samples in one minute.
 */
const ROLLING_MS = 55_000;
const RECENT = 16;

/** Plain numbers and typed arrays: may be structured-cloned and stored. Times in ms since the epoch. */
export interface DemandSeries {
  readonly bins: Float32Array;
  readonly recentAt: Float64Array;
  readonly recentValue: Float64Array;
  recentNext: number;
  /** Time of the oldest and newest accepted sample; NaN before the first one. */
  firstAt: number;
  newestAt: number;
  /** The minute of `newestAt`. */
  newestBin: number;
  samples: number;
}

export interface DemandSample {
  readonly at: number;
  readonly value: number;
}

export type RefusalReason = 'NotANumber' | 'OutOfRange' | 'InFuture' | 'TooOld';

/**
 * What became of a sample. `Accepted`: it is the newest; the bins `closedFrom … closedTo` (none when
 * `closedFrom > closedTo`) can no longer become larger in time order. `Merged`: it is late and raised or filled
 * its bin. `Duplicate`: late, and nothing changed. `rewound`: the clock had been ahead and was set back.
 */
export type SampleOutcome =
  | {
      readonly status: 'Accepted';
      readonly closedFrom: number;
      readonly closedTo: number;
      readonly rewound: boolean;
    }
  | { readonly status: 'Merged' | 'Duplicate' }
  | { readonly status: 'Refused'; readonly reason: RefusalReason; readonly message: string };

export function createSeries(): DemandSeries {
  return {
    bins: new Float32Array(CAPACITY).fill(NaN),
    recentAt: new Float64Array(RECENT).fill(NaN),
    recentValue: new Float64Array(RECENT).fill(NaN),
    recentNext: 0,
    firstAt: NaN,
    newestAt: NaN,
    newestBin: NaN,
    samples: 0,
  };
}

export function binOf(at: number): number {
  return Math.floor(at / BIN_MS);
}

/** Stores one sample; `now` is the local clock, by which samples from the future are refused. */
export function recordSample(series: DemandSeries, sample: DemandSample, now: number): SampleOutcome {
  const refusal = refusalOf(series, sample, now);
  if (refusal !== undefined) return refusal;
  if (Number.isNaN(series.newestAt)) return start(series, sample);

  const rewound = series.newestAt > now + CLOCK_TOLERANCE_MS;
  if (rewound) rewindTo(series, sample.at);
  if (sample.at <= series.newestAt) return merge(series, sample);

  const bin = binOf(sample.at);
  // After a gap longer than what is kept there is nothing older left to close.
  const closedFrom = Math.max(series.newestBin, bin - CAPACITY);
  for (let b = Math.max(closedFrom + 1, bin - CAPACITY + 1); b <= bin; b++) series.bins[b % CAPACITY] = NaN;
  setNewest(series, sample.at);
  keep(series, sample);
  return { status: 'Accepted', closedFrom, closedTo: bin - 1, rewound };
}

/** The largest sample of the minute `bin`; NaN when there was none or it is no longer kept. */
export function binMax(series: DemandSeries, bin: number): number {
  return isKept(series, bin) ? (series.bins[bin % CAPACITY] ?? NaN) : NaN;
}

/** The largest sample of the minutes `from … to` inclusive, missing ones left out; -Infinity when all are missing. */
export function windowMax(series: DemandSeries, from: number, to: number): number {
  const first = Math.max(from, oldestBin(series), 0);
  const last = Math.min(to, series.newestBin);
  let slot = first % CAPACITY;
  let max = -Infinity;
  for (let bin = first; bin <= last; bin++) {
    const value = series.bins[slot] ?? NaN;
    if (value > max) max = value;
    slot = slot + 1 === CAPACITY ? 0 : slot + 1;
  }
  return max;
}

/** How many of the minutes `from … to` have a sample. */
export function windowCount(series: DemandSeries, from: number, to: number): number {
  const first = Math.max(from, oldestBin(series), 0);
  const last = Math.min(to, series.newestBin);
  let slot = first % CAPACITY;
  let count = 0;
  for (let bin = first; bin <= last; bin++) {
    if (!Number.isNaN(series.bins[slot] ?? NaN)) count++;
    slot = slot + 1 === CAPACITY ? 0 : slot + 1;
  }
  return count;
}

/** The largest sample of the minute that ends with the newest one. */
export function rollingMax(series: DemandSeries): number {
  // Below 4 s of cadence the kept samples do not reach back a minute; the open bin then helps out.
  let max = windowMax(series, series.newestBin, series.newestBin);
  for (let i = 0; i < RECENT; i++) {
    const at = series.recentAt[i] ?? NaN;
    const value = series.recentValue[i] ?? NaN;
    if (at > series.newestAt - ROLLING_MS && at <= series.newestAt && value > max) max = value;
  }
  return max;
}

function refusalOf(
  series: DemandSeries,
  { at, value }: DemandSample,
  now: number,
): SampleOutcome | undefined {
  if (!Number.isFinite(value) || !Number.isFinite(at) || !Number.isFinite(now)) {
    return refused('NotANumber', `a sample needs finite numbers, found value ${value} at ${at} (now ${now})`);
  }
  if (value < 0 || value > MAX_DEMAND || at < 0 || at > MAX_TIME) {
    return refused('OutOfRange', `demand must be within 0 … ${MAX_DEMAND}, found ${value} at ${at}`);
  }
  if (at > now + CLOCK_TOLERANCE_MS) {
    return refused('InFuture', `the sample is ${(at - now) / 1000} s ahead of the local clock`);
  }
  // After the local clock was set back, what is newest is not to be trusted as the measure of old.
  if (Math.min(series.newestAt, now) - at > (CAPACITY - 1) * BIN_MS) {
    return refused('TooOld', `the sample is older than the ${CAPACITY / BINS_PER_DAY} days that are kept`);
  }
  return undefined;
}

function refused(reason: RefusalReason, message: string): SampleOutcome {
  return { status: 'Refused', reason, message };
}

function start(series: DemandSeries, sample: DemandSample): SampleOutcome {
  series.firstAt = sample.at;
  setNewest(series, sample.at);
  keep(series, sample);
  const bin = binOf(sample.at);
  return { status: 'Accepted', closedFrom: bin, closedTo: bin - 1, rewound: false };
}

/** What was recorded under the clock that ran ahead and lies after `at` is unknown again. */
function rewindTo(series: DemandSeries, at: number): void {
  for (let bin = Math.max(binOf(at) + 1, oldestBin(series)); bin <= series.newestBin; bin++) {
    series.bins[bin % CAPACITY] = NaN;
  }
  series.recentAt.fill(NaN);
  setNewest(series, at - 1);
}

function merge(series: DemandSeries, sample: DemandSample): SampleOutcome {
  const bin = binOf(sample.at);
  const before = binMax(series, bin);
  if (Math.fround(sample.value) <= before) return { status: 'Duplicate' };
  keep(series, sample);
  return { status: 'Merged' };
}

function keep(series: DemandSeries, sample: DemandSample): void {
  const slot = binOf(sample.at) % CAPACITY;
  const before = series.bins[slot] ?? NaN;
  series.bins[slot] = Number.isNaN(before) ? sample.value : Math.max(before, sample.value);
  series.firstAt = Math.min(series.firstAt, sample.at);
  series.samples++;
  if (sample.at <= series.newestAt - ROLLING_MS) return;
  series.recentAt[series.recentNext] = sample.at;
  series.recentValue[series.recentNext] = sample.value;
  series.recentNext = (series.recentNext + 1) % RECENT;
}

function setNewest(series: DemandSeries, at: number): void {
  series.newestAt = at;
  series.newestBin = binOf(at);
}

function isKept(series: DemandSeries, bin: number): boolean {
  return bin >= 0 && bin >= oldestBin(series) && bin <= series.newestBin;
}

function oldestBin(series: DemandSeries): number {
  return series.newestBin - CAPACITY + 1;
}
