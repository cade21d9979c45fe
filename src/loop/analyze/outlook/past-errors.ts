import { BUCKETS, bucketOf } from './horizon-buckets.ts';
import { HORIZON_HOURS, LEAST_HOURS, modulo, type HourlySeries } from './hourly-series.ts';
import { EXPERTS, pointForecasts } from './points.ts';

/** What each expert would have said wrong so far, by bucket of the horizon; the entries of a bucket belong together. */
export interface PastErrors {
  /** [bucket][expert]: what came minus what was said. */
  readonly errors: readonly (readonly Float64Array[])[];
  /** [bucket]: hour of the UTC day that each entry belongs to. */
  readonly hours: readonly Uint8Array[];
  /** Hours between the first origin and the end: errors that share most of their hours are not independent. */
  readonly spanHours: number;
}

/** Hours between two origins, and between two hours scored beyond the first day: neither has a factor with 24. */
const ORIGIN_SPACING = 7;
const THINNING = 5;
const THIN_FROM = 24;

/** Forecasts the past from many points in it, with what was known at each, and compares with what came. */
export function pastErrors({ firstHour, values }: HourlySeries): PastErrors {
  const errors = Array.from({ length: BUCKETS }, () => EXPERTS.map((): number[] => []));
  const hours = Array.from({ length: BUCKETS }, (): number[] => []);
  const { length } = values;
  const first = length - ORIGIN_SPACING * Math.floor((length - LEAST_HOURS) / ORIGIN_SPACING);
  for (let end = first; end < length; end += ORIGIN_SPACING) {
    const points = pointForecasts({ firstHour, values, end });
    for (let h = 1; h <= HORIZON_HOURS && end - 1 + h < length; h++) {
      if (h > THIN_FROM && h % THINNING !== 0) continue;
      const came = values[end - 1 + h] ?? NaN;
      if (Number.isNaN(came)) continue;
      const bucket = bucketOf(h);
      hours[bucket]?.push(modulo(firstHour + end - 1 + h, 24));
      for (const [expert, entries] of (errors[bucket] ?? []).entries()) {
        entries.push(came - (points[expert * HORIZON_HOURS + h - 1] ?? NaN));
      }
    }
  }
  return {
    errors: errors.map((experts) => experts.map((entries) => Float64Array.from(entries))),
    hours: hours.map((entries) => Uint8Array.from(entries)),
    spanHours: Math.max(0, length - first),
  };
}
