/** One value a minute; minutes are whole, since the epoch, and strictly rising. */
export interface MinuteHistory {
  readonly minutes: readonly number[];
  readonly values: readonly number[];
}

const MINUTES_PER_HOUR = 60;

/**
 * What crane does to a history before it looks for periods (v0.11.0, pkg/prediction/dsp/preprocessing.go): everything
 * before a gap of more than an hour is dropped, smaller gaps are bridged by straight lines, whole hours are kept (the
 * latest), and values beyond the percentiles 0.1 and 99.9 become the value before them.
 */
export function preprocess({ minutes, values }: MinuteHistory): Float64Array {
  const filled = fillGaps(minutes, values);
  const whole = Float64Array.from(filled.slice(filled.length % MINUTES_PER_HOUR));
  removeOutliers(whole);
  return whole;
}

function fillGaps(minutes: readonly number[], values: readonly number[]): number[] {
  let filled: number[] = [];
  let minuteBefore = NaN;
  let valueBefore = NaN;
  for (const [index, value] of values.entries()) {
    const minute = minutes[index] ?? NaN;
    const gap = minute - minuteBefore;
    if (gap > MINUTES_PER_HOUR) filled = [];
    else {
      const slope = (value - valueBefore) / gap;
      for (let step = 1; step < gap; step += 1) filled.push(valueBefore + slope * step);
    }
    filled.push(value);
    minuteBefore = minute;
    valueBefore = value;
  }
  return filled;
}

function removeOutliers(samples: Float64Array): void {
  const sorted = samples.slice().sort();
  const high = percentile(sorted, 99.9);
  const low = percentile(sorted, 0.1);
  if (high === undefined || low === undefined) return;
  for (let i = 1; i < samples.length; i += 1) {
    const value = samples[i] ?? NaN;
    if (value > high || value < low) samples[i] = samples[i - 1] ?? value;
  }
}

/** As montanaflynn/stats v0.6.6 has it: undefined when the sample is too small for that percentile. */
export function percentile(sorted: Float64Array, percent: number): number | undefined {
  if (sorted.length === 1) return sorted[0];
  const rank = (percent / 100) * sorted.length;
  if (rank !== Math.trunc(rank) && rank <= 1) return undefined;
  const below = sorted[Math.trunc(rank) - 1];
  if (rank === Math.trunc(rank)) return below;
  const above = sorted[Math.trunc(rank)];
  return below === undefined || above === undefined ? undefined : (below + above) / 2;
}
