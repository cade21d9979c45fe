import type { Random } from '../random.ts';
import { Dft } from './crane-dft.ts';
import { bestEstimator, estimate, type Signal } from './crane-estimators.ts';
import { findPeriod } from './crane-period.ts';
import { preprocess, type MinuteHistory } from './crane-preprocessing.ts';

export const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/** `historyLength: 7d` of the EHPA sample; one hour more is read, because whole hours are kept. */
const HISTORY_MINUTES = 7 * DAY_MINUTES + 60;

/** What a metric is going to be: one day, repeated as often as there were days to learn from. */
export interface Prediction {
  /** Minutes since the epoch of the first value, and of the first minute without one. */
  readonly from: number;
  readonly until: number;
  /** One day of minutes. */
  readonly values: Float64Array;
}

/**
 * DSP prediction of a metric that is sampled once a minute (crane v0.11.0, pkg/prediction/dsp/prediction.go):
 * history of 7 days, a period or none, the best of eight filters in the frequency domain. Upstream accepts periods of
 * one day and of one week, but two whole ones have to be there, so that 7 days of history show days only.
 */
export class CranePredictor {
  readonly #random: Random;
  readonly #transforms = new Map<number, Dft>();
  readonly #minutes: number[] = [];
  readonly #values: number[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** @param minute since the epoch; later than all before. Minutes that are never added are gaps. */
  add(minute: number, value: number): void {
    this.#minutes.push(minute);
    this.#values.push(value);
    if (this.#minutes.length >= 2 * HISTORY_MINUTES) {
      this.#minutes.splice(0, this.#minutes.length - HISTORY_MINUTES);
      this.#values.splice(0, this.#values.length - HISTORY_MINUTES);
    }
  }

  /** Undefined while the history is shorter than two days, or does not repeat daily. */
  predict(): Prediction | undefined {
    const samples = wholeDays(preprocess(this.#history()));
    if (samples.length < 2 * DAY_MINUTES) return undefined;
    const signal = this.#signal(samples);
    if (findPeriod({ ...signal, random: this.#random }) !== DAY_MINUTES) return undefined;
    const split = samples.length - DAY_MINUTES;
    const estimator = bestEstimator(this.#signal(samples.slice(0, split)), samples.slice(split));
    if (estimator === undefined) return undefined;
    const from = (this.#minutes.at(-1) ?? NaN) + 1;
    return { from, until: from + samples.length, values: estimate(signal, DAY_MINUTES, estimator) };
  }

  #history(): MinuteHistory {
    const newest = this.#minutes.at(-1) ?? 0;
    const first = this.#minutes.findIndex((minute) => minute > newest - HISTORY_MINUTES);
    return first < 0
      ? { minutes: [], values: [] }
      : { minutes: this.#minutes.slice(first), values: this.#values.slice(first) };
  }

  #signal(samples: Float64Array): Signal {
    const dft = this.#transforms.get(samples.length) ?? new Dft(samples.length);
    this.#transforms.set(samples.length, dft);
    return { samples, dft, spectrum: dft.forward(samples) };
  }
}

/** The latest samples that fill whole days. */
function wholeDays(samples: Float64Array): Float64Array {
  return samples.slice(samples.length % DAY_MINUTES);
}

/** The largest value of the minutes from `first` to `last`, both included; undefined when the prediction has none. */
export function largestValue(prediction: Prediction, first: number, last: number): number | undefined {
  const { from, until, values } = prediction;
  let largest: number | undefined;
  for (let minute = Math.max(first, from); minute <= Math.min(last, until - 1); minute += 1) {
    const value = values[(minute - from) % values.length] ?? 0;
    if (largest === undefined || value > largest) largest = value;
  }
  return largest;
}
