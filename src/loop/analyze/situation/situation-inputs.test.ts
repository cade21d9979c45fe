import { createFeatureState, DEMAND } from '../../monitor/features/feature-state.ts';
import { openCell, put } from '../../monitor/series-ring.ts';
import { MINUTE, NOW, policyFixture } from '../../../../test/support/loop-fixtures.ts';
import { featuresFixture } from '../../../../test/support/situation-inputs-fixture.ts';
import { createPeakForecaster, type PeakForecaster } from '../peak/forecaster-state.ts';
import { observePeakDemand } from '../peak/forecaster.ts';
import { situationInputs, type SituationFacts } from './situation-inputs.ts';
import { NO_USUAL_DEMAND } from './usual-demand.ts';

const policy = policyFixture({});

function factsOf(change: Partial<SituationFacts> = {}): SituationFacts {
  return {
    now: NOW,
    features: featuresFixture(),
    state: createFeatureState(policy),
    forecasts: [
      { metric: 'cpu', peak: 1, upper: 2 },
      { metric: 'requests', peak: 300, upper: 400 },
    ],
    forecasters: [createPeakForecaster('Light'), createPeakForecaster('Full')],
    anomalies: [],
    replicas: 3,
    startupSeconds: 60,
    ...change,
  };
}

test('the minutes of the last hour are those of the trail, and gaps stay unknown', () => {
  const { state } = factsOf();
  for (const ago of [59, 58, 2, 0]) {
    const at = NOW - ago * MINUTE;
    put(state.trail, openCell(state.trail, 0, at, NOW), DEMAND, 100 + ago);
  }
  const { minutes } = situationInputs(factsOf({ state }));
  expect(minutes).toHaveLength(60);
  expect([...minutes.slice(0, 3)]).toEqual([159, 158, NaN]);
  expect([...minutes.slice(-3)]).toEqual([102, NaN, 100]);
});

test('forecast and forecaster are those of the demand that the trail is of', () => {
  expect(situationInputs(factsOf()).forecast).toEqual({ peak: 300, upper: 400 });
});

test.each<[string, Partial<SituationFacts>]>([
  ['the forecast is absent', { forecasts: [{ metric: 'cpu', peak: 1, upper: 2 }, { metric: 'requests' }] }],
  ['the policy measures no demand', { forecasts: [], forecasters: [] }],
])('nothing is forecast nor usual where %s', (_, change) => {
  const { forecast, usual } = situationInputs(factsOf(change));
  expect(forecast).toBeUndefined();
  expect(usual).toEqual(NO_USUAL_DEMAND);
});

/** Two days and nine hours; the demand of a minute is the hour of its day, and ten times that of the present day. */
function taught(tier: 'Full' | 'Light'): PeakForecaster {
  const forecaster = createPeakForecaster(tier);
  for (let at = NOW - 57 * 60 * MINUTE; at < NOW; at += 15_000) {
    const hour = Math.floor(at / (60 * MINUTE)) % 24;
    const today = at >= NOW - 9 * 60 * MINUTE;
    observePeakDemand(
      forecaster,
      { at, value: today ? 10 * hour : hour },
      { now: at, startupSeconds: 60, lagSeconds: 0 },
    );
  }
  return forecaster;
}

test.each(['Full', 'Light'] as const)('what is usual comes from other days, in the %s tier', (tier) => {
  const forecaster = taught(tier);
  const { usual } = situationInputs(factsOf({ forecasters: [createPeakForecaster('Light'), forecaster] }));
  // The light tier's profile has a quarter of today's ten times as much in it.
  expect(usual.now).toBeGreaterThan(tier === 'Full' ? 7.9 : 20);
  expect(usual.now).toBeLessThan(tier === 'Full' ? 8.1 : 8 + 0.25 * (80 - 8));
  expect(usual.ahead15).toBeCloseTo(9, 0);
  expect(usual.ahead30).toBeCloseTo(9, 1);
  expect(usual.ahead60).toBeCloseTo(9, 1);
  expect(usual.level).toBe(forecaster.level);
});
