import { createPeakForecaster } from '../src/loop/analyze/peak/forecaster-state.ts';
import { observePeakDemand } from '../src/loop/analyze/peak/forecaster.ts';
import { peakForecast } from '../src/loop/analyze/peak/peak-forecast.ts';
import { peakQuantile } from '../src/loop/analyze/peak/peak-nodes.ts';
import type { ForecastTier } from '../src/loop/analyze/peak/tier.ts';
import { traceDemand, type Trace } from '../src/simulate/trace-demand.ts';

/** Minutes ahead; a start-up of so many minutes less 45 s has a hold window of this length. */
export const WINDOW_MINUTES = [2, 5, 15] as const;
export const LEVELS = [0.95, 0.99] as const;

const BIN_MS = 15_000;
const BINS_PER_MINUTE = 4;
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

export function evaluatePeaks(
  trace: Trace & { readonly name: string },
  tier: ForecastTier,
): readonly PeakLoss[] {
  const start = trace.times[0]!;
  const end = Math.min(trace.times.at(-1)!, start + DAYS * 86_400_000);
  const demand = traceDemand(trace);
  // A value is the mean of its bin: on a straight line, that in its middle.
  const values = Float64Array.from({ length: Math.floor((end - start) / BIN_MS) }, (_, bin) =>
    demand(start + (bin + 0.5) * BIN_MS),
  );
  return WINDOW_MINUTES.flatMap((minutes) =>
    evaluateWindow(values, { name: trace.name, start, tier, minutes }),
  );
}

function evaluateWindow(
  values: Float64Array,
  { name, start, tier, minutes }: { name: string; start: number; tier: ForecastTier; minutes: number },
): readonly PeakLoss[] {
  const f = createPeakForecaster(tier);
  const bins = minutes * BINS_PER_MINUTE;
  const errors: number[] = [];
  const cells = LEVELS.map((level) => ({ level, loss: 0, yardstickLoss: 0, hits: 0, count: 0 }));
  const scoredFrom = Math.floor(HISTORY_SHARE * values.length);
  for (let bin = 0; bin < values.length - bins; bin += 1) {
    const at = start + (bin + 1) * BIN_MS;
    const reaction = { now: at, startupSeconds: minutes * 60 - GRACE_SECONDS, lagSeconds: 0 };
    observePeakDemand(f, { at, value: values[bin]! }, reaction);
    if (bin % BINS_PER_MINUTE !== 0) continue;
    if (bin >= bins) errors.push(peakAfter(values, bin - bins, bins) - values[bin - bins]!);
    if (bin < scoredFrom) continue;
    const forecast = peakForecast(f, reaction);
    if ('absent' in forecast) throw new Error(forecast.message);
    const peak = peakAfter(values, bin, bins);
    const sorted = Float64Array.from(errors.slice(-YARDSTICK_ERRORS)).sort();
    for (const cell of cells) {
      const upper = peakQuantile(forecast.hold, forecast.weights, cell.level);
      const yardstick = values[bin]! + sorted[Math.ceil(cell.level * sorted.length) - 1]!;
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

function peakAfter(values: Float64Array, bin: number, bins: number): number {
  let max = -Infinity;
  for (let b = bin + 1; b <= bin + bins; b += 1) max = Math.max(max, values[b]!);
  return max;
}

function quantileLoss(actual: number, forecast: number, level: number): number {
  return actual > forecast ? level * (actual - forecast) : (1 - level) * (forecast - actual);
}
