/** Hours of a day, days of a week. */
const DAY = 24;
const WEEK_DAYS = 7;

/** Days that a new level must have lasted: one unusual day is a holiday. Older ones are known to everybody. */
const LEAST_DAYS = 2;
const MOST_DAYS = 20;
/** Changes from week to week before it, to tell what is usual. */
const LEAST_QUIET = 4;
/** How far beyond the usual change a new level lies, in standard deviations; and at least so much on the asinh scale. */
const SHIFT_DEVIATIONS = 4;
const LEAST_SHIFT = 0.1;

/** A value so many deviations from its neighbours in the season is a spike, and is cut there. */
const SPIKE_DEVIATIONS = 8;
const LEAST_SPIKE = 0.5;

/** What lies so far back may still be going on: the next hours depend on it. */
const GOING_ON_HOURS = 6;

/** Of a normal distribution: standard deviation over median absolute deviation. */
const MAD_TO_DEVIATION = 1.4826;

/**
 * The past as the point forecasts should see it, NaN where unknown: what lies before a lasting change of the level is
 * moved to the new one, and what was a single spike is cut. Past errors are those of the past as it was: changes and
 * spikes will come again, and intervals have to tell.
 */
export function repaired(values: Float64Array): Float64Array {
  return withoutSpikes(onOneLevel(values));
}

/**
 * Days are compared with the same day a week before, so that no weekend looks like a change. A change s days ago shows
 * as changes from week to week of one sign in those of the last s days that have their week before it.
 */
function onOneLevel(values: Float64Array): Float64Array {
  const changes = weeklyChanges(dayMedians(values));
  for (let days = LEAST_DAYS; days <= Math.min(MOST_DAYS, changes.length - LEAST_QUIET); days++) {
    const since = changes.slice(Math.max(0, days - WEEK_DAYS), days);
    const least = threshold(changes.slice(days), SHIFT_DEVIATIONS, LEAST_SHIFT);
    const up = since.every((change) => change > least);
    if (!up && !since.every((change) => change < -least)) continue;
    const shift = median(since);
    const end = values.length - DAY * days;
    return values.map((value, t) => (t < end ? value + shift : value));
  }
  return values;
}

/** Medians of the last days, blocks of 24 hours, the newest first. */
function dayMedians(values: Float64Array): readonly number[] {
  return Array.from({ length: Math.floor(values.length / DAY) }, (_, days) => {
    const end = values.length - DAY * days;
    return median(values.subarray(end - DAY, end));
  });
}

function weeklyChanges(days: readonly number[]): readonly number[] {
  return days
    .slice(0, Math.max(0, days.length - WEEK_DAYS))
    .map((day, k) => day - (days[k + WEEK_DAYS] ?? NaN));
}

/** Each value against the median of the same hour and its neighbours, seven days around. */
function withoutSpikes(values: Float64Array): Float64Array {
  const near = new Float64Array(3 * WEEK_DAYS);
  const usual = values.map((_, t) => {
    for (let place = 0; place < near.length; place++) {
      const hour = t + DAY * (Math.floor(place / 3) - 3) + (place % 3) - 1;
      near[place] = values[hour] ?? NaN;
    }
    return median(near);
  });
  const apart = values.map((value, t) => value - (usual[t] ?? NaN));
  const most = threshold([...apart], SPIKE_DEVIATIONS, LEAST_SPIKE);
  return values.map((value, t) => {
    if (t >= values.length - GOING_ON_HOURS) return value;
    const centre = usual[t] ?? NaN;
    return Math.min(centre + most, Math.max(centre - most, value));
  });
}

function threshold(values: readonly number[], deviations: number, least: number): number {
  const centre = median(values);
  const deviation = MAD_TO_DEVIATION * median(values.map((value) => Math.abs(value - centre)));
  return Math.max(least, deviations * deviation);
}

/** Of the known ones; NaN when there is none. */
function median(values: ArrayLike<number>): number {
  const known = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const upper = known[known.length >> 1] ?? NaN;
  return known.length % 2 === 1 ? upper : ((known[(known.length >> 1) - 1] ?? NaN) + upper) / 2;
}
