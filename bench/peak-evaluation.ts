import { createPeakForecaster } from '../src/loop/analyze/peak/forecaster-state.ts';
import { observePeakDemand } from '../src/loop/analyze/peak/forecaster.ts';
import { peakForecast } from '../src/loop/analyze/peak/peak-forecast.ts';
import { peakQuantile } from '../src/loop/analyze/peak/peak-nodes.ts';
import type { ForecastTier } from '../src/loop/analyze/peak/tier.ts';
import type { Trace } from '../src/simulate/trace-demand.ts';

/** Minutes ahead; a start-up of so many minutes less 45 s has a hold window of this length. */
export const WINDOW_MINUTES = [2, 5, 15] as const;
export const LEVELS = [0.95, 0.99] as const;

const GRACE_SECONDS = 45;
const DAYS = 14;
/** The rest, at the end, is forecast and scored. */
const HISTORY_SHARE = 0.6;
const YARDSTICK_ERRORS = 720;

/** How one tier forecast one window and level of one trace. */
export interface PeakLoss {
  readonly trace: string;
  readonly tier: ForecastTier;
  readonly minutes: number;
  readonly level: number;
  /** Quantile losses, ours and the yardstick's, in the same unit. */
  readonly loss: number;
  readonly yardstickLoss: number;
  /** Share of peaks at or below their forecast. */
  readonly coverage: number;
}

/**
 * Samples are given as they are, one a minute: between them nothing is made up, for on a straight line the slope would
 * tell the next sample.
 */
export function evaluatePeaks(
  trace: Trace & { readonly name: string },
  tier: ForecastTier,
): readonly PeakLoss[] {
  const { times } = trace;
  const end = times[0]! + DAYS * 86_400_000;
  const last = times.findIndex((time) => time >= end);
  const length = last < 0 ? times.length : last;
  return WINDOW_MINUTES.flatMap((minutes) => evaluateWindow(trace, { tier, minutes, length }));
}

function evaluateWindow(
  { name, times, values }: Trace & { readonly name: string },
  { tier, minutes, length }: { tier: ForecastTier; minutes: number; length: number },
): readonly PeakLoss[] {
  const f = createPeakForecaster(tier);
  const errors: number[] = [];
  const cells = LEVELS.map((level) => ({ level, loss: 0, yardstickLoss: 0, hits: 0, count: 0 }));
  const scoredFrom = Math.floor(HISTORY_SHARE * length);
  for (let i = 0; i < length; i += 1) {
    const at = times[i]!;
    const reaction = { now: at, startupSeconds: minutes * 60 - GRACE_SECONDS, lagSeconds: 0 };
    observePeakDemand(f, { at, value: values[i]! }, reaction);
    const known = i >= minutes ? peakAfter(values, i - minutes, minutes) : undefined;
    if (known !== undefined) errors.push(known - values[i - minutes]!);
    if (i < scoredFrom || i + minutes >= length) continue;
    const forecast = peakForecast(f, reaction);
    if ('absent' in forecast) continue;
    const peak = peakAfter(values, i, minutes);
    const sorted = Float64Array.from(errors.slice(-YARDSTICK_ERRORS)).sort();
    for (const cell of cells) {
      const upper = peakQuantile(forecast.hold, forecast.weights, cell.level);
      const yardstick = values[i]! + sorted[Math.ceil(cell.level * sorted.length) - 1]!;
      cell.loss += quantileLoss(peak, upper, cell.level);
      cell.yardstickLoss += quantileLoss(peak, yardstick, cell.level);
      if (peak <= upper) cell.hits += 1;
      cell.count += 1;
    }
  }
  return cells.map(({ level, loss, yardstickLoss, hits, count }) => ({
    trace: name,
    tier,
    minutes,
    level,
    loss,
    yardstickLoss,
    coverage: hits / count,
  }));
}

/** Maximum of the `samples` after place `i`. */
function peakAfter(values: Float64Array, i: number, samples: number): number {
  let max = -Infinity;
  for (let j = i + 1; j <= i + samples; j += 1) max = Math.max(max, values[j]!);
  return max;
}

function quantileLoss(actual: number, forecast: number, level: number): number {
  return actual > forecast ? level * (actual - forecast) : (1 - level) * (forecast - actual);
}
