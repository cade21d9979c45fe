import { createResidualExperts, observeResidual, type ResidualExperts } from '../kpi/residual-experts.ts';
import { createTailCalibrator, surprise, type TailCalibrator } from '../surprise/tail-calibrator.ts';

/** How unusual one of several metrics of a service is: in three ways, each calibrated by itself. */
export interface MetricSurprise {
  readonly experts: ResidualExperts;
  /** Rarity of the mean error of three points, of the roughness of twelve, and of being outside all that was before. */
  readonly deviation: TailCalibrator;
  readonly roughness: TailCalibrator;
  readonly excess: TailCalibrator;
  /** Signed errors in scales, and values; the oldest is replaced. */
  readonly errors: Float64Array;
  readonly values: Float64Array;
  /** Slowly fading mean of the values, and of how far from it they are. */
  mean: number;
  spread: number;
  lowest: number;
  highest: number;
  /** Points seen. */
  count: number;
}

const RATES = [0.3];
const REMEMBERED_DAYS = 14;
/** Five minutes of a day and an hour of a week: finer ones found no more on the development services. */
const DAY_CELLS = 288;
const WEEK_CELLS = 168;
const ERRORS = 3;
const VALUES = 12;
/** Mean age, in points, of the mean and of the spread. */
const SPREAD_POINTS = 2000;
/** Where a jump of both signs still has a square that double precision holds, and a size that single precision does. */
const LARGEST_VALUE = 1e30;

export function createMetricSurprise(dayPoints: number): MetricSurprise {
  const calibrator = (): TailCalibrator =>
    createTailCalibrator({ effectiveSamples: REMEMBERED_DAYS * dayPoints, robust: false });
  return {
    experts: createResidualExperts({
      rates: RATES,
      dayPoints,
      dayCells: DAY_CELLS,
      weekCells: WEEK_CELLS,
      parts: 24,
      sharedProfiles: false,
    }),
    deviation: calibrator(),
    roughness: calibrator(),
    excess: calibrator(),
    errors: new Float64Array(ERRORS),
    values: new Float64Array(VALUES),
    mean: 0,
    spread: 0,
    lowest: Infinity,
    highest: -Infinity,
    count: 0,
  };
}

/** Fourth-power mean of the three rarities, in −log₁₀ p: near the largest of them. NaN, and nothing learnt, of what is not finite. */
export function observeMetric(metric: MetricSurprise, value: number, slot: number): number {
  if (!Number.isFinite(value)) return NaN;
  const bounded = Math.min(LARGEST_VALUE, Math.max(-LARGEST_VALUE, value));
  const { experts, errors, values } = metric;
  observeResidual(experts, bounded, slot);
  errors[metric.count % ERRORS] = experts.z;
  values[metric.count % VALUES] = bounded;
  const excess = excessOf(metric, bounded);
  learnSpread(metric, bounded);
  metric.count += 1;
  const deviation = surprise(metric.deviation, Math.abs(meanError(metric)));
  const roughness = metric.count < VALUES ? 0 : surprise(metric.roughness, roughnessOf(metric));
  const outside = Number.isNaN(excess) ? 0 : surprise(metric.excess, excess);
  return Math.sqrt(Math.sqrt(fourth(deviation) + fourth(roughness) + fourth(outside)));
}

/** Many times as fast as a power. */
function fourth(value: number): number {
  const square = value * value;
  return square * square;
}

/** Mean of the last three errors in scales; above 0 the metric was higher than expected. */
export function meanError({ errors, count }: MetricSurprise): number {
  const sum = (errors[0] ?? 0) + (errors[1] ?? 0) + (errors[2] ?? 0);
  return sum / Math.min(ERRORS, Math.max(1, count));
}

/** How far outside of all before, in ranges; then it is inside. NaN while there is no range. */
function excessOf(metric: MetricSurprise, value: number): number {
  const { lowest, highest } = metric;
  metric.lowest = Math.min(lowest, value);
  metric.highest = Math.max(highest, value);
  const range = highest - lowest;
  return range > 0 ? Math.max(0, value - highest, lowest - value) / range : NaN;
}

function learnSpread(metric: MetricSurprise, value: number): void {
  const rate = Math.max(1 / (metric.count + 1), 1 / SPREAD_POINTS);
  metric.mean += rate * (value - metric.mean);
  metric.spread += rate * (Math.abs(value - metric.mean) - metric.spread);
}

/** Standard deviation of the last twelve ÷ the usual distance from the mean. */
function roughnessOf({ values, spread }: MetricSurprise): number {
  if (!(spread > 0)) return 0;
  let sum = 0;
  for (let i = 0; i < VALUES; i++) sum += values[i] ?? 0;
  const mean = sum / VALUES;
  let squares = 0;
  for (let i = 0; i < VALUES; i++) {
    const distance = (values[i] ?? 0) - mean;
    squares += distance * distance;
  }
  return Math.sqrt(squares / VALUES) / spread;
}
