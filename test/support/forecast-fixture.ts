import type { ForecastSummary } from '../../src/loop/analyze/analyze.ts';

/** A reliable forecast that the requests stay below 412 per second. */
export function forecastFixture(change: Partial<ForecastSummary> = {}): ForecastSummary {
  return {
    metric: 'requests',
    peak: 380,
    upper: 412,
    confidencePercent: 95,
    horizonSeconds: 60,
    samples: 20_160,
    reliable: true,
    confidence: 'High',
    parts: { newest: 370, level: 2, trend: 5, recent: 3, spread: 0, season: 0 },
    ...change,
  };
}
