/** Where the buckets of a histogram begin: each is `growth` times as wide as the one before, the first starts at 0. */
export class ExponentialBuckets {
  readonly count: number;
  readonly #first: number;
  readonly #growth: number;

  /**
   * @param first width of the first bucket, in the unit of the samples.
   * @param growth above 1.
   * @param largest the last bucket starts there or later and has no end.
   */
  constructor(first: number, growth: number, largest: number) {
    this.#first = first;
    this.#growth = growth;
    this.count = Math.ceil(this.#logarithm((largest * (growth - 1)) / first + 1)) + 1;
  }

  /** The bucket of a value; what is outside falls into the first or the last. */
  indexOf(value: number): number {
    if (value < this.#first) return 0;
    const index = Math.trunc(this.#logarithm((value * (this.#growth - 1)) / this.#first + 1));
    return Math.min(index, this.count - 1);
  }

  startOf(index: number): number {
    if (index === 0) return 0;
    return (this.#first * (wholePower(this.#growth, index) - 1)) / (this.#growth - 1);
  }

  #logarithm(value: number): number {
    return Math.log(value) / Math.log(this.#growth);
  }
}

/**
 * `base` to a whole power by repeated squaring, as Go's math.Pow does it: Math.pow rounds otherwise in the last bit, and
 * a start of a bucket that is a whole number of bytes would lose one.
 */
function wholePower(base: number, exponent: number): number {
  let result = 1;
  for (let left = exponent, square = base; left > 0; left = Math.floor(left / 2), square *= square) {
    if (left % 2 === 1) result *= square;
  }
  return result;
}

/** After so many half-lives the weights are scaled back, lest they overflow. */
const MAX_DECAY_EXPONENT = 100;

/** Midnight of 1 January of year 1, ms since the epoch: Go's zero time, to which its Round counts. */
const ZERO_TIME = Date.parse('0001-01-01T00:00:00Z');

/**
 * Weighted samples of which each counts half as much as one that is `halfLifeMs` younger.
 *
 * The algorithm is that of the vertical pod autoscaler (pkg/recommender/util/histogram.go and decaying_histogram.go,
 * v1.8.1), rounding and thresholds included; the weights grow with time instead of shrinking, which is the same.
 */
export class DecayingHistogram {
  readonly #buckets: ExponentialBuckets;
  readonly #halfLifeMs: number;
  readonly #epsilon: number;
  readonly #weights: Float64Array;
  #total = 0;
  /** First and last bucket that are not empty; swapped ends while all are. */
  #min: number;
  #max = 0;
  #referenceMs = ZERO_TIME;

  /** @param epsilon a bucket with less weight counts as empty. */
  constructor(buckets: ExponentialBuckets, halfLifeMs: number, epsilon: number) {
    this.#buckets = buckets;
    this.#halfLifeMs = halfLifeMs;
    this.#epsilon = epsilon;
    this.#weights = new Float64Array(buckets.count);
    this.#min = buckets.count - 1;
  }

  /** @param at ms since the epoch. */
  add(value: number, weight: number, at: number): void {
    // Before the bucket is looked up: a late sample may scale all weights.
    const decayed = weight * this.#decayFactor(at);
    const bucket = this.#buckets.indexOf(value);
    const sum = this.#weightOf(bucket) + decayed;
    this.#weights[bucket] = sum;
    this.#total += decayed;
    if (sum < this.#epsilon) return;
    if (bucket < this.#min) this.#min = bucket;
    if (bucket > this.#max) this.#max = bucket;
  }

  /** Takes back a sample that was added with the same three arguments. */
  subtract(value: number, weight: number, at: number): void {
    const decayed = weight * this.#decayFactor(at);
    const bucket = this.#buckets.indexOf(value);
    this.#total = this.#without(this.#total, decayed);
    this.#weights[bucket] = this.#without(this.#weightOf(bucket), decayed);
    this.#narrow();
  }

  /** End of the bucket within which `share` (0 … 1) of the weight is reached; 0 without samples. */
  percentile(share: number): number {
    if (this.#weightOf(this.#min) < this.#epsilon) return 0;
    const threshold = share * this.#total;
    let bucket = this.#min;
    for (let sum = 0; bucket < this.#max; bucket++) {
      sum += this.#weightOf(bucket);
      if (sum >= threshold) break;
    }
    return this.#buckets.startOf(Math.min(bucket + 1, this.#buckets.count - 1));
  }

  #weightOf(bucket: number): number {
    return this.#weights[bucket] ?? 0;
  }

  #without(weight: number, taken: number): number {
    const left = weight - taken;
    return left < this.#epsilon ? 0 : left;
  }

  #decayFactor(at: number): number {
    if (at > this.#referenceMs + MAX_DECAY_EXPONENT * this.#halfLifeMs) this.#moveReference(at);
    return 2 ** ((at - this.#referenceMs) / this.#halfLifeMs);
  }

  #moveReference(at: number): void {
    const halfLives = Math.floor((at - ZERO_TIME) / this.#halfLifeMs + 0.5);
    const moved = ZERO_TIME + halfLives * this.#halfLifeMs;
    const factor = 2 ** Math.floor((this.#referenceMs - moved) / this.#halfLifeMs + 0.5);
    for (let bucket = this.#min; bucket <= this.#max; bucket++) {
      this.#weights[bucket] = this.#weightOf(bucket) * factor;
    }
    this.#total *= factor;
    this.#narrow();
    this.#referenceMs = moved;
  }

  /** After weights fell: ends that became empty are given up. */
  #narrow(): void {
    while (this.#weightOf(this.#min) < this.#epsilon && this.#min < this.#buckets.count - 1) this.#min++;
    while (this.#weightOf(this.#max) < this.#epsilon && this.#max > 0) this.#max--;
  }
}
