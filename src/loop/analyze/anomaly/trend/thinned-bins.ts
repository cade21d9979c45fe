/**
 * Minutes to days of a series, always in at most `capacity` equal bins: when they are used up, neighbours become one
 * and a bin is twice as long, until a bin is `maxStepMs` long; from then on the oldest quarter goes.
 * A bin without a sample is NaN. Values beyond Float32 are unknown. Its last column has the largest sample of the first one.
 */
export interface ThinnedBins {
  stepMs: number;
  readonly firstStepMs: number;
  readonly maxStepMs: number;
  /** Begin of the first bin, ms since the epoch; NaN before the first sample. */
  startedAt: number;
  /** Closed bins. */
  count: number;
  /** Column c of bin b is at `c · capacity + b`. */
  readonly values: Float32Array;
  readonly capacity: number;
  /** Of the open bin: sum and number of the samples of each mean, and the largest of the first. */
  readonly sums: Float64Array;
  readonly samples: Float64Array;
  largest: number;
}

export interface ThinnedBinsOptions {
  readonly capacity: number;
  /** Series of which the means are kept. */
  readonly means: number;
  readonly firstStepMs: number;
  readonly maxStepMs: number;
}

/** The latest time of ECMAScript's dates: beyond 2^53 a step is lost in rounding. */
const LATEST_MS = 8.64e15;
/** Far below Float32's end, so that sums of a bin's samples stay finite too. */
const MAX_VALUE = 1e37;

export function createThinnedBins(options: ThinnedBinsOptions): ThinnedBins {
  const { capacity, means, firstStepMs, maxStepMs } = options;
  return {
    stepMs: firstStepMs,
    firstStepMs,
    maxStepMs,
    startedAt: NaN,
    count: 0,
    values: new Float32Array((means + 1) * capacity).fill(NaN),
    capacity,
    sums: new Float64Array(means),
    samples: new Float64Array(means),
    largest: NaN,
  };
}

export function clearThinnedBins(bins: ThinnedBins): void {
  bins.stepMs = bins.firstStepMs;
  bins.startedAt = NaN;
  bins.count = 0;
  bins.values.fill(NaN);
  bins.sums.fill(0);
  bins.samples.fill(0);
  bins.largest = NaN;
}

/** Takes in one sample of each column; true when bins were closed by it. A time before the open bin is refused. */
export function addSample(bins: ThinnedBins, now: number, ...sample: readonly number[]): boolean {
  if (!(Math.abs(now) <= LATEST_MS)) return false;
  if (Number.isNaN(bins.startedAt)) bins.startedAt = Math.floor(now / bins.stepMs) * bins.stepMs;
  if (now < bins.startedAt + bins.count * bins.stepMs) return false;
  // After a gap as long as all that is kept, nothing that is kept belongs to now.
  if (now >= bins.startedAt + (bins.count + bins.capacity) * bins.maxStepMs) {
    clearThinnedBins(bins);
    bins.startedAt = Math.floor(now / bins.stepMs) * bins.stepMs;
  }
  let closed = false;
  while (now >= bins.startedAt + (bins.count + 1) * bins.stepMs) {
    close(bins);
    closed = true;
  }
  for (const [column, value] of sample.entries()) {
    if (!(Math.abs(value) < MAX_VALUE)) continue;
    bins.sums[column] = (bins.sums[column] ?? 0) + value;
    bins.samples[column] = (bins.samples[column] ?? 0) + 1;
    if (column === 0 && !(value <= bins.largest)) bins.largest = value;
  }
  return closed;
}

/** Column `column` of the closed bins, oldest first. */
export function columnOf(bins: ThinnedBins, column: number): Float64Array {
  const first = column * bins.capacity;
  return Float64Array.from(bins.values.subarray(first, first + bins.count));
}

function close(bins: ThinnedBins): void {
  const { sums, samples, values, capacity } = bins;
  for (let column = 0; column < sums.length; column += 1) {
    values[column * capacity + bins.count] =
      (samples[column] ?? NaN) > 0 ? (sums[column] ?? NaN) / (samples[column] ?? NaN) : NaN;
  }
  values[sums.length * capacity + bins.count] = bins.largest;
  bins.count += 1;
  sums.fill(0);
  samples.fill(0);
  bins.largest = NaN;
  if (bins.count < capacity) return;
  if (bins.stepMs < bins.maxStepMs) halve(bins);
  else dropOldest(bins);
}

function halve(bins: ThinnedBins): void {
  const { values, capacity, sums } = bins;
  for (let column = 0; column <= sums.length; column += 1) {
    const first = column * capacity;
    const merge = column === sums.length ? larger : meanOf;
    for (let bin = 0; bin < capacity / 2; bin += 1) {
      values[first + bin] = merge(values[first + 2 * bin] ?? NaN, values[first + 2 * bin + 1] ?? NaN);
    }
    values.fill(NaN, first + capacity / 2, first + capacity);
  }
  bins.count = capacity / 2;
  bins.stepMs *= 2;
}

function meanOf(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : (a + b) / 2;
}

function larger(a: number, b: number): number {
  return a >= b || Number.isNaN(b) ? a : b;
}

function dropOldest(bins: ThinnedBins): void {
  const { values, capacity } = bins;
  const dropped = capacity / 4;
  for (let first = 0; first < values.length; first += capacity) {
    values.copyWithin(first, first + dropped, first + capacity);
    values.fill(NaN, first + capacity - dropped, first + capacity);
  }
  bins.count = capacity - dropped;
  bins.startedAt += dropped * bins.stepMs;
}
