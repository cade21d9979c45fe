import { fresh, MINUTE, NOW, silent, specFixture, stale } from '../../../test/support/loop-fixtures.ts';
import type { Monitoring } from '../monitor/monitor.ts';
import type { Reading } from '../monitor/reading.ts';
import { analyze, isForecast, type Analysis } from './analyze.ts';
import { createDemandForecaster, observeDemand, type DemandForecaster } from './forecast/forecaster.ts';

function monitoring(total: Reading, change: Partial<Monitoring> = {}, lagSeconds = 0): Monitoring {
  return {
    metrics: [{ name: 'requests', type: 'Prometheus', total, coverage: 1, lagSeconds }],
    requests: undefined,
    objectiveViolated: undefined,
    startupSeconds: 40,
    mayLower: true,
    doubt: '',
    ...change,
  };
}

/** Half a day of a demand that hardly moves. */
function experienced(): DemandForecaster {
  const forecaster = createDemandForecaster();
  for (let minute = 720; minute > 0; minute--) {
    const at = NOW - minute * MINUTE;
    observeDemand(forecaster, at, 200 + (minute % 7), at);
  }
  return forecaster;
}

const auto = specFixture({ forecast: {} });

function analyzed(total: Reading, forecaster: DemandForecaster, spec = auto): Analysis['forecasts'][number] {
  return analyze(spec, monitoring(total), [forecaster], { now: NOW, tickSeconds: 15 }).forecasts[0]!;
}

describe('analyze', () => {
  test('forecasts the peak over start-up and two ticks', () => {
    const found = analyzed(fresh(203), experienced());
    expect(found).toMatchObject({
      metric: 'requests',
      confidencePercent: 95,
      horizonSeconds: 70,
      samples: 721,
      reliable: true,
    });
    expect(isForecast(found) && found.upper).toBeGreaterThan(200);
    expect(found).not.toHaveProperty('doubt');
  });

  test('looks further ahead for a series that shows the load late', () => {
    const late = monitoring(fresh(203), {}, 60);
    const { forecasts } = analyze(auto, late, [experienced()], { now: NOW, tickSeconds: 15 });
    expect(forecasts[0]).toMatchObject({ horizonSeconds: 130 });
  });

  test('says how far it looked, where that is less than was wanted', () => {
    const forecaster = experienced();
    for (let minute = 2880; minute > 720; minute--)
      observeDemand(forecaster, NOW - minute * MINUTE, 200, NOW);
    const slow = monitoring(fresh(203), { startupSeconds: 5000 });
    const { forecasts } = analyze(auto, slow, [forecaster], { now: NOW, tickSeconds: 15 });
    expect(forecasts[0]).toMatchObject({ horizonSeconds: 3600 });
  });

  test('says why a forecast is not to be relied on', () => {
    const forecaster = createDemandForecaster();
    for (let minute = 20; minute > 0; minute--) observeDemand(forecaster, NOW - minute * MINUTE, 200, NOW);
    expect(analyzed(fresh(200), forecaster)).toMatchObject({
      reliable: false,
      doubt: 'too few forecasts have been compared with what came',
    });
  });

  test.each([
    ['too little is known', fresh(200), createDemandForecaster(), auto, 'TooFewSamples'],
    ['the value is stale', stale(200), experienced(), auto, 'NotFresh'],
    ['there is no value', silent(), experienced(), auto, 'NotFresh'],
    ['the user does not want any', fresh(200), experienced(), specFixture(), 'Disabled'],
  ])('has no forecast when %s', (...[, total, forecaster, spec, reason]) => {
    expect(analyzed(total, forecaster, spec)).toMatchObject({ metric: 'requests', reason });
  });

  test('goes on learning while forecasts are not wanted', () => {
    const forecaster = createDemandForecaster();
    analyzed(fresh(200), forecaster, specFixture());
    expect(forecaster.series.samples).toBe(1);
  });

  test.each([
    ['stale', stale(200)],
    ['missing', silent()],
  ])('learns nothing from a value that is %s', (_name, total) => {
    const forecaster = createDemandForecaster();
    analyzed(total, forecaster);
    expect(forecaster.series.samples).toBe(0);
  });
});
