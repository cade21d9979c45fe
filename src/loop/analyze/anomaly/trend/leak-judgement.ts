import { fitGrowth, GROWTH_COLUMN, type GrowthFits, type GrowthModel } from './growth-models.ts';
import { timeToLimit, type TimeToLimit } from './out-of-memory.ts';
import { normalUpperTail, theilSen, type Trend } from './theil-sen.ts';
import { columnOf, type ThinnedBins } from './thinned-bins.ts';

export interface LeakFinding {
  /** When the growth began, as far back as is remembered. */
  readonly since: number;
  readonly foundAt: number;
  readonly slopeBytesPerHour: { readonly lower: number; readonly median: number; readonly upper: number };
  /** Chance of such a trend without a leak: the larger of Mann-Kendall's and that of the fit beside demand. */
  readonly p: number;
  /** From `foundAt`; undefined without a limit. Only the upper one can be Infinity, which is not within three days. */
  readonly secondsToOutOfMemory: { lower: number; median: number; upper: number } | undefined;
  /** What memory grows with. */
  readonly growsWith: 'Time' | 'Demand';
}

/** What is known of the memory beside its bins. */
export interface MemoryPast {
  /** Usual demand by hour of the UTC day; NaN for an hour that was not seen. */
  readonly demandByHour: Float32Array;
  /** Highest working set since the last fall, and the highest one from which it came back without a restart. */
  readonly peakBytes: number;
  readonly recoveredPeakBytes: number;
  /** ms since the epoch; NaN before the first. */
  readonly fellAt: number;
}

export interface Judged {
  /** NaN without a limit. */
  readonly limitBytes: number;
  readonly now: number;
  /** Share of the limit by which memory has to have grown. */
  readonly leastGrowth: number;
}

export interface LeakJudgement {
  readonly finding: LeakFinding | undefined;
  /** All of the past together is growth that slows down: its end alone would look straight. */
  readonly slowsDown: boolean;
}

const HOUR_MS = 3_600_000;
const LEAST_POINTS = 24;
/** Before, every process grows. */
const LEAST_SPAN_MS = 2 * HOUR_MS;
const HORIZON_HOURS = 72;
const LEAST_CHANCE = 0.6;
const MAX_P = 2e-3;
/** The same between means of bins, in which noise is less. */
const ABRUPT_FALL_SHARE = 0.05;
/** So many falls within the points tell growth from where in a rise the points begin and end. */
const ENOUGH_FALLS = 4;
/** Where they are fewer, growth has to be so many times the highest. */
const ABOVE_FEW_FALLS = 2;
const ABOVE_RECOVERED = 1.05;
/** Without a limit, growth counts that is this share of what there was. */
const LEAST_GROWTH_WITHOUT_LIMIT = 0.25;
/** What was seen for an hour says nothing of tomorrow: the limit must be nearer than so many times the past. */
const FORESIGHT = 3;
/** A day and some: without demand, a rise that is not yet a day old may be the day's. */
const DAY_HOURS = 26;
/** Percentiles of how far the largest of a bin is above the fit: the limit is met by one of the highest. */
const EXCURSIONS = [0.5, 0.8, 0.95];
/** By so much the end is off beside all that the models know of it: nine of ten simulated ends are within then. */
const MODEL_ERROR = { lower: 0.75, upper: 1.35 };
/** The end of a curve, and how far above it, in standard deviations of a bin, its mean has to be. */
const END_SHARE = 0.1;
const END_ABOVE = 2;
const RETURN_HOURS = 3;

/** The longest past that one story tells: a leak may have begun after a long quiet time. */
const WINDOWS = [1, 0.5];

export function judgeLeak(
  bins: ThinnedBins,
  past: MemoryPast,
  { limitBytes, now, leastGrowth }: Judged,
): LeakJudgement {
  if (bins.count * bins.stepMs < LEAST_SPAN_MS) return { finding: undefined, slowsDown: false };
  const [bytes, demand, peaks] = [columnOf(bins, 0), columnOf(bins, 1), columnOf(bins, 2)];
  for (const share of WINDOWS) {
    const first = Math.floor(bins.count * (1 - share));
    const points = {
      hours: Float64Array.from({ length: bins.count - first }, (_, i) => ((i + 0.5) * bins.stepMs) / HOUR_MS),
      bytes: bytes.subarray(first),
      demand: demand.subarray(first),
      peaks: peaks.subarray(first),
    };
    // Half of it: a line through growth with falls is less steep than growth.
    const leastBytes = limitBytes > 0 ? (leastGrowth / 2) * limitBytes : 0;
    const fits = fitGrowth(points, LEAST_POINTS, leastBytes);
    if (fits === undefined) continue;
    const finding = leakIn(past, fits, {
      limitBytes,
      now,
      leastGrowth,
      since: bins.startedAt + first * bins.stepMs,
    });
    if (finding !== undefined) return { finding, slowsDown: false };
    const slow = slowsDown(fits);
    if (fits.jumpAdvantage > 0 || slow) return { finding: undefined, slowsDown: slow };
  }
  return { finding: undefined, slowsDown: false };
}

/**
 * A cache that fills: as after a jump, its last part alone would look straight. Memory that leaves such a curve upwards
 * at its end is no cache.
 */
function slowsDown({ best }: GrowthFits): boolean {
  const { coefficients, residuals, loss } = best.fit;
  if (best.saturation === Infinity || !((coefficients[GROWTH_COLUMN] ?? NaN) > 0)) return false;
  const end = residuals.slice(-Math.ceil(END_SHARE * residuals.length));
  const above = end.reduce((sum, residual) => sum + residual, 0) / end.length;
  return !(above > END_ABOVE * Math.sqrt(loss));
}

interface Window extends Judged {
  readonly since: number;
}

function leakIn(past: MemoryPast, fits: GrowthFits, window: Window): LeakFinding | undefined {
  const { limitBytes, now, since } = window;
  if (fits.jumpAdvantage > 0) return undefined;
  const span = (fits.hours.at(-1) ?? NaN) - (fits.hours[0] ?? NaN);
  if (!fits.measured && span < DAY_HOURS) return undefined;
  const trend = trendOf(fits);
  if (trend === undefined || !(trend.lower > 0)) return undefined;
  const p = Math.max(trend.p, chanceOfFit(fits.best));
  if (!(p <= MAX_P) || isCollected(past, window, fits, trend.slope * span)) return undefined;
  const time = projected(past, fits, window);
  if (!matters({ trend, time, span, limitBytes, leastGrowth: window.leastGrowth })) return undefined;
  return {
    since,
    foundAt: now,
    slopeBytesPerHour: { lower: trend.lower, median: trend.slope, upper: trend.upper },
    p,
    secondsToOutOfMemory: time && { lower: time.lower, median: time.median, upper: time.upper },
    growsWith: fits.best.clock,
  };
}

/** Of memory beside demand, over what it grows with; slopes by the hour, as of a mean one. */
function trendOf({ best, hours, served, driven }: GrowthFits): Trend | undefined {
  if (best.clock === 'Time' || served === undefined) return theilSen(hours, driven);
  const perHour = spanOf(served) / spanOf(hours);
  const trend = theilSen(served, driven);
  return (
    trend && {
      ...trend,
      slope: trend.slope * perHour,
      lower: trend.lower * perHour,
      upper: trend.upper * perHour,
    }
  );
}

function spanOf(values: Float64Array): number {
  return (values.at(-1) ?? NaN) - (values[0] ?? NaN);
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
  past: MemoryPast,
  { since }: Window,
  { hours, bytes, driven }: GrowthFits,
  growth: number,
): boolean {
  const falls = abruptFalls(bytes, driven);
  if (falls.count === 0) {
    return past.peakBytes <= ABOVE_RECOVERED * past.recoveredPeakBytes && !(past.fellAt >= since);
  }
  const raw = (theilSen(hours, bytes)?.slope ?? 0) * spanOf(hours);
  const clear = falls.count < ENOUGH_FALLS ? ABOVE_FEW_FALLS : 1;
  return Math.min(growth, raw) < clear * falls.highest;
}

/** A collection takes less than two bins; load goes down over hours. */
function abruptFalls(bytes: Float64Array, driven: Float64Array): { count: number; highest: number } {
  let count = 0;
  let highest = 0;
  for (let i = 2; i < bytes.length; i += 1) {
    const fall = (driven[i - 2] ?? NaN) - (driven[i] ?? NaN);
    if (!(fall > ABRUPT_FALL_SHARE * (bytes[i - 2] ?? NaN))) continue;
    count += 1;
    highest = Math.max(highest, fall);
    i += 1;
  }
  return { count, highest };
}

function projected(past: MemoryPast, fits: GrowthFits, window: Window): TimeToLimit | undefined {
  const { limitBytes, now, since } = window;
  if (!(limitBytes > 0 && limitBytes < Infinity)) return undefined;
  const above = fits.best.fit.residuals
    .map((residual, i) => residual + (fits.peaks[i] ?? NaN) - (fits.bytes[i] ?? NaN))
    .sort();
  const from = since + (fits.hours.at(-1) ?? NaN) * HOUR_MS;
  const time = timeToLimit({
    fits,
    limitBytes,
    excursions: EXCURSIONS.map((level) => above[Math.floor(level * above.length)] ?? NaN),
    horizonHours: HORIZON_HOURS,
    demandAhead: (hours) => {
      const usual = past.demandByHour[Math.floor(from / HOUR_MS + hours) % 24] ?? NaN;
      return Number.isNaN(usual) ? unseenDemand(fits, hours) : usual;
    },
  });
  const elapsed = (now - from) / 1000;
  const rest = (seconds: number): number => Math.max(0, seconds - elapsed);
  const [lower, median, upper] = [rest(time.lower), rest(time.median), rest(time.upper)];
  return { lower: MODEL_ERROR.lower * lower, median, upper: MODEL_ERROR.upper * upper, chance: time.chance };
}

/** Of an hour of the day that was not seen yet: from the last one back to their mean. */
function unseenDemand({ demand }: GrowthFits, hours: number): number {
  if (demand === undefined) return NaN;
  const mean = demand.reduce((sum, value) => sum + value, 0) / demand.length;
  return mean + ((demand.at(-1) ?? NaN) - mean) * Math.exp(-hours / RETURN_HOURS);
}

interface Weighed {
  readonly trend: Trend;
  readonly time: TimeToLimit | undefined;
  readonly span: number;
  readonly limitBytes: number;
  readonly leastGrowth: number;
}

function matters({ trend, time, span, limitBytes, leastGrowth }: Weighed): boolean {
  const growth = trend.slope * span;
  if (time === undefined) return growth > LEAST_GROWTH_WITHOUT_LIMIT * Math.max(0, trend.intercept);
  const near = time.median <= FORESIGHT * span * 3600;
  return near && time.chance >= LEAST_CHANCE && growth > leastGrowth * limitBytes;
}
