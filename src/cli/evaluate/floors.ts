/**
 * Simple forecasts that any other must beat: a point for each step ahead, and around it the quantiles of its own past
 * errors at that step (split conformal). A gap is bridged with the newest known value.
 */
export const FLOORS = ['last-value', 'ses', 'theta-deseasonalised', 'seasonal-naive'] as const;
export type FloorName = (typeof FLOORS)[number];

/** Fills the points for steps 1 … out.length after the values' end. Values are complete, at least one. */
type PointMethod = (values: Float64Array, count: number, out: Float64Array) => void;

const DAY = 288;

function lastValue(values: Float64Array, count: number, out: Float64Array): void {
  out.fill(values[count - 1] ?? 0);
}

/** Simple exponential smoothing, α = 0.3. */
function smoothing(values: Float64Array, count: number, out: Float64Array): void {
  out.fill(level(values, count, () => 0));
}

const ALPHA = 0.3;
/** Older values have weights below 1e-12. */
const LEVEL_BINS = 80;

function level(values: Float64Array, count: number, season: (i: number) => number): number {
  const from = Math.max(0, count - LEVEL_BINS);
  let smooth = (values[from] ?? 0) - season(from);
  for (let i = from + 1; i < count; i++) smooth += ALPHA * ((values[i] ?? 0) - season(i) - smooth);
  return smooth;
}

/** The same time of the day before; the last value while there is none. */
function seasonalNaive(values: Float64Array, count: number, out: Float64Array): void {
  for (let h = 1; h <= out.length; h++) {
    const i = count - 1 + h - DAY * Math.ceil(h / DAY);
    out[h - 1] = values[i < 0 ? count - 1 : i] ?? 0;
  }
}

/**
 * Theta (Assimakopoulos and Nikolopoulos, 2000) of the series without its daily season: smoothing with half the drift
 * of the last week, plus the mean season of the last seven days.
 */
function theta(values: Float64Array, count: number, out: Float64Array): void {
  const days = Math.min(7, Math.floor(count / DAY));
  const from = count - days * DAY;
  const season = new Float64Array(DAY);
  let mean = 0;
  for (let i = from; i < count; i++) {
    season[i % DAY] = (season[i % DAY] ?? 0) + (values[i] ?? 0) / days;
    mean += (values[i] ?? 0) / (days * DAY);
  }
  const seasonOf = (i: number): number => (days === 0 ? 0 : (season[i % DAY] ?? 0) - mean);
  const drift = days < 2 ? 0 : slope((i) => (values[i] ?? 0) - seasonOf(i), from, count) / 2;
  const smooth = level(values, count, seasonOf);
  for (let h = 1; h <= out.length; h++) out[h - 1] = smooth + drift * h + seasonOf(count - 1 + h);
}

/** Least squares slope by bin. */
function slope(valueAt: (i: number) => number, from: number, to: number): number {
  const middle = (from + to - 1) / 2;
  let products = 0;
  let squares = 0;
  for (let i = from; i < to; i++) {
    products += (i - middle) * valueAt(i);
    squares += (i - middle) ** 2;
  }
  return products / squares;
}

const METHODS: Readonly<Record<FloorName, PointMethod>> = {
  'last-value': lastValue,
  ses: smoothing,
  'theta-deseasonalised': theta,
  'seasonal-naive': seasonalNaive,
};

/** Every so many bins a floor makes a forecast whose errors it learns from; coprime with the hour and the day. */
const EVERY = 7;
/** So many forecasts are remembered: a week of them. */
const REMEMBERED = 288;

/** One floor on one series. */
export class ConformalFloor {
  readonly #method: PointMethod;
  readonly #steps: number;
  readonly #paths: { readonly origin: number; readonly points: Float64Array }[] = [];
  readonly #points: Float64Array;
  readonly #errors = new Float64Array(REMEMBERED + 1);

  /** @param steps the longest horizon, bins */
  constructor(name: FloorName, steps: number) {
    this.#method = METHODS[name];
    this.#steps = steps;
    this.#points = new Float64Array(steps);
  }

  /** The values up to `count` are known now; called once for each, in order. */
  observe(values: Float64Array, count: number): void {
    if (count % EVERY !== 0) return;
    const points = new Float64Array(this.#steps);
    this.#method(values, count, points);
    this.#paths.push({ origin: count - 1, points });
    if (this.#paths.length > REMEMBERED + Math.ceil(this.#steps / EVERY)) this.#paths.shift();
  }

  /** Quantiles for step h at level i in out[(h − 1) · levels.length + i]. */
  forecast(values: Float64Array, count: number, levels: readonly number[], out: Float64Array): void {
    this.#method(values, count, this.#points);
    for (let h = 1; h <= this.#steps; h++) {
      const known = this.#errorsAt(h, values, count);
      for (const [i, level] of levels.entries()) {
        const point = this.#points[h - 1] ?? 0;
        out[(h - 1) * levels.length + i] = Math.max(0, point + quantile(this.#errors, known, level));
      }
    }
  }

  /** Fills the errors of step h whose outcome is known, sorted; returns how many. */
  #errorsAt(h: number, values: Float64Array, count: number): number {
    let known = 0;
    for (let p = this.#paths.length - 1; p >= 0 && known < REMEMBERED; p--) {
      const path = this.#paths[p];
      if (path === undefined || path.origin + h >= count) continue;
      this.#errors[known++] = (values[path.origin + h] ?? 0) - (path.points[h - 1] ?? 0);
    }
    this.#errors.subarray(0, known).sort();
    return known;
  }
}

function quantile(sorted: Float64Array, count: number, level: number): number {
  if (count === 0) return 0;
  const position = Math.min(count - 1, Math.max(0, level * (count + 1) - 1));
  const low = Math.floor(position);
  const below = sorted[low] ?? 0;
  return below + (position - low) * ((sorted[Math.min(low + 1, count - 1)] ?? 0) - below);
}
