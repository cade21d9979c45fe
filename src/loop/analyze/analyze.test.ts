import { fresh, NOW, SECOND, silent, specFixture, stale } from '../../../test/support/loop-fixtures.ts';
import type { MetricReport, Monitoring } from '../monitor/monitor.ts';
import type { Reading } from '../monitor/reading.ts';
import { analyze, isForecast, type Analysis, type ForecastSummary } from './analyze.ts';
import { observePeakDemand } from './peak/forecaster.ts';
import { createPeakForecaster, type PeakForecaster } from './peak/forecaster-state.ts';

const REQUESTS_METRIC: Omit<MetricReport, 'total'> = {
  name: 'requests',
  type: 'Prometheus',
  coverage: 1,
  lagSeconds: 0,
};

function monitoring(total: Reading, change: Partial<MetricReport> = {}): Monitoring {
  return {
    metrics: [{ ...REQUESTS_METRIC, total, ...change }],
    requests: undefined,
    objectiveViolated: undefined,
    startup: { seconds: 40, medianSeconds: 40, slowSeconds: 40, source: 'Specified', causes: [] },
    mayLower: true,
    doubt: '',
  };
}

/** So many quarters of a minute of a demand that hardly moves, up to now. */
function experienced(bins = 2880): PeakForecaster {
  const forecaster = createPeakForecaster('Full');
  for (let bin = bins; bin > 0; bin--) {
    const at = NOW - bin * 15 * SECOND;
    observePeakDemand(
      forecaster,
      { at, value: 200 + (bin % 7) },
      { now: at, startupSeconds: 40, lagSeconds: 0 },
    );
  }
  return forecaster;
}

const auto = specFixture({ forecast: {} });

function analyzed(
  total: Reading,
  forecaster: PeakForecaster,
  spec = auto,
  change: Partial<MetricReport> = {},
): Analysis {
  return analyze(spec, monitoring(total, change), [forecaster], { now: NOW });
}

const forecastOf = (analysis: Analysis): ForecastSummary => {
  const [found] = analysis.forecasts;
  if (found === undefined || !isForecast(found)) throw new Error(JSON.stringify(found));
  return found;
};

describe('analyze', () => {
  test('forecasts the peak over start-up and the ticks after it', () => {
    const found = forecastOf(analyzed(fresh(203), experienced()));
    expect(found).toMatchObject({ metric: 'requests', confidencePercent: 95, samples: 2881, reliable: true });
    expect(found.horizonSeconds).toBeGreaterThanOrEqual(60);
    expect(found.upper).toBeGreaterThan(found.peak);
    expect(found.peak).toBeGreaterThan(200);
    expect(found).not.toHaveProperty('doubt');
  });

  test('says how the expected peak is made up', () => {
    const { parts } = forecastOf(analyzed(fresh(203), experienced()));
    expect(parts.newest).toBe(203);
    const { newest, level, trend, recent, spread, season } = parts;
    const sum = newest + level + trend + recent + spread + season;
    expect(sum).toBeGreaterThan(200);
    expect(sum).toBeLessThan(210);
  });

  test('says why a forecast is not to be relied on', () => {
    expect(forecastOf(analyzed(fresh(200), experienced(80)))).toMatchObject({
      reliable: false,
      doubt: 'too few forecasts have been compared with what came',
      confidence: 'Low',
    });
  });

  test('hands the distribution of the objective’s requests to the plan, and that of no other metric', () => {
    const requests = { name: 'objective.requests', type: 'Requests' } as const;
    const { demands } = analyzed(fresh(203), experienced(), auto, requests);
    expect(demands?.up).toHaveLength(demands!.weights.length);
    expect(Math.max(...demands!.up)).toBeGreaterThan(200);
    expect(analyzed(fresh(203), experienced()).demands).toBeUndefined();
  });

  test('lets a young forecast of the requests decide, for it is a wide one', () => {
    const young = analyzed(fresh(203), experienced(80), auto, { type: 'Requests' });
    expect(young.demands).toBeDefined();
  });

  test.each([
    ['not while bad requests are unknown', undefined, false],
    ['as long as they are counted', { requests: 9000, badRequests: 9 }, true],
  ])('lets a forecast that was measured to be wrong decide %s', (_name, counters, decides) => {
    const forecaster = experienced();
    forecaster.score.hits = 0.5;
    const total = fresh(203);
    const requests = { total, bad: undefined, lagSeconds: 0, counters, badShare: undefined };
    const seen = { ...monitoring(total, { type: 'Requests' }), requests };
    const { forecasts, demands } = analyze(auto, seen, [forecaster], { now: NOW });
    expect(forecasts[0]).toMatchObject({ reliable: false });
    expect(demands !== undefined).toBe(decides);
  });

  test.each([
    ['too little is known', fresh(200), createPeakForecaster('Full'), auto, 'TooFewSamples'],
    ['the value is stale', stale(200), experienced(), auto, 'NotFresh'],
    ['there is no value', silent(), experienced(), auto, 'NotFresh'],
    ['the user does not want any', fresh(200), experienced(), specFixture(), 'Disabled'],
  ])('has no forecast when %s', (...[, total, forecaster, spec, reason]) => {
    const { forecasts, demands } = analyzed(total, forecaster, spec, { type: 'Requests' });
    expect(forecasts[0]).toMatchObject({ metric: 'requests', reason });
    expect(demands).toBeUndefined();
  });

  test('goes on learning while forecasts are not wanted', () => {
    const forecaster = createPeakForecaster('Light');
    analyzed(fresh(200), forecaster, specFixture());
    expect(forecaster.clock.samples).toBe(1);
  });

  test.each([
    ['stale', stale(200)],
    ['missing', silent()],
  ])('learns nothing from a value that is %s', (_name, total) => {
    const forecaster = createPeakForecaster('Light');
    analyzed(total, forecaster);
    expect(forecaster.clock.samples).toBe(0);
  });
});
