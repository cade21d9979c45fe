import { seededRandom } from '../src/simulate/random.ts';
import { SERVICE_DAY, type BenchService } from './anomaly-kpi-services.ts';

/** What every table has beside it: what simple rules, and no rule at all, are worth. */
export const RIVALS: Readonly<Record<string, (service: BenchService, seed: number) => Float64Array>> = {
  'EWMA residual, largest metric': (service) =>
    combined(service, ewmaScores, (values) => Math.max(...values)),
  'EWMA residual, mean metric': (service) =>
    combined(
      service,
      ewmaScores,
      (values) => values.reduce((a, b) => a + Math.min(20, b), 0) / values.length,
    ),
  'global |z|, largest metric': (service) => combined(service, globalZ, (values) => Math.max(...values)),
  random: ({ points }, seed) => {
    const random = seededRandom(seed);
    return Float64Array.from({ length: points }, random);
  },
  'fixed position': ({ points }) => Float64Array.from({ length: points }, (_, point) => fixedPosition(point)),
};

function combined(
  { metrics, points }: BenchService,
  scoresOf: (values: Float64Array) => Float64Array,
  combine: (values: readonly number[]) => number,
): Float64Array {
  const scores = metrics.map((values) => scoresOf(values));
  return Float64Array.from({ length: points }, (_, point) => combine(scores.map((one) => one[point]!)));
}

const LEVEL_RATE = 0.3;
const VARIANCE_RATE = 0.005;

/** Error of an exponential smoothing in its own running standard deviations. */
function ewmaScores(values: Float64Array): Float64Array {
  let level = values[0]!;
  let variance = 0;
  return values.map((value) => {
    const error = value - level;
    const score = variance > 0 ? Math.abs(error) / Math.sqrt(variance) : 0;
    variance += VARIANCE_RATE * (error ** 2 - variance);
    level += LEVEL_RATE * error;
    return score;
  });
}

/** From the first 20 days. */
function globalZ(values: Float64Array): Float64Array {
  const known = values.subarray(0, 20 * SERVICE_DAY);
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  const deviation = Math.sqrt(known.reduce((a, b) => a + (b - mean) ** 2, 0) / known.length);
  return values.map((value) => (deviation > 0 ? Math.abs(value - mean) / deviation : 0));
}

/** The same points of each week, whatever the data: each threshold takes as many of them as its budget buys. */
function fixedPosition(point: number): number {
  const day = Math.floor(point / SERVICE_DAY) % 7;
  return point % SERVICE_DAY === SERVICE_DAY / 2 ? 7 - ((3 * day) % 7) : 0;
}
