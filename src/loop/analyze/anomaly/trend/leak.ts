import { fitGrowth, GROWTH_COLUMN, type GrowthFits, type GrowthModel } from './growth-models.ts';
import { timeToLimit, type TimeToLimit } from './out-of-memory.ts';
import { normalUpperTail, theilSen, type Trend } from './theil-sen.ts';
import {
  addSample,
  clearThinnedBins,
  columnOf,
  createThinnedBins,
  type ThinnedBins,
} from './thinned-bins.ts';

/**
 * Memory of one workload that grows with nothing to show for it, and when it reaches the limit. Growth that requests
 * explain, that slows down (a cache warming up), that falls back (garbage collection) or that was one jump (a release)
 * is no leak. State: less than 2 KB.
 */
export interface LeakWatch {
  /** Columns: mean working set in bytes, mean demand, largest working set. */
  readonly bins: ThinnedBins;
  /** Usual demand by hour of the UTC day; NaN for an hour that was not seen. Kept when pods restart. */
  readonly demandByHour: Float32Array;
  oldestPodStartedAt: number;
  /** Highest working set since the last fall, and the highest one from which it came back without a restart. */
  peakBytes: number;
  recoveredPeakBytes: number;
  /** Times in ms since the epoch; NaN before the first. */
  fellAt: number;
  observedAt: number;
  evaluatedAt: number;
  /** Evaluations in a row that found the present finding, and that have missed it. */
  confirmations: number;
  misses: number;
  found: LeakFinding | undefined;
}

export interface LeakSample {
  /** ms since the epoch. */
  readonly now: number;
  /** Of the pod that has run longest, or the mean or largest of all pods: always the same one of these. NaN = unknown. */
  readonly workingSetBytes: number;
  /** Memory limit of the same; NaN without a limit. */
  readonly limitBytes: number;
  /** What memory may follow: requests per second or CPU cores, per pod. NaN = unknown. */
  readonly demand: number;
  /** When it started, ms since the epoch: a later one than before begins anew. NaN = unknown. */
  readonly oldestPodStartedAt: number;
}

export interface LeakFinding {
  /** When the growth began, as far back as is remembered. */
  readonly since: number;
  readonly foundAt: number;
  readonly slopeBytesPerHour: { readonly lower: number; readonly median: number; readonly upper: number };
  /** Chance of such a trend without a leak: the larger of Mann-Kendall's and that of the fit beside demand. */
  readonly p: number;
  /** From `foundAt`; undefined without a limit. Infinity = not within three days. */
  readonly secondsToOutOfMemory: { lower: number; median: number; upper: number } | undefined;
  /** What memory grows with. */
  readonly growsWith: 'Time' | 'Demand';
}

const CAPACITY = 112;
const FIRST_STEP_MS = 120_000;
/** 112 bins of half an hour and a bit are two days and a half. */
const MAX_STEP_MS = 1_920_000;
const HOUR_MS = 3_600_000;
const LEAST_POINTS = 24;
/** Before, every process grows. */
const LEAST_SPAN_MS = 2 * HOUR_MS;
/** Nearby evaluations see nearly the same points: more would cost time and tell nothing. */
const EVALUATE_EVERY_MS = 480_000;
const HORIZON_HOURS = 72;
const LEAST_CHANCE = 0.6;
const MAX_P = 2e-3;
/** A fall by a tenth is a collection or an eviction. */
const FALL_SHARE = 0.9;
/** The same between means of bins, in which noise is less. */
const ABRUPT_FALL_SHARE = 0.95;
/** So many falls within the points tell growth from where in a rise the points begin and end. */
const ENOUGH_FALLS = 4;
const ABOVE_RECOVERED = 1.05;
const CONFIRMATIONS = 2;
const MISSES = 5;
/** Without a limit, growth counts that is this share of what there was. */
const LEAST_GROWTH_WITHOUT_LIMIT = 0.25;
/** With a limit, this share of it: less is what processes do. */
const LEAST_GROWTH = 0.08;
/** What was seen for an hour says nothing of tomorrow: the limit must be nearer than so many times the past. */
const FORESIGHT = 3;
/** A day and some: without demand, a rise that is not yet a day old may be the day's. */
const DAY_HOURS = 26;
const DEMAND_RATE = 0.02;
/** Percentiles of how far the largest of a bin is above the fit: the limit is met by one of the highest. */
const EXCURSIONS = [0.8, 0.92, 0.99];

export function createLeakWatch(): LeakWatch {
  return {
    bins: createThinnedBins({
      capacity: CAPACITY,
      means: 2,
      firstStepMs: FIRST_STEP_MS,
      maxStepMs: MAX_STEP_MS,
    }),
    demandByHour: new Float32Array(24).fill(NaN),
    oldestPodStartedAt: NaN,
    peakBytes: NaN,
    recoveredPeakBytes: NaN,
    fellAt: NaN,
    observedAt: NaN,
    evaluatedAt: NaN,
    confirmations: 0,
    misses: 0,
    found: undefined,
  };
}

/** Takes in a sample, a tick or a minute apart, and answers with the leak there is at the moment. */
export function observeLeak(watch: LeakWatch, sample: LeakSample): LeakFinding | undefined {
  const { now, workingSetBytes, demand } = sample;
  if (!Number.isFinite(now) || now <= watch.observedAt - HOUR_MS) {
    restart(watch, now);
    return;
  }
  if (sample.oldestPodStartedAt > watch.oldestPodStartedAt) restart(watch, now);
  if (!Number.isNaN(sample.oldestPodStartedAt)) watch.oldestPodStartedAt = sample.oldestPodStartedAt;
  watch.observedAt = now;
  const bytes = workingSetBytes >= 0 && workingSetBytes < Infinity ? workingSetBytes : NaN;
  const driver = demand >= 0 && demand < Infinity ? demand : NaN;
  const closed = addSample(watch.bins, now, bytes, driver);
  learn(watch, now, bytes, driver);
  const every = Math.max(EVALUATE_EVERY_MS, watch.bins.stepMs);
  if (closed && !(now - watch.evaluatedAt < every)) {
    watch.evaluatedAt = now;
    settle(watch, evaluate(watch, sample.limitBytes, now));
  }
  return watch.found;
}

function restart(watch: LeakWatch, now: number): undefined {
  clearThinnedBins(watch.bins);
  watch.peakBytes = NaN;
  watch.fellAt = NaN;
  watch.observedAt = now;
  watch.evaluatedAt = NaN;
  watch.confirmations = 0;
  watch.misses = 0;
  watch.found = undefined;
}

function learn(watch: LeakWatch, now: number, bytes: number, demand: number): void {
  const hour = Math.floor(now / HOUR_MS) % 24;
  const usual = watch.demandByHour[hour] ?? NaN;
  if (!Number.isNaN(demand)) {
    watch.demandByHour[hour] = Number.isNaN(usual) ? demand : usual + DEMAND_RATE * (demand - usual);
  }
  if (Number.isNaN(bytes)) return;
  if (bytes < FALL_SHARE * watch.peakBytes) {
    if (!(watch.peakBytes <= watch.recoveredPeakBytes)) watch.recoveredPeakBytes = watch.peakBytes;
    watch.peakBytes = bytes;
    watch.fellAt = now;
  } else if (!(bytes <= watch.peakBytes)) watch.peakBytes = bytes;
}

/** A leak is one when it was found twice in a row, and over when it was not a few times: points at the edge come and go. */
function settle(watch: LeakWatch, finding: LeakFinding | undefined): void {
  if (finding === undefined) {
    watch.confirmations = 0;
    watch.misses += 1;
    if (watch.misses >= MISSES) watch.found = undefined;
    return;
  }
  watch.confirmations += 1;
  watch.misses = 0;
  if (watch.confirmations >= CONFIRMATIONS || watch.found !== undefined) watch.found = finding;
}

/** The longest past that one story tells: a leak may have begun after a long quiet time. */
const WINDOWS = [1, 0.5];

function evaluate(watch: LeakWatch, limitBytes: number, now: number): LeakFinding | undefined {
  const { bins } = watch;
  if (bins.count * bins.stepMs < LEAST_SPAN_MS) return undefined;
  const bytes = columnOf(bins, 0);
  const demand = columnOf(bins, 1);
  const peaks = columnOf(bins, 2);
  for (const share of WINDOWS) {
    const first = Math.floor(bins.count * (1 - share));
    const hours = Float64Array.from(
      { length: bins.count - first },
      (_, i) => ((i + 0.5) * bins.stepMs) / HOUR_MS,
    );
    const points = {
      hours,
      bytes: bytes.subarray(first),
      demand: demand.subarray(first),
      peaks: peaks.subarray(first),
    };
    // Half of it: a line through growth with falls is less steep than growth.
    const leastBytes = limitBytes > 0 ? (LEAST_GROWTH / 2) * limitBytes : 0;
    const fits = fitGrowth(points, LEAST_POINTS, leastBytes);
    if (fits === undefined) continue;
    const finding = leakIn(watch, fits, { limitBytes, now, since: bins.startedAt + first * bins.stepMs });
    if (finding !== undefined) return finding;
    if (fits.jumpAdvantage > 0 || slowsDown(fits)) return undefined;
  }
  return undefined;
}

/** The whole past is a cache that fills: as after a jump, its last part alone would look straight. */
function slowsDown({ best }: GrowthFits): boolean {
  return best.saturation < Infinity && (best.fit.coefficients[GROWTH_COLUMN] ?? NaN) > 0;
}

interface Window {
  readonly limitBytes: number;
  readonly now: number;
  readonly since: number;
}

function leakIn(watch: LeakWatch, fits: GrowthFits, window: Window): LeakFinding | undefined {
  const { limitBytes, now, since } = window;
  if (fits.jumpAdvantage > 0) return undefined;
  const span = (fits.hours.at(-1) ?? NaN) - (fits.hours[0] ?? NaN);
  if (!fits.measured && span < DAY_HOURS) return undefined;
  const trend = theilSen(fits.hours, fits.driven);
  if (trend === undefined || !(trend.lower > 0)) return undefined;
  const p = Math.max(trend.p, chanceOfFit(fits.best));
  if (!(p <= MAX_P) || isCollected(watch, window, fits, trend.slope * span)) return undefined;
  const time = projected(watch, fits, window);
  if (!matters({ trend, time, span, limitBytes })) return undefined;
  return {
    since,
    foundAt: now,
    slopeBytesPerHour: { lower: trend.lower, median: trend.slope, upper: trend.upper },
    p,
    secondsToOutOfMemory: time && { lower: time.lower, median: time.median, upper: time.upper },
    growsWith: fits.best.clock,
  };
}

/** Of so much growth beside demand, without a leak. */
function chanceOfFit({ fit }: GrowthModel): number {
  return normalUpperTail((fit.coefficients[GROWTH_COLUMN] ?? NaN) / fit.errorOf(GROWTH_COLUMN));
}

/**
 * Memory that is collected: it has been as high before and has come back, and what is seen now may be one more such
 * rise, because nothing fell since; or falls are seen, but they are few, or each is as high as all the growth.
 */
function isCollected(
  watch: LeakWatch,
  { since }: Window,
  { hours, bytes }: GrowthFits,
  growth: number,
): boolean {
  const falls = abruptFalls(bytes);
  if (falls.count === 0) {
    return watch.peakBytes <= ABOVE_RECOVERED * watch.recoveredPeakBytes && !(watch.fellAt >= since);
  }
  if (falls.count < ENOUGH_FALLS) return true;
  const raw = theilSen(hours, bytes)?.slope ?? 0;
  const span = (hours.at(-1) ?? NaN) - (hours[0] ?? NaN);
  return Math.min(growth, raw * span) < falls.highest;
}

/** A collection takes less than two bins; load goes down over hours. */
function abruptFalls(bytes: Float64Array): { count: number; highest: number } {
  let count = 0;
  let highest = 0;
  for (let i = 2; i < bytes.length; i += 1) {
    const before = bytes[i - 2] ?? NaN;
    const now = bytes[i] ?? NaN;
    if (!(now < ABRUPT_FALL_SHARE * before)) continue;
    count += 1;
    highest = Math.max(highest, before - now);
    i += 1;
  }
  return { count, highest };
}

function projected(watch: LeakWatch, fits: GrowthFits, { limitBytes, now }: Window): TimeToLimit | undefined {
  if (!(limitBytes > 0 && limitBytes < Infinity)) return undefined;
  const above = fits.best.fit.residuals
    .map((residual, i) => residual + (fits.peaks[i] ?? NaN) - (fits.bytes[i] ?? NaN))
    .sort();
  return timeToLimit({
    fits,
    limitBytes,
    excursions: EXCURSIONS.map((level) => above[Math.floor(level * above.length)] ?? NaN),
    horizonHours: HORIZON_HOURS,
    demandAhead: (hours) => {
      const usual = watch.demandByHour[Math.floor(now / HOUR_MS + hours) % 24] ?? NaN;
      return Number.isNaN(usual) ? (fits.demand?.at(-1) ?? NaN) : usual;
    },
  });
}

interface Weighed {
  readonly trend: Trend;
  readonly time: TimeToLimit | undefined;
  readonly span: number;
  readonly limitBytes: number;
}

function matters({ trend, time, span, limitBytes }: Weighed): boolean {
  const growth = trend.slope * span;
  if (time === undefined) return growth > LEAST_GROWTH_WITHOUT_LIMIT * Math.max(0, trend.intercept);
  const near = time.median <= FORESIGHT * span * 3600;
  return near && time.chance >= LEAST_CHANCE && growth > LEAST_GROWTH * limitBytes;
}
