import { quantileOf } from '../src/loop/analyze/outlook/combination.ts';
import { forecastHours } from '../src/loop/analyze/outlook/hourly-forecast.ts';
import {
  HISTORY_HOURS,
  HORIZON_HOURS,
  type HourlySeries,
} from '../src/loop/analyze/outlook/hourly-series.ts';

export const LEVELS = [0.1, 0.5, 0.9] as const;

/** Parts of the horizon, in hours ahead. */
export const PARTS = [
  { name: 'first day', from: 1, to: 24 },
  { name: 'days 2 and 3', from: 25, to: 72 },
  { name: 'days 4 to 7', from: 73, to: HORIZON_HOURS },
] as const;

/** The rest, at the end of each series, is forecast and scored. */
const HISTORY_SHARE = 0.6;
/** Hours between two forecasts: no factor with 24 or 168. */
const ORIGIN_SPACING = 29;

const DAY = 24;
const WEEK = 168;
/** Fewer past errors of a season have no quantiles. */
const LEAST_ERRORS = 24;

/** How one part of the horizon of one series was forecast; losses are sums over all hours and levels. */
export interface PartScore {
  readonly series: string;
  readonly part: string;
  readonly hours: number;
  readonly loss: number;
  readonly dailyLoss: number;
  readonly weeklyLoss: number;
  /** Share of the hours within the 80 % interval. */
  readonly coverage: number;
}

type Quantiles = readonly [Float64Array, Float64Array, Float64Array];

/**
 * Forecasts from many hours of the last 40 % of a series, each from at most four weeks before it. The yardsticks are the
 * value a day and a week before, with the quantiles of what that was wrong by so far.
 */
export function evaluateOutlook(name: string, series: HourlySeries): readonly PartScore[] {
  const { firstHour, values } = series;
  const sums = PARTS.map(() => ({ hours: 0, loss: 0, dailyLoss: 0, weeklyLoss: 0, inside: 0 }));
  for (let now = Math.floor(HISTORY_SHARE * values.length); now < values.length - 1; now += ORIGIN_SPACING) {
    const made = forecastHours(series, firstHour + now);
    if ('absent' in made) continue;
    const ours: Quantiles = [made.lower, made.median, made.upper];
    const late = firstHour + now - made.firstHour;
    const daily = seasonalNaive(values, now, DAY);
    const weekly = seasonalNaive(values, now, now >= WEEK + 2 * DAY ? WEEK : DAY);
    for (let h = 1; h + late <= HORIZON_HOURS && now - 1 + h < values.length; h++) {
      const value = values[now - 1 + h]!;
      const sum = sums[PARTS.findIndex(({ to }) => h <= to)];
      if (Number.isNaN(value) || sum === undefined) continue;
      sum.hours++;
      sum.loss += loss(ours, h + late, value);
      sum.dailyLoss += loss(daily, h, value);
      sum.weeklyLoss += loss(weekly, h, value);
      if (value >= ours[0][h + late - 1]! && value <= ours[2][h + late - 1]!) sum.inside++;
    }
  }
  return sums.flatMap(({ inside, ...sum }, index) =>
    // A series on which a yardstick makes no error has no ratio to it.
    sum.dailyLoss > 0 && sum.weeklyLoss > 0
      ? [{ series: name, part: PARTS[index]!.name, ...sum, coverage: inside / sum.hours }]
      : [],
  );
}

function loss(quantiles: Quantiles, h: number, value: number): number {
  let sum = 0;
  for (const [k, level] of LEVELS.entries()) {
    const above = value - quantiles[k]![h - 1]!;
    sum += above > 0 ? level * above : (level - 1) * above;
  }
  return sum;
}

function seasonalNaive(values: Float64Array, now: number, period: number): Quantiles {
  const from = Math.max(0, now - HISTORY_HOURS);
  const last = values.subarray(from, now).findLast((value) => !Number.isNaN(value)) ?? 0;
  const errors = new Map<number, Float64Array>();
  const errorsAt = (lag: number): Float64Array => {
    const known = errors.get(lag) ?? pastErrors(values, { from, now, lag });
    errors.set(lag, known);
    return known.length < LEAST_ERRORS && lag > period ? errorsAt(lag - period) : known;
  };
  const quantiles: Quantiles = [
    new Float64Array(HORIZON_HOURS),
    new Float64Array(HORIZON_HOURS),
    new Float64Array(HORIZON_HOURS),
  ];
  for (let h = 1; h <= HORIZON_HOURS; h++) {
    const lag = period * Math.ceil(h / period);
    const before = values[now - 1 + h - lag];
    const point = before === undefined || Number.isNaN(before) ? last : before;
    const past = errorsAt(lag);
    for (const [k, level] of LEVELS.entries()) {
      quantiles[k]![h - 1] = Math.max(0, point + (level === 0.5 ? 0 : quantileOf(past, level)));
    }
  }
  return quantiles;
}

function pastErrors(
  values: Float64Array,
  { from, now, lag }: { readonly from: number; readonly now: number; readonly lag: number },
): Float64Array {
  return values
    .slice(Math.min(now, from + lag), now)
    .map((value, index) => value - values[from + index]!)
    .filter((error) => !Number.isNaN(error))
    .sort();
}
