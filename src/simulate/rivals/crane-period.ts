import type { Random } from '../random.ts';
import type { Dft, Spectrum } from './crane-dft.ts';

/** The periodogram must beat this many random orders of the same samples, all but the best of them. */
const SHUFFLES = 100;
/** A peak of the autocorrelation is looked at this far to both sides, in samples of a minute: 4 hours. */
const PEAK_REACH = 240;

interface Hint {
  /** Samples. */
  readonly period: number;
  /** |X(k)|² in its line. */
  readonly power: number;
  /** Autocorrelation at that lag, where it is a peak. */
  readonly correlation: number;
}

export interface PeriodInput {
  readonly samples: Float64Array;
  /** Of the samples. */
  readonly spectrum: Spectrum;
  readonly dft: Dft;
  readonly random: Random;
}

/**
 * The fundamental period in samples, as crane finds it (v0.11.0, pkg/prediction/dsp/signal.go, FindPeriod): lines of
 * the periodogram stronger than the second strongest maximum of 100 shuffled orders are hints, and the hint with the
 * highest peak of the circular autocorrelation wins. Undefined when there is none.
 *
 * Shuffles that cannot change the answer are not made: after some of them the second strongest maximum so far bounds
 * the threshold from below, and a probability of one in a million from above; when the hints in between do not
 * matter, neither do the rest of the shuffles.
 */
export function findPeriod({ samples, spectrum, dft, random }: PeriodInput): number | undefined {
  const power = powerOf(spectrum);
  const variance = sumOfLines(power) / samples.length ** 2;
  if (!(variance > 0)) return undefined;
  const hints = peaks(samples.length, power, autoCorrelation(power, variance, dft));
  // Lines of a shuffled series are about exponential around N·σ²; two maxima of 100 beyond this: 5e-7.
  const ceiling = samples.length * variance * Math.log((samples.length / 2) * 1e5);
  const shuffled = samples.slice();
  const maxima: number[] = [];
  // The largest line is never below the mean of all.
  let threshold = samples.length * variance;
  for (let made = 0; made < SHUFFLES; made += 1) {
    const sure = winner(hints, ceiling);
    if (winner(hints, threshold)?.period === sure?.period) return sure?.period;
    shuffle(shuffled, random);
    maxima.push(largestLine(powerOf(dft.forward(shuffled))));
    maxima.sort((a, b) => b - a);
    threshold = Math.max(threshold, maxima[1] ?? 0);
  }
  return winner(hints, threshold)?.period;
}

function powerOf({ re, im }: Spectrum): Float64Array {
  return re.map((value, k) => value ** 2 + (im[k] ?? 0) ** 2);
}

/** Of all lines but the mean: N²·σ² (Parseval). */
function sumOfLines(power: Float64Array): number {
  let sum = 0;
  for (let k = 1; k < power.length; k += 1) sum += power[k] ?? 0;
  // Below rounding of the mean's line there is no variation.
  return sum > 1e-20 * (power[0] ?? 0) ? sum : 0;
}

function largestLine(power: Float64Array): number {
  let largest = 0;
  for (let k = 1; k < Math.trunc(power.length / 2); k += 1) largest = Math.max(largest, power[k] ?? 0);
  return largest;
}

/** Circular, 1 at lag 0. */
function autoCorrelation(power: Float64Array, variance: number, dft: Dft): Float64Array {
  const re = power.map((value, k) => (k === 0 ? 0 : value / (variance * power.length)));
  return dft.inverseReal({ re, im: new Float64Array(power.length) });
}

/** The periods that are peaks of the autocorrelation, longest first, each with its strongest line. */
function peaks(length: number, power: Float64Array, correlation: Float64Array): Hint[] {
  const strongest = new Map<number, number>();
  for (let k = 2; k < Math.trunc(length / 2); k += 1) {
    const period = Math.trunc(length / k);
    strongest.set(period, Math.max(strongest.get(period) ?? 0, power[k] ?? 0));
  }
  return [...strongest]
    .map(([period, line]) => ({ period, power: line, correlation: correlation[period] ?? 0 }))
    .filter((hint) => hint.correlation > 0 && isPeak(correlation, hint.period));
}

function winner(hints: readonly Hint[], threshold: number): Hint | undefined {
  let best: Hint | undefined;
  for (const hint of hints) {
    if (hint.power > threshold && hint.correlation > (best?.correlation ?? 0)) best = hint;
  }
  return best;
}

/** Rises to the left of it and falls to its right, by straight lines fitted to both sides. */
function isPeak(values: Float64Array, at: number): boolean {
  const reach = Math.min(PEAK_REACH, Math.trunc(at / 2));
  const last = Math.min(values.length - 1, at + reach);
  return slopeSign(values, at - reach, at) > 0 && slopeSign(values, at, last) < 0;
}

/** Of the least-squares line through the values from `first` to `last`. */
function slopeSign(values: Float64Array, first: number, last: number): number {
  const middle = (first + last) / 2;
  let sum = 0;
  for (let i = first; i <= last; i += 1) sum += (i - middle) * (values[i] ?? 0);
  return Math.sign(sum);
}

/** Fisher and Yates. */
function shuffle(values: Float64Array, random: Random): void {
  for (let left = values.length - 1; left > 0; left -= 1) {
    const other = Math.floor(random() * (left + 1));
    const value = values[left] ?? 0;
    values[left] = values[other] ?? 0;
    values[other] = value;
  }
}
