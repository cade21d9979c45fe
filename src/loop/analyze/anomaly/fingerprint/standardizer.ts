/**
 * Brings features of any unit to the same: how far from their fading mean, in usual distances from it. Clipped before it
 * learns and before it answers, so that an enormous value is told as extreme and no more.
 */
export interface Standardizer {
  readonly means: Float64Array;
  readonly spreads: Float64Array;
  /** Values seen of each feature. */
  readonly counts: Uint32Array;
  /** Share of the newest value. */
  readonly rate: number;
}

const LARGEST = 8;
/** Where a square still fits in double precision. */
const LARGEST_VALUE = 1e30;
/** Clipping from the first values on would keep the spread at what they happened to be. */
const UNCLIPPED = 30;

/** @param points mean age of what is remembered. */
export function createStandardizer(features: number, points: number): Standardizer {
  return {
    means: new Float64Array(features),
    spreads: new Float64Array(features),
    counts: new Uint32Array(features),
    rate: 1 / points,
  };
}

/**
 * Writes to `out` in −8…8 what each value is by those before it, and then learns it; NaN for what is not finite. A feature
 * that never moved answers 0.
 */
export function standardize(
  standardizer: Standardizer,
  values: Float32Array | Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < out.length; i++) {
    const value = values[i] ?? NaN;
    out[i] = Number.isFinite(value)
      ? observeOne(standardizer, i, Math.min(LARGEST_VALUE, Math.max(-LARGEST_VALUE, value)))
      : NaN;
  }
}

function observeOne({ means, spreads, counts, rate }: Standardizer, i: number, value: number): number {
  const count = counts[i] ?? 0;
  const mean = count === 0 ? value : (means[i] ?? 0);
  const spread = spreads[i] ?? 0;
  const error = value - mean;
  const limit = LARGEST * spread;
  const clipped = count > UNCLIPPED && spread > 0 ? Math.min(limit, Math.max(-limit, error)) : error;
  const share = Math.max(rate, 1 / (count + 1));
  means[i] = mean + share * clipped;
  spreads[i] = spread + share * (Math.abs(clipped) - spread);
  counts[i] = Math.min(0xffffffff, count + 1);
  return spread > 0 ? Math.min(LARGEST, Math.max(-LARGEST, error / spread)) : 0;
}
