import { combine, LEVELS, quantileOf, type Combination } from './combination.ts';
import { bucketOf, interpolate } from './horizon-buckets.ts';
import {
  HORIZON_HOURS,
  knownHours,
  LEAST_HOURS,
  modulo,
  pastOf,
  type HourlySeries,
} from './hourly-series.ts';
import { pastErrors } from './past-errors.ts';
import { EXPERTS, pointForecasts } from './points.ts';
import { repaired } from './repair.ts';

/** Quantiles for the hours from `firstHour` on, lower ≤ median ≤ upper, never negative, in the unit of the series. */
export interface HourlyForecast {
  /** Counted from the epoch: the hour after the last known one. */
  readonly firstHour: number;
  readonly lower: Float64Array;
  readonly median: Float64Array;
  readonly upper: Float64Array;
}

export interface NoForecast {
  /** Why there is none, and what would help. */
  readonly absent: string;
}

/** An hour that is known must not lie further back: what lies between would be a guess too. */
const STALE_HOURS = 24;

/** No forecast exceeds the record by more than this on the asinh scale: some 2.7 times the largest value seen. */
const BEYOND_RECORD = 1;

/**
 * Forecasts a week from what is known before `hour`. Simple experts are weighted by how well each would have done on this
 * series so far, and the interval is what they were wrong by. All of it on the scale z = asinh(y / mean): there noise
 * grows with the level, and zero is no trouble. Some 8 ms for four weeks.
 */
export function forecastHours(series: HourlySeries, hour: number): HourlyForecast | NoForecast {
  const past = pastOf(series, hour);
  const known = knownHours(past);
  if (known === 0) return { absent: 'no value is known' };
  const end = past.firstHour + past.values.length;
  if (hour - end >= STALE_HOURS)
    return { absent: `the last known hour is ${hour - end} h ago, at most ${STALE_HOURS} h make a forecast` };
  if (known < LEAST_HOURS) return { absent: `${known} hours are known, at least ${LEAST_HOURS} are needed` };
  const unit = meanOf(past.values) || 1;
  const scaled = { firstHour: past.firstHour, values: past.values.map((value) => Math.asinh(value / unit)) };
  const ascending = scaled.values.filter((value) => !Number.isNaN(value)).sort();
  const middle = quantileOf(ascending, 0.5);
  const combination = combine(
    pastErrors(scaled),
    ascending.map((value) => value - middle),
  );
  const points = pointForecasts({
    firstHour: past.firstHour,
    values: repaired(scaled.values),
    end: scaled.values.length,
  });
  const most = (ascending.at(-1) ?? 0) + BEYOND_RECORD;
  const restored = (z: number): number => unit * Math.sinh(Math.min(most, Math.max(0, z)));
  const [lower, median, upper] = LEVELS.map(() => new Float64Array(HORIZON_HOURS)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let h = 1; h <= HORIZON_HOURS; h++) {
    const { centre, below, above } = hourAt(combination, points, { h, hourOfDay: modulo(end + h - 1, 24) });
    lower[h - 1] = restored(centre - below);
    median[h - 1] = restored(centre);
    upper[h - 1] = restored(centre + above);
  }
  return { firstHour: end, lower, median, upper };
}

function hourAt(
  { weights, shift, below, above, scale }: Combination,
  points: Float64Array,
  { h, hourOfDay }: { readonly h: number; readonly hourOfDay: number },
): { centre: number; below: number; above: number } {
  const shares = weights[bucketOf(h)];
  const size = scale[hourOfDay] ?? 1;
  let centre = interpolate(shift, h) * size;
  for (let expert = 0; expert < EXPERTS.length; expert++) {
    centre += (shares?.[expert] ?? 0) * (points[expert * HORIZON_HOURS + h - 1] ?? 0);
  }
  return { centre, below: interpolate(below, h) * size, above: interpolate(above, h) * size };
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}
