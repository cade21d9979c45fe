import type { AnomalyKind } from '../anomaly/anomaly.ts';

/**
 * One dimension of the vector that says what a situation looks like: `weight × clamp((x − centre) ÷ scale, −3, 3)`.
 * Centres and scales are fixed: vectors compare across workloads and times, and nothing from later takes part. What
 * depends on a workload's size is told relative to its own past.
 */
export interface Dimension {
  readonly name: string;
  readonly centre: number;
  readonly scale: number;
  readonly weight: number;
  /** What x is, in one phrase. */
  readonly meaning: string;
}

/** No dimension is farther from 0 than its weight times this: one wild number must not decide who is a neighbour. */
const BOUND = 3;

/** How much of a dimension's difference counts in the distance. */
const WEIGHTS = { leading: 1, demand: 0.7, resource: 0.4, shape: 0.4, anomaly: 0.5, unknown: 0.5 } as const;

type Row = readonly [name: string, centre: number, scale: number, meaning: string];

/*
The first sixteen differ most between situations: a search can stop at a row whose first numbers are too far away.
Logarithms are natural unless said. Now, level and usual are of the demand; "usual" is that of the same minutes of other days.
*/
const LEADING = [
  ['demandToLevel', 0, 0.8, 'log of the demand now ÷ mean of the last day'],
  ['trendHour', 0, 0.3, 'log of the mean of the last 15 min ÷ mean of the hour'],
  ['usualAhead30', 0, 0.3, 'log of the usual mean 15 … 30 min ahead ÷ usual mean of the last 10 min'],
  ['demandToUsual', 0, 0.6, 'log of the demand now ÷ usual mean of the last 10 min'],
  ['trendQuarter', 0, 0.2, 'log of the mean of the last 5 min ÷ mean of the last 15 min'],
  ['roughness', -3, 1, 'log of the mean step from minute to minute ÷ mean of the hour'],
  ['forecastRatio', -0.3, 0.3, 'log of the feature forecastRatio'],
  ['requestRate', 2, 1, 'decimal log of 1 + requests per second'],
  ['forecastRise', 0.4, 0.4, 'log of the upper bound of the forecast peak ÷ demand now'],
  ['volatility', -0.2, 0.5, 'log of the feature volatilityRatio'],
  ['peakToMean', 0.4, 0.4, 'log of the largest minute ÷ mean of the hour'],
  ['startup', 4, 0.8, 'log of the seconds from order to readiness'],
  ['size', 3, 2, 'binary log of the wanted replicas'],
  ['forecastPeak', 0, 0.25, 'log of the median of the forecast peak ÷ demand now'],
  ['hourSine', 0, 1, 'feature hourSine'],
  ['hourCosine', 0, 1, 'feature hourCosine'],
] as const satisfies readonly Row[];

const DEMAND = [
  ['stepMemory', 0, 0.4, 'correlation of each step from minute to minute with the one before it'],
  ['largestStep', 1.5, 0.5, 'log of the largest step ÷ mean step'],
  ['usualAhead15', 0, 0.25, 'log of the usual mean of the next 15 min ÷ usual mean of the last 10 min'],
  ['usualAhead60', 0, 0.45, 'log of the usual mean 30 … 60 min ahead ÷ usual mean of the last 10 min'],
  ['forecastResidual', 0, 1.5, 'feature forecastResidual, standard deviations'],
  ['troughToMean', -0.5, 0.5, 'log of the smallest minute ÷ mean of the hour'],
] as const satisfies readonly Row[];

const RESOURCES = [
  ['cpuUtilization', 0.5, 0.25, 'feature cpuUtilization'],
  ['cpuThrottledShare', 0, 0.15, 'feature cpuThrottledShare'],
  ['memoryUtilization', 0.5, 0.25, 'feature memoryUtilization'],
  ['errorShare', -4, 1, 'decimal log of 0.0001 + feature errorShare'],
  ['tailLatency', -1, 1, 'decimal log of the feature tailLatency, seconds'],
  ['queueLag', 0, 1.5, 'decimal log of 1 + feature queueLag'],
  ['readyShare', 1, 0.2, 'feature readyShare'],
  ['restarts', 0, 1, 'binary log of 1 + feature restarts'],
  ['networkReceive', 5, 1.5, 'decimal log of 1 + feature networkReceive ÷ wanted replicas'],
  ['networkTransmit', 5, 1.5, 'decimal log of 1 + feature networkTransmit ÷ wanted replicas'],
  ['revisionAge', 3, 1, 'decimal log of 1 + feature revisionAge in minutes'],
  ['costRate', 0, 1, 'decimal log of 0.01 + feature costRate'],
] as const satisfies readonly Row[];

/** Sixths of the last hour, the oldest first. */
const SHAPE = [
  ['sixth1', 0, 0.4, 'log of the mean of the sixth ÷ mean of the hour'],
  ['sixth2', 0, 0.4, 'as sixth1'],
  ['sixth3', 0, 0.4, 'as sixth1'],
  ['sixth4', 0, 0.4, 'as sixth1'],
  ['sixth5', 0, 0.4, 'as sixth1'],
  ['sixth6', 0, 0.4, 'as sixth1'],
] as const satisfies readonly Row[];

const SEVERITY = 'the severest open anomaly of the kind: 0 none, 1 low, 2 medium, 3 high';
const ANOMALIES = [
  ['anomalySpike', 0, 1, SEVERITY],
  ['anomalyLevelShift', 0, 1, SEVERITY],
  ['anomalyFlatLine', 0, 1, SEVERITY],
  ['anomalyMissing', 0, 1, SEVERITY],
  ['anomalyDegradation', 0, 1, SEVERITY],
  ['anomalyLeak', 0, 1, SEVERITY],
  ['anomalyCost', 0, 1, SEVERITY],
  ['anomalyBehaviour', 0, 1, SEVERITY],
] as const satisfies readonly (readonly [name: `anomaly${AnomalyKind}`, ...unknown[]])[];

/** An unknown x counts as its centre: what tells it from a known one is here. */
const SHARE_UNKNOWN = 'share of it that is not known';
const UNKNOWN = [
  ['unknownMinutes', 0, 1, 'share of the minutes of the hour without a demand'],
  ['unknownUsual', 0, 1, SHARE_UNKNOWN],
  ['unknownForecast', 0, 1, SHARE_UNKNOWN],
  ['unknownCpu', 0, 1, SHARE_UNKNOWN],
  ['unknownThrottling', 0, 1, SHARE_UNKNOWN],
  ['unknownMemory', 0, 1, SHARE_UNKNOWN],
  ['unknownRequestRate', 0, 1, SHARE_UNKNOWN],
  ['unknownLatency', 0, 1, SHARE_UNKNOWN],
  ['unknownErrors', 0, 1, SHARE_UNKNOWN],
  ['unknownQueue', 0, 1, SHARE_UNKNOWN],
  ['unknownRestarts', 0, 1, SHARE_UNKNOWN],
  ['unknownNetwork', 0, 1, 'of receive and transmit, the share that is not known'],
  ['unknownResidual', 0, 1, SHARE_UNKNOWN],
  ['unknownVolatility', 0, 1, SHARE_UNKNOWN],
  ['unknownRevision', 0, 1, SHARE_UNKNOWN],
  ['unknownCost', 0, 1, SHARE_UNKNOWN],
] as const satisfies readonly Row[];

export type DimensionName = (
  typeof LEADING | typeof DEMAND | typeof RESOURCES | typeof SHAPE | typeof ANOMALIES | typeof UNKNOWN
)[number][0];

/** Version 1, in their order: any change here is another version, for old vectors would not compare with new ones. */
export const DIMENSIONS: readonly Dimension[] = [
  ...block(LEADING, WEIGHTS.leading),
  ...block(DEMAND, WEIGHTS.demand),
  ...block(RESOURCES, WEIGHTS.resource),
  ...block(SHAPE, WEIGHTS.shape),
  ...block(ANOMALIES, WEIGHTS.anomaly),
  ...block(UNKNOWN, WEIGHTS.unknown),
];

const PLACES = new Map(DIMENSIONS.map(({ name }, place) => [name, place]));

/**
 * Writes x of one dimension into a vector of `DIMENSIONS.length` numbers, scaled and bounded. NaN is the centre: whoever
 * does not know x says so in the dimension `unknown…`.
 */
export function place(vector: Float32Array, name: DimensionName, x: number): void {
  const index = PLACES.get(name) ?? 0;
  const dimension = DIMENSIONS[index];
  if (dimension === undefined) return;
  const { centre, scale, weight } = dimension;
  const standard = (x - centre) / scale;
  vector[index] = Number.isNaN(standard) ? 0 : weight * Math.min(BOUND, Math.max(-BOUND, standard));
}

function block(rows: readonly Row[], weight: number): readonly Dimension[] {
  return rows.map(([name, centre, scale, meaning]) => ({ name, centre, scale, weight, meaning }));
}
