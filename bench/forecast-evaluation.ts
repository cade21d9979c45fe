import {
  createDemandForecaster,
  forecastPeak,
  observeDemand,
  type DemandForecaster,
} from '../src/loop/analyze/forecast/forecaster.ts';
import { createSortedRing, ringAdd, ringQuantile } from '../src/loop/analyze/forecast/sorted-ring.ts';

/** Minutes ahead. */
export const WINDOWS = [2, 5, 15] as const;
export const LEVELS = [0.5, 0.95, 0.99] as const;

/** The rest, at the end of each series, is forecast and scored. */
export const HISTORY_SHARE = 0.6;

const YARDSTICK_ERRORS = 720;
const MINUTE = 60_000;

/** A measured series: ms since the epoch, and the load then. */
export interface Series {
  readonly name: string;
  readonly at: ArrayLike<number>;
  readonly value: ArrayLike<number>;
}

/** How one window and level of one series was forecast. */
export interface Score {
  readonly series: string;
  readonly window: number;
  readonly level: number;
  /** Quantile losses, ours and the yardstick's, in the same unit. */
  readonly loss: number;
  readonly yardstickLoss: number;
  /** Share of peaks at or below their forecast. */
  readonly coverage: number;
  /** Coverage as the forecaster itself reports it at the end of the series. */
  readonly reported: number | undefined;
  readonly reliable: boolean;
}

interface Cell {
  readonly window: number;
  readonly level: number;
  loss: number;
  yardstickLoss: number;
  hits: number;
  count: number;
}

/**
 * Every minute of the last 40 % of the series, the largest value of the next 2, 5 or 15 minutes is forecast from
 * what was known then, and compared with what came. The yardstick is the last value plus the quantile of its last
 * 720 errors for that window.
 */
export function evaluate(series: Series): readonly Score[] {
  const from = Math.floor(series.at.length * HISTORY_SHARE);
  const state = createDemandForecaster();
  const windows = WINDOWS.map((window) => ({
    window,
    errors: createSortedRing(YARDSTICK_ERRORS),
    cells: LEVELS.map((level): Cell => ({ window, level, loss: 0, yardstickLoss: 0, hits: 0, count: 0 })),
  }));
  for (let i = 0; i < series.at.length; i += 1) {
    const at = series.at[i]!;
    const value = series.value[i]!;
    observeDemand(state, at, value, at);
    for (const { window, errors, cells } of windows) {
      const known = i >= window ? peakAfter(series, i - window, window) : undefined;
      if (known !== undefined) ringAdd(errors, known - series.value[i - window]!);
      const peak = i >= from ? peakAfter(series, i, window) : undefined;
      if (peak === undefined) continue;
      for (const cell of cells) {
        const upper = ask(state, at, cell)?.upper ?? NaN;
        score(cell, { peak, upper, yardstick: Math.max(0, value + ringQuantile(errors, cell.level)) });
      }
    }
  }
  const end = series.at[series.at.length - 1]!;
  return windows.flatMap(({ cells }) =>
    cells.map((cell) => scoreOf(series.name, cell, ask(state, end, cell))),
  );
}

function score(
  cell: Cell,
  { peak, upper, yardstick }: { peak: number; upper: number; yardstick: number },
): void {
  cell.loss += quantileLoss(peak, upper, cell.level);
  cell.yardstickLoss += quantileLoss(peak, yardstick, cell.level);
  cell.count += 1;
  if (peak <= upper) cell.hits += 1;
}

function scoreOf(series: string, cell: Cell, last: ReturnType<typeof ask>): Score {
  const { window, level, loss, yardstickLoss, hits, count } = cell;
  return {
    series,
    window,
    level,
    loss,
    yardstickLoss,
    coverage: hits / count,
    reported: last?.coverage,
    reliable: last?.reliable ?? false,
  };
}

/** Maximum over the samples within (at[i], at[i] + minutes]; undefined when the series ends before. */
function peakAfter({ at, value }: Series, i: number, minutes: number): number | undefined {
  const until = at[i]! + minutes * MINUTE;
  if (at[at.length - 1]! < until) return undefined;
  let max = -Infinity;
  for (let j = i + 1; j < at.length && at[j]! <= until; j += 1) max = Math.max(max, value[j]!);
  return max === -Infinity ? undefined : max;
}

function ask(state: DemandForecaster, now: number, { window, level }: { window: number; level: number }) {
  const forecast = forecastPeak(state, { now, leadSeconds: window * 60, confidence: level });
  return 'absent' in forecast ? undefined : forecast;
}

function quantileLoss(actual: number, forecast: number, level: number): number {
  return actual > forecast ? level * (actual - forecast) : (1 - level) * (forecast - actual);
}
