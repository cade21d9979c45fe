import type { Dft, Spectrum } from './crane-dft.ts';

export interface FftEstimator {
  /** At least the strongest lines that stay, whatever their amplitude. */
  readonly minSpectrumItems: number;
  /** Lines of a smaller amplitude (|X(k)| ÷ N, unit of the series) are taken for noise. */
  readonly lowAmplitude: number;
  /** The estimate is multiplied by 1 + this. */
  readonly margin: number;
}

/** crane v0.11.0, pkg/prediction/dsp/config.go, defaultEstimators. */
export const DEFAULT_ESTIMATORS: readonly FftEstimator[] = [3, 50].flatMap((minSpectrumItems) =>
  [0.01, 0.1, 0.15, 0.2].map((margin) => ({
    minSpectrumItems,
    lowAmplitude: minSpectrumItems === 3 ? 1 : 0.05,
    margin,
  })),
);

const MAX_SPECTRUM_ITEMS = 100;
/** Lines of a period of an hour or more are never noise. */
const HIGH_FREQUENCY_HERTZ = 1 / 3600;
const SAMPLE_SECONDS = 60;
/** What an estimate of 0 or less becomes. */
const LEAST_VALUE = 0.01;
/** Below it a value is too close to zero to divide by. */
const NEAR_ZERO = 1e-3;

export interface Signal {
  readonly samples: Float64Array;
  readonly spectrum: Spectrum;
  readonly dft: Dft;
}

/**
 * One period ahead, by leaving the noise out of the spectrum and keeping the last period of what is left (v0.11.0,
 * pkg/prediction/dsp/estimators.go, fftEstimator). Upstream asks the frequency of each of the N lines, so that a slow
 * and weak wave loses the mirrored half of itself and keeps half of its amplitude; so does it here.
 */
export function estimate({ samples, spectrum, dft }: Signal, period: number, by: FftEstimator): Float64Array {
  const length = samples.length;
  // A line and its mirror are one wave: the rounding of the two must not tell them apart.
  const amplitudes = spectrum.re.map((_, k) => {
    const line = Math.min(k, length - k);
    return Math.hypot(spectrum.re[line] ?? 0, spectrum.im[line] ?? 0) / length;
  });
  const least = leastAmplitude(amplitudes, by);
  const isNoise = (k: number): boolean =>
    (amplitudes[k] ?? 0) < least && k / SAMPLE_SECONDS / length > HIGH_FREQUENCY_HERTZ;
  const kept = {
    re: spectrum.re.map((value, k) => (isNoise(k) ? 0 : value)),
    im: spectrum.im.map((value, k) => (isNoise(k) ? 0 : value)),
  };
  return dft
    .inverseReal(kept)
    .subarray(length - period)
    .map((value) => (value > 0 ? value : LEAST_VALUE) * (1 + by.margin));
}

function leastAmplitude(amplitudes: Float64Array, { minSpectrumItems, lowAmplitude }: FftEstimator): number {
  const strongest = amplitudes
    .slice(1, Math.trunc(amplitudes.length / 2))
    .sort()
    .reverse();
  const last = strongest[Math.min(strongest.length, MAX_SPECTRUM_ITEMS) - 1] ?? 0;
  return Math.min(Math.max(last, lowAmplitude), strongest[minSpectrumItems - 1] ?? Infinity);
}

/**
 * The estimator that would have foretold the last period best from those before it (prediction.go, bestEstimator).
 * @param history all samples but the last period.
 * @param actual the last period.
 */
export function bestEstimator(history: Signal, actual: Float64Array): FftEstimator | undefined {
  let best: FftEstimator | undefined;
  let least = Infinity;
  let plain: Float64Array | undefined;
  let plainOf: FftEstimator | undefined;
  for (const estimator of DEFAULT_ESTIMATORS) {
    if (plain === undefined || plainOf?.minSpectrumItems !== estimator.minSpectrumItems) {
      // The margin only multiplies: one inverse transform serves all estimators that differ in nothing else.
      plain = estimate(history, actual.length, { ...estimator, margin: 0 });
      plainOf = estimator;
    }
    const error = predictionError(
      actual,
      plain.map((value) => value * (1 + estimator.margin)),
    );
    if (error < least) {
      least = error;
      best = estimator;
    }
  }
  return best;
}

/**
 * Mean absolute percentage error in which too little counts more (−log₁.₂₅(1 − x) for a share x that is missing);
 * mean absolute error when an actual value is next to zero (v0.11.0, pkg/prediction/accuracy).
 */
export function predictionError(actual: Float64Array, predicted: Float64Array): number {
  const relative = actual.every((value) => value >= NEAR_ZERO);
  let sum = 0;
  for (const [i, value] of actual.entries()) {
    const difference = (predicted[i] ?? NaN) - value;
    if (!relative) sum += Math.abs(difference);
    else if (difference < 0) sum -= Math.log(1 + difference / value) / Math.log(1.25);
    else sum += difference / value;
  }
  return sum / actual.length;
}
