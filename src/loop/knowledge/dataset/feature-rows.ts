import { writeCalendar } from '../../monitor/features/calendar.ts';
import { FEATURE_COUNT, FEATURE_SCHEMA, SLOT, type FeatureName } from '../../monitor/features/schema.ts';
import { VOLATILITY_MINUTES, volatilityRatio } from '../../monitor/features/volatility.ts';
import { createSeriesRing, openCell, put } from '../../monitor/series-ring.ts';
import { MINUTE_MS, type MinuteWindow } from './minute-grid.ts';
import type { RawWorkload } from './raw-series.ts';

/** Vectors of `FEATURE_SCHEMA`, one for each minute of a workload, by column: as stores and files take them. */
export interface FeatureRows {
  readonly policyUid: string;
  readonly namespace: string;
  readonly policy: string;
  /** ms since the epoch, whole minutes, strictly rising. */
  readonly at: Float64Array;
  /** FEATURE_COUNT numbers for each row; NaN is not known, and never zero. */
  readonly values: Float32Array;
}

/** The values of a workload's features at whole minutes, as far as they are known. */
export type FeatureColumns = ReadonlyMap<FeatureName, Float64Array>;

/** Features that follow from the time or from the demand alone. */
export const DERIVED: ReadonlySet<FeatureName> = new Set(['volatilityRatio', 'hourSine', 'hourCosine']);

/** A year of minutes: what is longer has a wrong time in it. */
const MAX_MINUTES = 366 * 1440;

/** The whole minutes from the first to the last sample. @throws RangeError when there is none, or more than a year */
export function windowOf({ series }: RawWorkload): MinuteWindow {
  let [first, last] = [Infinity, -Infinity];
  for (const { times } of series) {
    for (const time of times) {
      first = Math.min(first, time);
      last = Math.max(last, time);
    }
  }
  if (first > last) throw new RangeError('there is no sample with a time');
  const firstMinute = Math.ceil(first / MINUTE_MS);
  const minutes = Math.floor(last / MINUTE_MS) - firstMinute + 1;
  if (minutes > MAX_MINUTES) {
    const [from, to] = [first, last].map((time) => new Date(time).toISOString());
    throw new RangeError(
      `the samples go from ${from} to ${to}, which is more than the 366 days allowed: is a time wrong?`,
    );
  }
  return { firstMinute, minutes };
}

/** Volatility of the demand at each minute, as the loop has it. */
export function volatilityColumn(demand: Float64Array, firstMinute: number): Float64Array {
  const ring = createSeriesRing({ series: 1, slots: VOLATILITY_MINUTES, statistics: 1, stepMs: MINUTE_MS });
  return demand.map((value, row) => {
    const now = (firstMinute + row) * MINUTE_MS;
    const cell = openCell(ring, 0, now, now);
    put(ring, cell, 0, value);
    return volatilityRatio(ring, 0, now);
  });
}

/** Puts the columns side by side, with the calendar. */
export function featureRows(
  { policyUid, namespace, policy }: Pick<RawWorkload, 'policyUid' | 'namespace' | 'policy'>,
  columns: FeatureColumns,
  { firstMinute, minutes }: MinuteWindow,
): FeatureRows {
  const at = Float64Array.from({ length: minutes }, (_, row) => (firstMinute + row) * MINUTE_MS);
  const values = new Float32Array(minutes * FEATURE_COUNT).fill(NaN);
  for (const [feature, column] of columns) {
    const slot = SLOT[feature];
    for (let row = 0; row < minutes; row += 1) {
      // Float32 ends at 3.4e38: what is beyond is not known.
      const value = Math.fround(column[row] ?? NaN);
      values[row * FEATURE_COUNT + slot] = Number.isFinite(value) ? value : NaN;
    }
  }
  for (const [row, time] of at.entries()) writeCalendar(time, values, row * FEATURE_COUNT);
  return { policyUid, namespace, policy, at, values };
}

export const FEATURE_NAMES = FEATURE_SCHEMA.features.map(({ name }) => name as FeatureName);
