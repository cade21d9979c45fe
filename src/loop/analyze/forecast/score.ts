import { LEVELS } from './horizons.ts';

/** How the issued forecasts of one window length did, older ones forgotten with a half-life of a day. */
export interface Score {
  /** What is kept of older windows at each new one. */
  readonly decay: number;
  /**
   * Where the maxima fell: entry i counts those above the (49+i) and up to the (50+i) percent quantile, the first all
   * up to the median, the last all above the 99 percent one.
   */
  readonly falls: Float64Array;
  weight: number;
  error: number;
  persistenceError: number;
  demand: number;
  resolved: number;
}

const FALLS = 51;

/** Fewer windows than these say nothing about coverage at 95 percent. */
const ENOUGH = 100;

export function createScore(minutesApart: number): Score {
  return {
    decay: 0.5 ** (minutesApart / 1440),
    falls: new Float64Array(FALLS),
    weight: 0,
    error: 0,
    persistenceError: 0,
    demand: 0,
    resolved: 0,
  };
}

/** `quantiles` at `LEVELS` and `persistence` as they were issued, `maximum` as it came; all in one unit. */
export function learnScore(
  score: Score,
  quantiles: ArrayLike<number>,
  persistence: number,
  maximum: number,
): void {
  const { falls, decay } = score;
  for (let i = 0; i < FALLS; i++) falls[i] = decay * (falls[i] ?? 0);
  const fall = fallOf(quantiles, maximum);
  falls[fall] = (falls[fall] ?? 0) + 1;
  score.weight = decay * score.weight + 1;
  score.error = decay * score.error + Math.abs(maximum - (quantiles[0] ?? 0));
  score.persistenceError = decay * score.persistenceError + Math.abs(maximum - persistence);
  score.demand = decay * score.demand + maximum;
  score.resolved++;
}

/** Share of maxima that were not above the bound issued at `confidence` (0.5 … 0.99); undefined while too few. */
export function coverageOf(score: Score, confidence: number): number | undefined {
  if (score.resolved < ENOUGH) return undefined;
  const last = Math.floor((confidence - 0.5) * 100 + 1e-9);
  let covered = 0;
  for (let i = 0; i <= Math.min(last, FALLS - 2); i++) covered += score.falls[i] ?? 0;
  return covered / score.weight;
}

/** 1 − weighted absolute percentage error of the median, not below 0; undefined while too few. */
export function accuracyOf(score: Score): number | undefined {
  if (score.resolved < ENOUGH) return undefined;
  if (score.error === 0) return 1;
  return score.demand > 0 ? Math.max(0, 1 - score.error / score.demand) : 0;
}

/** 1 − error ÷ error of "it stays as it is"; negative when worse; undefined while too few or nothing ever moves. */
export function skillOf(score: Score): number | undefined {
  if (score.resolved < ENOUGH || score.persistenceError <= 0) return undefined;
  return 1 - score.error / score.persistenceError;
}

function fallOf(quantiles: ArrayLike<number>, maximum: number): number {
  if (maximum <= (quantiles[0] ?? 0)) return 0;
  for (let k = 1; k < LEVELS.length; k++) {
    const high = quantiles[k] ?? 0;
    if (maximum > high) continue;
    const low = quantiles[k - 1] ?? 0;
    const fromLevel = LEVELS[k - 1] ?? 0;
    const level = fromLevel + ((maximum - low) / (high - low)) * ((LEVELS[k] ?? 1) - fromLevel);
    return Math.ceil((level - 0.5) * 100 - 1e-9);
  }
  return FALLS - 1;
}
