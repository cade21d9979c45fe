/**
 * What the numbers of a feature vector mean, in their order. A vector is worthless to a model that was fitted on
 * another order or meaning: whoever keeps vectors keeps the hash beside them, and any change here makes another version.
 */
export interface FeatureDefinition {
  readonly name: string;
  readonly unit: string;
  /** What it is, in one sentence. Part of the hash: another meaning is another schema. */
  readonly meaning: string;
}

export interface FeatureSchema {
  readonly version: number;
  readonly features: readonly FeatureDefinition[];
  /** FNV-1a of 64 bits over all of it, as 16 hexadecimal digits. */
  readonly hash: string;
}

const FEATURES = [
  [
    'cpuUtilization',
    '1',
    'CPU used ÷ CPU requested by the ready pods; ÷ their limits where nothing is requested',
  ],
  [
    'cpuThrottledShare',
    '1',
    'share of the CFS periods in which the CPU quota held the pods back, their mean',
  ],
  ['memoryUtilization', '1', 'working set ÷ memory limits of the ready pods'],
  ['requestRate', '1/s', 'requests per second on the whole workload'],
  ['tailLatency', 's', 'latency by the first indicator that measures one, in the unit of its query'],
  ['errorShare', '1', 'bad ÷ all requests, or the first indicator that measures errors'],
  ['queueLag', '1', 'length or lag of the queue by the first metric or indicator that measures one'],
  ['readyShare', '1', 'ready ÷ wanted replicas; 1 where none is wanted'],
  ['restarts', '1', 'restarts of containers that were seen within the last hour'],
  ['networkReceive', 'B/s', 'bytes per second that the pods received'],
  ['networkTransmit', 'B/s', 'bytes per second that the pods sent'],
  ['forecastRatio', '1', 'median ÷ upper bound of the forecast peak: near 1 is a forecast sure of itself'],
  [
    'forecastResidual',
    'σ',
    'the last peak that came due less its forecast median, in standard deviations of that forecast',
  ],
  [
    'volatilityRatio',
    '1',
    'volatility of the demand in the last 10 min ÷ in the last 60 min; 1 where it stands still',
  ],
  ['hourSine', '1', 'sine of the hour of the UTC day; half of it on Saturday and Sunday'],
  ['hourCosine', '1', 'cosine of the hour of the UTC day; half of it on Saturday and Sunday'],
  ['revisionAge', 's', 'seconds since the present revision of the workload is wanted'],
  ['costRate', '1/h', 'existing pods × price of a replica for one hour, in the currency of the policy'],
] as const satisfies readonly (readonly [string, string, string])[];

export type FeatureName = (typeof FEATURES)[number][0];

const VERSION = 1;

export const FEATURE_SCHEMA: FeatureSchema = {
  version: VERSION,
  features: FEATURES.map(([name, unit, meaning]) => ({ name, unit, meaning })),
  hash: fnv1a64([String(VERSION), ...FEATURES.map((feature) => feature.join('\t'))].join('\n')),
};

export const FEATURE_COUNT = FEATURES.length;

/** Where each feature stands in a vector. */
export const SLOT = Object.fromEntries(FEATURES.map(([name], index) => [name, index])) as Readonly<
  Record<FeatureName, number>
>;

/** Fowler, Noll, Vo (draft-eastlake-fnv), variant 1a over the UTF-16 code units' two bytes. */
function fnv1a64(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    for (const byte of [unit & 0xff, unit >> 8]) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    }
  }
  return hash.toString(16).padStart(16, '0');
}
