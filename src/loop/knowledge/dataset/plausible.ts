import type { FeatureName } from '../../monitor/features/schema.ts';
import type { Bounds } from './raw-series.ts';

/** Beyond every machine and every fleet: what is larger was measured wrongly or in another unit. */
const ANY_SIZE = 1e15;
const TWENTY_YEARS_SECONDS = 20 * 366 * 86_400;

/**
 * Outside of these a value of a feature is a mistake of its source, usually of the unit: a share in percent, a latency
 * in a counter. Wide on purpose: that something is unusual is for anomaly detection to say.
 */
export const PLAUSIBLE: Readonly<Record<FeatureName, Bounds>> = {
  // Used ÷ requested: containers with small requests and no limit use a hundred times as much.
  cpuUtilization: { least: 0, most: 1000 },
  cpuThrottledShare: { least: 0, most: 1 },
  // Use and limits are not of the same moment.
  memoryUtilization: { least: 0, most: 10 },
  requestRate: { least: 0, most: ANY_SIZE },
  tailLatency: { least: 0, most: ANY_SIZE },
  errorShare: { least: 0, most: 1 },
  queueLag: { least: 0, most: ANY_SIZE },
  // More are ready than wanted while replicas are taken away.
  readyShare: { least: 0, most: 1000 },
  restarts: { least: 0, most: 1e6 },
  networkReceive: { least: 0, most: ANY_SIZE },
  networkTransmit: { least: 0, most: ANY_SIZE },
  forecastRatio: { least: 0, most: 1 },
  forecastResidual: { least: -1e6, most: 1e6 },
  // The largest there can be is √6, when all that moves in an hour moves in its last ten minutes.
  volatilityRatio: { least: 0, most: 2.5 },
  hourSine: { least: -1, most: 1 },
  hourCosine: { least: -1, most: 1 },
  revisionAge: { least: 0, most: TWENTY_YEARS_SECONDS },
  costRate: { least: 0, most: ANY_SIZE },
};
