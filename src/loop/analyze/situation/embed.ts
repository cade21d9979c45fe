import { SLOT, type FeatureName } from '../../monitor/features/schema.ts';
import type { AnomalyKind, Severity } from '../anomaly/anomaly.ts';
import { DIMENSIONS, place, type DimensionName } from './dimensions.ts';
import { recentShape, type RecentShape } from './recent-shape.ts';
import type { SituationInputs } from './situation-inputs.ts';

/**
 * What a situation looks like, as a point: `DIMENSIONS.length` finite numbers within ±3, whatever is put in. The squared
 * Euclidean distance of two such vectors says how alike the situations are. Pure arithmetic on what is known now.
 */
export function embed(inputs: SituationInputs): Float32Array {
  const vector = new Float32Array(DIMENSIONS.length);
  const set = (name: DimensionName, x: number): void => {
    place(vector, name, x);
  };
  const shape = recentShape(inputs.minutes);
  const floor = floorOf(inputs, shape);
  const compare = (a: number, b: number): number => logRatio(a, b, floor);
  recent(set, shape, compare);
  ahead(set, inputs, { now: shape.now, compare });
  state(set, inputs);
  unusual(set, inputs);
  unknown(set, inputs, shape);
  return vector;
}

type Setter = (name: DimensionName, x: number) => void;
type Compare = (a: number, b: number) => number;

/** A hundredth of the usual demand is as good as none: ratios to less would say much about nothing. */
const FLOOR = 0.01;

function floorOf({ usual }: SituationInputs, { mean60 }: RecentShape): number {
  const reference = Math.max(usual.level || 0, mean60 || 0, 0);
  return FLOOR * reference;
}

/** Log of a ÷ b with `floor` added to both; 0 where nothing is compared with nothing. */
function logRatio(a: number, b: number, floor: number): number {
  const [over, under] = [Math.max(0, a) + floor, Math.max(0, b) + floor];
  return over === under ? 0 : Math.log(over / under);
}

function recent(set: Setter, shape: RecentShape, compare: Compare): void {
  const { mean60, mean15, mean5, meanStep } = shape;
  // Not with the floor: the smallest roughness is as telling as the largest.
  set('roughness', mean60 > 0 ? Math.log(meanStep / mean60) : NaN);
  set('trendHour', compare(mean15, mean60));
  set('trendQuarter', compare(mean5, mean15));
  set('peakToMean', compare(shape.largest, mean60));
  set('troughToMean', compare(shape.smallest, mean60));
  set('stepMemory', shape.stepMemory);
  set('largestStep', meanStep > 0 ? Math.log(shape.largestStep / meanStep) : NaN);
  for (const [index, name] of SIXTHS.entries()) set(name, compare(shape.sixths[index] ?? NaN, mean60));
}

const SIXTHS = ['sixth1', 'sixth2', 'sixth3', 'sixth4', 'sixth5', 'sixth6'] as const;

interface Now {
  readonly now: number;
  readonly compare: Compare;
}

function ahead(set: Setter, { usual, forecast }: SituationInputs, { now, compare }: Now): void {
  set('demandToLevel', compare(now, usual.level));
  set('demandToUsual', compare(now, usual.now));
  set('usualAhead15', compare(usual.ahead15, usual.now));
  set('usualAhead30', compare(usual.ahead30, usual.now));
  set('usualAhead60', compare(usual.ahead60, usual.now));
  set('forecastRise', compare(forecast?.upper ?? NaN, now));
  set('forecastPeak', compare(forecast?.peak ?? NaN, now));
}

function state(set: Setter, { features, replicas, startupSeconds }: SituationInputs): void {
  const feature = (name: FeatureName): number => features[SLOT[name]] ?? NaN;
  // A feature below zero is nonsense, and its logarithm none.
  const amount = (name: FeatureName): number => (feature(name) >= 0 ? feature(name) : NaN);
  const each = Math.max(1, replicas);
  set('size', Math.log2(each));
  set('startup', Math.log(Math.max(1, startupSeconds)));
  set('hourSine', feature('hourSine'));
  set('hourCosine', feature('hourCosine'));
  set('forecastRatio', Math.log(amount('forecastRatio')));
  set('forecastResidual', feature('forecastResidual'));
  set('volatility', Math.log(amount('volatilityRatio')));
  set('requestRate', Math.log10(1 + amount('requestRate')));
  set('cpuUtilization', feature('cpuUtilization'));
  set('cpuThrottledShare', feature('cpuThrottledShare'));
  set('memoryUtilization', feature('memoryUtilization'));
  set('errorShare', Math.log10(1e-4 + amount('errorShare')));
  set('tailLatency', Math.log10(amount('tailLatency')));
  set('queueLag', Math.log10(1 + amount('queueLag')));
  set('readyShare', feature('readyShare'));
  set('restarts', Math.log2(1 + amount('restarts')));
  set('networkReceive', Math.log10(1 + amount('networkReceive') / each));
  set('networkTransmit', Math.log10(1 + amount('networkTransmit') / each));
  set('revisionAge', Math.log10(1 + amount('revisionAge') / 60));
  set('costRate', Math.log10(0.01 + amount('costRate')));
}

const DEGREES: Readonly<Record<Severity, number>> = { Low: 1, Medium: 2, High: 3 };

function unusual(set: Setter, { anomalies }: SituationInputs): void {
  const worst = new Map<AnomalyKind, number>();
  for (const { kind, severity } of anomalies) {
    worst.set(kind, Math.max(worst.get(kind) ?? 0, DEGREES[severity]));
  }
  for (const [kind, degree] of worst) set(`anomaly${kind}`, degree);
}

/** The features whose absence each dimension tells. */
const TOLD: readonly (readonly [DimensionName, readonly FeatureName[]])[] = [
  ['unknownCpu', ['cpuUtilization']],
  ['unknownThrottling', ['cpuThrottledShare']],
  ['unknownMemory', ['memoryUtilization']],
  ['unknownRequestRate', ['requestRate']],
  ['unknownLatency', ['tailLatency']],
  ['unknownErrors', ['errorShare']],
  ['unknownQueue', ['queueLag']],
  ['unknownRestarts', ['restarts']],
  ['unknownNetwork', ['networkReceive', 'networkTransmit']],
  ['unknownResidual', ['forecastResidual']],
  ['unknownVolatility', ['volatilityRatio']],
  ['unknownRevision', ['revisionAge']],
  ['unknownCost', ['costRate']],
];

function unknown(set: Setter, { features, usual, forecast }: SituationInputs, shape: RecentShape): void {
  for (const [name, of] of TOLD) set(name, shareUnknown(of.map((feature) => features[SLOT[feature]])));
  set('unknownMinutes', shape.unknownShare);
  set('unknownUsual', shareUnknown([usual.level, usual.now, usual.ahead15, usual.ahead30, usual.ahead60]));
  set('unknownForecast', shareUnknown([forecast?.peak, forecast?.upper, features[SLOT.forecastRatio]]));
}

function shareUnknown(values: readonly (number | undefined)[]): number {
  return values.filter((value) => value === undefined || Number.isNaN(value)).length / values.length;
}
