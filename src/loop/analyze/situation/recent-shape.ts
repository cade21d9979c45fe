/** How the demand went in the last hour, from its minutes; NaN where too few of them are known. In the unit of the demand. */
export interface RecentShape {
  /** The newest known minute of the last three. */
  readonly now: number;
  readonly mean60: number;
  readonly mean15: number;
  readonly mean5: number;
  readonly largest: number;
  readonly smallest: number;
  /** Mean and largest absolute step from a minute to the next. */
  readonly meanStep: number;
  readonly largestStep: number;
  /** Correlation of neighbouring steps, −1 … 1: about −0.5 for noise on a level, above 0 for a slope. */
  readonly stepMemory: number;
  /** Means of six spans of ten minutes, the oldest first. */
  readonly sixths: readonly number[];
  /** Share of the minutes that are not known, 0 … 1. */
  readonly unknownShare: number;
}

export const TRAIL_MINUTES = 60;
const SIXTHS = 6;
/** As Prometheus: what is older than that is no present value. */
const FRESH_MINUTES = 3;
/** Half of a span says how high it is; a shape needs ten minutes of it. */
const LEAST_SHARE = 0.5;
const LEAST_STEPS = 10;

/** @param minutes `TRAIL_MINUTES` values, oldest first, the last being the present minute; NaN where unknown */
export function recentShape(minutes: Float32Array): RecentShape {
  const end = minutes.length;
  const known = minutes.filter((value) => !Number.isNaN(value)).length;
  const enough = known >= LEAST_STEPS;
  return {
    now: newestKnown(minutes),
    mean60: enough ? meanOf(minutes, { from: 0, to: end, least: LEAST_STEPS }) : NaN,
    mean15: meanOf(minutes, { from: end - 15, to: end, least: 15 * LEAST_SHARE }),
    mean5: meanOf(minutes, { from: end - 5, to: end, least: 5 * LEAST_SHARE }),
    largest: enough ? minutes.reduce((most, value) => (value > most ? value : most), -Infinity) : NaN,
    smallest: enough ? minutes.reduce((least, value) => (value < least ? value : least), Infinity) : NaN,
    ...steps(minutes),
    sixths: Array.from({ length: SIXTHS }, (_, sixth) => {
      const span = end / SIXTHS;
      return meanOf(minutes, { from: sixth * span, to: (sixth + 1) * span, least: span * LEAST_SHARE });
    }),
    unknownShare: end === 0 ? 1 : 1 - known / end,
  };
}

function newestKnown(minutes: Float32Array): number {
  for (let ago = 1; ago <= FRESH_MINUTES; ago += 1) {
    const value = minutes[minutes.length - ago] ?? NaN;
    if (!Number.isNaN(value)) return value;
  }
  return NaN;
}

interface Span {
  readonly from: number;
  readonly to: number;
  /** So many must be known. */
  readonly least: number;
}

function meanOf(minutes: Float32Array, { from, to, least }: Span): number {
  let sum = 0;
  let known = 0;
  for (let i = Math.max(0, Math.ceil(from)); i < to; i += 1) {
    const value = minutes[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    known += 1;
  }
  return known > 0 && known >= least ? sum / known : NaN;
}

function steps(minutes: Float32Array): Pick<RecentShape, 'meanStep' | 'largestStep' | 'stepMemory'> {
  let [count, sum, largest] = [0, 0, 0];
  let [products, squares, before] = [0, 0, NaN];
  for (let i = 1; i < minutes.length; i += 1) {
    const step = (minutes[i] ?? NaN) - (minutes[i - 1] ?? NaN);
    const size = Math.abs(step);
    if (!Number.isNaN(step)) {
      count += 1;
      sum += size;
      if (size > largest) largest = size;
    }
    // Over pairs of known steps alone: by Cauchy and Schwarz the quotient stays within ±1.
    const product = step * before;
    if (!Number.isNaN(product)) {
      products += product;
      squares += (step * step + before * before) / 2;
    }
    before = step;
  }
  if (count < LEAST_STEPS) return { meanStep: NaN, largestStep: NaN, stepMemory: NaN };
  return {
    meanStep: sum / count,
    largestStep: largest,
    stepMemory: squares > 0 ? products / squares : 0,
  };
}
