import { HORIZON_HOURS } from './hourly-series.ts';
import { templateAt, weekTemplate, type Past } from './week-template.ts';

/**
 * Simple forecasts of the same hours: none is best for all loads, and which one is can be measured on the load's own
 * past. In this order in the answer of `pointForecasts`.
 */
export const EXPERTS = [
  'same hour of the last day',
  'same hour of the last week',
  'median of that hour over seven days',
  'that median, shifted to the last hours',
  'template of the week, and levels that fade',
  'median of the last week',
  'template of the week, and its damped trend',
] as const;

const DAY = 24;
const WEEK = 168;

/** Hours after which what is unusual about the last hours, the last day and the last week has faded to 1/e. */
const FADES = { now: 4, day: 30, week: 200, profile: 6 };
/** Hours after which a trend has run out: growth seldom goes on for longer than it was seen. */
const TREND_FADES = 168;
/** By hours ahead: what is left of it. */
const LEFT = {
  now: fading(FADES.now),
  day: fading(FADES.day),
  week: fading(FADES.week),
  profile: fading(FADES.profile),
  trend: fading(TREND_FADES),
};
/** Of a week, the hours that must be known before a trend is read from it. */
const LEAST_OF_WEEK = 96;

/**
 * What each expert says of the hours after `past.end`: expert k's value for the h-th next hour (from 1) lies at
 * k × HORIZON_HOURS + h - 1. At least one hour of the past is known.
 */
export function pointForecasts(past: Past): Float64Array {
  const { firstHour, end } = past;
  const points = new Float64Array(EXPERTS.length * HORIZON_HOURS);
  const profile = dayProfile(past);
  const template = weekTemplate(past);
  const unusual = new Float64Array(end);
  for (let t = 0; t < end; t++) unusual[t] = (past.values[t] ?? NaN) - templateAt(template, firstHour + t);
  const now = recentMean(unusual, 1.5, 12);
  const day = recentMean(unusual, 10, 48);
  const week = recentMean(unusual, 60, 240);
  const trend = trendOf(unusual, week);
  const flat = medianOf(past.values.slice(Math.max(0, end - WEEK), end));
  const shift = profileShift(past, profile);
  for (let h = 1; h <= HORIZON_HOURS; h++) {
    const t = end - 1 + h;
    const usual = profile[(h - 1) % DAY] ?? NaN;
    const lastDay = known(past.values[t - DAY * Math.ceil(h / DAY)], usual);
    const usualOfWeek = templateAt(template, firstHour + t) + (now - day) * at(LEFT.now, h);
    let place = h - 1;
    points[place] = lastDay;
    points[(place += HORIZON_HOURS)] = known(past.values[t - WEEK], lastDay);
    points[(place += HORIZON_HOURS)] = usual;
    points[(place += HORIZON_HOURS)] = usual + shift * at(LEFT.profile, h);
    points[(place += HORIZON_HOURS)] = usualOfWeek + (day - week) * at(LEFT.day, h) + week * at(LEFT.week, h);
    points[(place += HORIZON_HOURS)] = flat;
    const growth = trend.slope * (WEEK / 2 + TREND_FADES * (1 - at(LEFT.trend, h)));
    points[place + HORIZON_HOURS] =
      usualOfWeek + (day - trend.level) * at(LEFT.day, h) + trend.level + growth;
  }
  return points;
}

function fading(hours: number): Float64Array {
  return Float64Array.from({ length: HORIZON_HOURS + 1 }, (_, h) => Math.exp(-h / hours));
}

function at(values: Float64Array, h: number): number {
  return values[h] ?? 0;
}

function known(value: number | undefined, otherwise: number): number {
  return value === undefined || Number.isNaN(value) ? otherwise : value;
}

/** For each of the 24 hours that come next, the median of that hour and its neighbours over the last seven days. */
function dayProfile({ values, end }: Past): Float64Array {
  const last = values[values.subarray(0, end).findLastIndex((value) => !Number.isNaN(value))] ?? NaN;
  const near = new Float64Array(21);
  return new Float64Array(DAY).map((_, hour) => {
    near.fill(NaN);
    for (let days = 1; days <= 7; days++) {
      for (let beside = -1; beside <= 1; beside++) {
        const t = end + hour - DAY * days + beside;
        if (t >= 0 && t < end) near[3 * (days - 1) + beside + 1] = values[t] ?? NaN;
      }
    }
    return known(medianOf(near.slice()), last);
  });
}

/** How far the last six hours lie above their profile, the newest counting most. */
function profileShift({ values, end }: Past, profile: Float64Array): number {
  let sum = 0;
  let weight = 0;
  for (let back = 1; back <= Math.min(6, end); back++) {
    const above = (values[end - back] ?? NaN) - (profile[DAY - back] ?? NaN);
    if (Number.isNaN(above)) continue;
    const counts = 0.5 ** (back / 1.5);
    sum += counts * above;
    weight += counts;
  }
  return weight === 0 ? 0 : sum / weight;
}

/** Mean of the newest `hours`, weighted by age with a half-life in hours; 0 when none is known. */
function recentMean(values: Float64Array, halfLife: number, hours: number): number {
  const older = 0.5 ** (1 / halfLife);
  let counts = 1;
  let sum = 0;
  let weight = 0;
  for (let t = values.length - 1; t >= Math.max(0, values.length - hours); t--, counts *= older) {
    const value = values[t] ?? NaN;
    if (Number.isNaN(value)) continue;
    sum += counts * value;
    weight += counts;
  }
  return weight === 0 ? 0 : sum / weight;
}

interface Trend {
  /** Mean of the last week, and what is added to it for each hour since its middle. */
  readonly level: number;
  readonly slope: number;
}

/**
 * The smaller of the last two changes from week to week, and none when they disagree: one step up is a new level, not
 * the beginning of growth (the minmod limiter of Roe 1986).
 */
function trendOf(unusual: Float64Array, otherwise: number): Trend {
  const { length } = unusual;
  const last = weekMean(unusual, length);
  const before = weekMean(unusual, length - WEEK);
  const first = weekMean(unusual, length - 2 * WEEK);
  const [newer, older] = [last - before, before - first];
  const agree = newer * older > 0;
  const step = agree ? Math.sign(newer) * Math.min(Math.abs(newer), Math.abs(older)) : 0;
  return { level: known(last, otherwise), slope: step / WEEK };
}

/** Mean of the week that ends before `to`; NaN when too little of it is known. */
function weekMean(values: Float64Array, to: number): number {
  let sum = 0;
  let count = 0;
  for (let t = Math.max(0, to - WEEK); t < to; t++) {
    const value = values[t] ?? NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count < LEAST_OF_WEEK ? NaN : sum / count;
}

/** Sorts `values`. NaN when none is known: typed arrays sort NaN to the end. */
function medianOf(values: Float64Array): number {
  values.sort();
  const count = values.findLastIndex((value) => !Number.isNaN(value)) + 1;
  const upper = values[count >> 1] ?? NaN;
  if (count === 0) return NaN;
  return count % 2 === 1 ? upper : ((values[(count >> 1) - 1] ?? NaN) + upper) / 2;
}
