import { HISTORY_HOURS, modulo } from './hourly-series.ts';

const DAY = 24;
const WEEK = 168;

/** What an hour of the week usually has. */
export interface WeekTemplate {
  /** Mean of the whole past, newer days counting more. */
  readonly level: number;
  /** By hour of the UTC day: what it lies above its day. */
  readonly day: Float64Array;
  /** By hour of the week: what it lies above that, shrunk towards 0 as far as weeks disagree. */
  readonly week: Float64Array;
}

/** A past that is cut off at `end`: nothing from there on may be looked at. */
export interface Past {
  readonly firstHour: number;
  readonly values: Float64Array;
  readonly end: number;
}

/** Days after which one counts half: habits change, and two weeks average out the noise of single days. */
const HALF_LIFE_DAYS = 14;
/** Days' worth of "no difference" that each hour of the day begins with. */
const SHAPE_SHRINKAGE = 0.3;
/** What a day counts, by its age in days. */
const RECENCY = Float64Array.from(
  { length: HISTORY_HOURS / DAY + 1 },
  (_, days) => 0.5 ** (days / HALF_LIFE_DAYS),
);
/** Of a day and of a week, what must be known before they count. */
const LEAST_OF_DAY = 12;
const LEAST_OF_WEEK = 120;

/** Linear in the length of the past. @returns NaN in `level` when nothing is known. */
export function weekTemplate(past: Past): WeekTemplate {
  const level = levelOf(past);
  const day = dayShape(past);
  return { level, day, week: weekShape(past, day) };
}

/** @param hour counted from the epoch */
export function templateAt({ level, day, week }: WeekTemplate, hour: number): number {
  return level + (day[modulo(hour, DAY)] ?? 0) + (week[modulo(hour, WEEK)] ?? 0);
}

function levelOf({ values, end }: Past): number {
  let sum = 0;
  let weight = 0;
  for (let t = 0; t < end; t++) {
    const value = values[t] ?? NaN;
    if (Number.isNaN(value)) continue;
    const counts = RECENCY[Math.floor((end - 1 - t) / DAY)] ?? 0;
    sum += counts * value;
    weight += counts;
  }
  return sum / weight;
}

/** Each block of 24 hours, counted back from the end, has every hour of the day once: its mean carries no season. */
function dayShape(past: Past): Float64Array {
  const { firstHour, values, end } = past;
  const means = blockMeans(past, DAY, LEAST_OF_DAY);
  const sums = new Float64Array(DAY);
  const weights = new Float64Array(DAY).fill(SHAPE_SHRINKAGE);
  for (let t = 0; t < end; t++) {
    const block = Math.floor((end - 1 - t) / DAY);
    const above = (values[t] ?? NaN) - (means[block] ?? NaN);
    if (Number.isNaN(above)) continue;
    const hour = modulo(firstHour + t, DAY);
    const counts = RECENCY[block] ?? 0;
    sums[hour] = (sums[hour] ?? 0) + counts * above;
    weights[hour] = (weights[hour] ?? 0) + counts;
  }
  return sums.map((sum, hour) => sum / (weights[hour] ?? 1));
}

/**
 * The mean of each hour of the week, times B / (B + W/n): B is how much hours of the week differ, W how much the same
 * hour differs between weeks, n the weeks (empirical Bayes; Efron and Morris 1973). Two weeks that disagree teach nothing.
 */
function weekShape(past: Past, day: Float64Array): Float64Array {
  const { firstHour, values, end } = past;
  const means = blockMeans(past, WEEK, LEAST_OF_WEEK);
  const counts = new Float64Array(WEEK);
  const sums = new Float64Array(WEEK);
  const squares = new Float64Array(WEEK);
  for (let t = 0; t < end; t++) {
    const mean = means[Math.floor((end - 1 - t) / WEEK)] ?? NaN;
    const above = (values[t] ?? NaN) - mean - (day[modulo(firstHour + t, DAY)] ?? 0);
    if (Number.isNaN(above)) continue;
    const hour = modulo(firstHour + t, WEEK);
    counts[hour] = (counts[hour] ?? 0) + 1;
    sums[hour] = (sums[hour] ?? 0) + above;
    squares[hour] = (squares[hour] ?? 0) + above * above;
  }
  const { within, between } = variances(counts, sums, squares);
  return sums.map((sum, hour) => {
    const weeks = counts[hour] ?? 0;
    if (weeks < 2) return 0;
    const noise = within / weeks;
    const signal = Math.max(0, between - noise);
    return signal === 0 ? 0 : ((sum / weeks) * signal) / (signal + noise);
  });
}

function variances(
  counts: Float64Array,
  sums: Float64Array,
  squares: Float64Array,
): { within: number; between: number } {
  let within = 0;
  let freedom = 0;
  let between = 0;
  let hours = 0;
  for (let hour = 0; hour < WEEK; hour++) {
    const weeks = counts[hour] ?? 0;
    if (weeks === 0) continue;
    const mean = (sums[hour] ?? 0) / weeks;
    between += mean * mean;
    hours++;
    within += Math.max(0, (squares[hour] ?? 0) - weeks * mean * mean);
    freedom += weeks - 1;
  }
  return { within: within / Math.max(1, freedom), between: between / Math.max(1, hours) };
}

/** Means of blocks of `hours`, the newest first; NaN where fewer than `least` hours are known. */
function blockMeans({ values, end }: Past, hours: number, least: number): Float64Array {
  const blocks = Math.ceil(end / hours);
  const sums = new Float64Array(blocks);
  const counts = new Float64Array(blocks);
  for (let t = 0; t < end; t++) {
    const value = values[t] ?? NaN;
    if (Number.isNaN(value)) continue;
    const block = Math.floor((end - 1 - t) / hours);
    sums[block] = (sums[block] ?? 0) + value;
    counts[block] = (counts[block] ?? 0) + 1;
  }
  return sums.map((sum, block) => {
    const count = counts[block] ?? 0;
    return count >= least ? sum / count : NaN;
  });
}
