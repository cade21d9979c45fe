import { createCounter, looksLikeGauge, observeCounter } from '../../monitor/counter.ts';
import { cadenceOf, type Cadence } from './cadence.ts';
import { longestRising } from './longest-rising.ts';
import { PLAUSIBLE } from './plausible.ts';
import type { RawSeries } from './raw-series.ts';

/** What was found in the samples of a series, and taken out or marked. */
export interface SampleCounts {
  /** All that hold a value. */
  readonly samples: number;
  /** At the time of another and with its value. */
  readonly duplicates: number;
  /** At the time of another and with another value: the first counts. */
  readonly conflicts: number;
  /** Fewest that have to be moved so that all are in the order of time. */
  readonly late: number;
  /** Infinite. */
  readonly infinite: number;
  /** Beyond what the feature can be. */
  readonly implausible: number;
  readonly resets: number;
}

/** Samples in order, each time once. */
export interface CleanSeries extends SampleCounts {
  /** ms since the epoch, strictly rising. */
  readonly times: Float64Array;
  /** In the feature's unit; NaN where the sample cannot be used, which says more than no sample does. */
  readonly values: Float64Array;
  readonly cadence: Cadence;
  /** Said to be a counter, but falls again and again and not to zero. */
  readonly gaugeAsCounter: boolean;
}

/** Puts samples in order, drops repeated ones, turns counters into rates and marks what cannot be. */
export function cleanSeries(raw: RawSeries): CleanSeries {
  const known = Array.from(raw.times.keys()).filter(
    (index) => Number.isFinite(raw.times[index]) && !Number.isNaN(raw.values[index]),
  );
  const timeAt = (index: number): number => raw.times[index] ?? NaN;
  // Equal times stay in the order in which they came: a repeated sample is not late.
  const ordered = known.toSorted((a, b) => timeAt(a) - timeAt(b) || a - b);
  const rank = new Map(ordered.map((index, place) => [index, place]));
  const late = known.length - longestRising(known.map((index) => rank.get(index) ?? NaN)).length;
  let [duplicates, conflicts, infinite] = [0, 0, 0];
  const times: number[] = [];
  const values: number[] = [];
  for (const index of ordered) {
    const value = raw.values[index] ?? NaN;
    if (times.at(-1) === timeAt(index)) {
      if (Object.is(values.at(-1), value)) duplicates += 1;
      else conflicts += 1;
      continue;
    }
    if (!Number.isFinite(value)) infinite += 1;
    times.push(timeAt(index));
    values.push(value);
  }
  const { rates, resets, gaugeAsCounter } =
    raw.kind === 'Counter' ? ratesOf(times, values) : { rates: values, resets: 0, gaugeAsCounter: false };
  const { plausible, implausible } = withinBounds(rates, raw);
  return {
    times: Float64Array.from(times),
    values: plausible,
    cadence: cadenceOf(times),
    gaugeAsCounter,
    samples: known.length,
    duplicates,
    conflicts,
    late,
    infinite,
    implausible,
    resets: resets + (raw.resets ?? 0),
  };
}

function ratesOf(
  times: readonly number[],
  values: readonly number[],
): { readonly rates: readonly number[]; readonly resets: number; readonly gaugeAsCounter: boolean } {
  const counter = createCounter();
  let resets = 0;
  const rates = values.map((value, index) => {
    const at = times[index] ?? NaN;
    const before = counter.at;
    if (value >= 0 && value < counter.value) resets += 1;
    return (1000 * observeCounter(counter, at, value)) / (at - before);
  });
  return { rates, resets, gaugeAsCounter: looksLikeGauge(counter) };
}

function withinBounds(
  values: readonly number[],
  { feature, bounds = PLAUSIBLE[feature] }: RawSeries,
): { readonly plausible: Float64Array; readonly implausible: number } {
  let implausible = 0;
  const plausible = Float64Array.from(values, (value) => {
    if (!Number.isFinite(value)) return NaN;
    if (value >= bounds.least && value <= bounds.most) return value;
    implausible += 1;
    return NaN;
  });
  return { plausible, implausible };
}
