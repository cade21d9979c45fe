/**
 * A window of values as a Haar pyramid (Haar 1910): its latest value, its mean, and at each scale from two values to the whole
 * window the two latest differences and the mean size of all. Recent shape is kept in detail, old shape coarsely.
 */
export interface HaarFeatures {
  /** Last values, a ring. */
  readonly recent: Float64Array;
  readonly pyramid: Float64Array;
  /** Each in 0…1. */
  readonly shares: Float64Array;
  points: number;
  low: number;
  high: number;
}

/** A power of two: 2 h 40 min at five minutes. */
const WINDOW = 32;
const SCALES = 5;
/** Two differences and their mean size at each scale but the last, which has one. */
export const FEATURES = 1 + 3 * (SCALES - 1) + 2 + 1;

export function createHaarFeatures(): HaarFeatures {
  return {
    recent: new Float64Array(WINDOW),
    pyramid: new Float64Array(WINDOW),
    shares: new Float64Array(FEATURES),
    points: 0,
    low: NaN,
    high: NaN,
  };
}

/** Takes a value in. @returns false while there is no full window, or all values were equal */
export function observeFeatures(features: HaarFeatures, value: number): boolean {
  const { recent } = features;
  if (features.points === 0) features.low = features.high = value;
  features.low = Math.min(features.low, value);
  features.high = Math.max(features.high, value);
  recent[features.points % WINDOW] = value;
  features.points++;
  if (features.points < WINDOW || features.high <= features.low) return false;
  scaleWindow(features);
  takeFeatures(features);
  return true;
}

/** The window, oldest first, in shares of the range of all values so far: never of values to come. */
function scaleWindow({ recent, pyramid, points, low, high }: HaarFeatures): void {
  const perValue = 1 / (high - low);
  for (let i = 0; i < WINDOW; i++) pyramid[i] = ((recent[(points + i) % WINDOW] ?? 0) - low) * perValue;
}

/** From the end on, so that a comparison meets the mean and the coarse scales first: they tell most windows apart. */
function takeFeatures({ pyramid, shares }: HaarFeatures): void {
  let place = FEATURES;
  for (let length = WINDOW / 2; length >= 1; length /= 2) {
    let squares = 0;
    for (let i = 0; i < length; i++) {
      const first = pyramid[2 * i] ?? 0;
      const second = pyramid[2 * i + 1] ?? 0;
      const difference = (second - first) / 2;
      pyramid[i] = (first + second) / 2;
      squares += difference * difference;
      if (i >= length - 2) shares[--place] = share(0.5 + difference);
    }
    shares[--place] = share(Math.sqrt(squares / length));
  }
  shares[1] = share(pyramid[0] ?? 0);
  shares[0] = share(pyramid[WINDOW - 1] ?? 0);
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value));
}
