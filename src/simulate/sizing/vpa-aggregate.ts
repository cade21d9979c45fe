import { DecayingHistogram, ExponentialBuckets } from './vpa-histogram.ts';

const DAY_MS = 86_400_000;

/** Each CPU sample's weight before it decays. Older versions took the container's request, if larger. */
const CPU_SAMPLE_WEIGHT = 0.1;
/** Less weight counts as none; small enough for samples of a week ago. */
const EPSILON = 0.001 * CPU_SAMPLE_WEIGHT;
const HALF_LIFE_MS = DAY_MS;
const GROWTH = 1.05;
/** Cores. */
const CPU_BUCKETS = new ExponentialBuckets(0.01, GROWTH, 1000);
/** Bytes. */
const MEMORY_BUCKETS = new ExponentialBuckets(1e7, GROWTH, 1e12);

/** Millicores and bytes, whole numbers: the recommender reckons in them and cuts off what is finer. */
export interface VpaAmounts {
  readonly cpu: number;
  readonly memory: number;
}

/** The recommender's largest amount of anything. */
const MAX_AMOUNT = 1e14;

/** A whole amount from a number as it comes out of a formula: cut off, at least 0, and 0 for what is no number. */
export function vpaAmount(value: number): number {
  return value > 0 ? Math.trunc(Math.min(value, MAX_AMOUNT)) : 0;
}

/**
 * What the vertical pod autoscaler remembers of all containers of one name in the pods of one workload
 * (pkg/recommender/model/aggregate_container_state.go, v1.8.1).
 */
export class VpaAggregate {
  readonly #cpu = new DecayingHistogram(CPU_BUCKETS, HALF_LIFE_MS, EPSILON);
  readonly #memoryPeaks = new DecayingHistogram(MEMORY_BUCKETS, HALF_LIFE_MS, EPSILON);
  #firstAt = Infinity;
  #lastAt = -Infinity;
  #samples = 0;

  /** @param at ms since the epoch. @param millicores mean use. */
  addCpu(at: number, millicores: number): void {
    this.#cpu.add(millicores / 1000, CPU_SAMPLE_WEIGHT, at);
    this.#firstAt = Math.min(this.#firstAt, at);
    this.#lastAt = Math.max(this.#lastAt, at);
    this.#samples++;
  }

  /** @param at end of the interval whose peak it is, ms since the epoch. */
  addMemoryPeak(at: number, bytes: number): void {
    this.#memoryPeaks.add(bytes, 1, at);
  }

  subtractMemoryPeak(at: number, bytes: number): void {
    this.#memoryPeaks.subtract(bytes, 1, at);
  }

  /** Percentile of use, `share` 0 … 1; 0 without samples. */
  percentile(share: number): VpaAmounts {
    return {
      cpu: vpaAmount(this.#cpu.percentile(share) * 1000),
      memory: vpaAmount(this.#memoryPeaks.percentile(share)),
    };
  }

  /** Days of CPU samples once a minute that this history is worth. */
  confidenceDays(): number {
    if (this.#samples === 0) return 0;
    return Math.min((this.#lastAt - this.#firstAt) / DAY_MS, this.#samples / (DAY_MS / 60_000));
  }
}
