import type { SituationInputs } from '../../src/loop/analyze/situation/situation-inputs.ts';
import { FEATURE_COUNT, SLOT, type FeatureName } from '../../src/loop/monitor/features/schema.ts';

/** A calm hour at noon of a weekday, with every feature known. */
const CALM: Readonly<Record<FeatureName, number>> = {
  cpuUtilization: 0.5,
  cpuThrottledShare: 0,
  memoryUtilization: 0.6,
  requestRate: 200,
  tailLatency: 0.12,
  errorShare: 0.001,
  queueLag: 0,
  readyShare: 1,
  restarts: 0,
  networkReceive: 2e6,
  networkTransmit: 5e6,
  forecastRatio: 0.9,
  forecastResidual: 0.3,
  volatilityRatio: 0.8,
  hourSine: 0,
  hourCosine: -1,
  revisionAge: 200_000,
  costRate: 1,
};

export function featuresFixture(change: Partial<Record<FeatureName, number>> = {}): Float32Array {
  const features = new Float32Array(FEATURE_COUNT);
  for (const [name, value] of Object.entries({ ...CALM, ...change }))
    features[SLOT[name as FeatureName]] = value;
  return features;
}

/** The demand by minutes ago. */
export const hourOf = (demand: (minutesAgo: number) => number): Float32Array =>
  Float32Array.from({ length: 60 }, (_, place) => demand(59 - place));

export function situationInputsFixture(change: Partial<SituationInputs> = {}): SituationInputs {
  return {
    features: featuresFixture(),
    minutes: hourOf((ago) => 200 + (ago % 2)),
    usual: { level: 200, now: 200, ahead15: 200, ahead30: 200, ahead60: 200 },
    forecast: { peak: 203, upper: 215 },
    anomalies: [],
    replicas: 5,
    startupSeconds: 60,
    ...change,
  };
}
