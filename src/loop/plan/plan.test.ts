import { forecastFixture } from '../../../test/support/forecast-fixture.ts';
import {
  CPU,
  fresh,
  NOW,
  observationFixture,
  podsFixture,
  REQUESTS,
  silent,
  specFixture,
  stale,
  targetFixture,
  total,
  usage,
} from '../../../test/support/loop-fixtures.ts';
import type { Analysis, ForecastSummary } from '../analyze/analyze.ts';
import type { MetricSpec } from '../../api/policy-spec.ts';
import { createSaturationEvidence } from '../monitor/saturation.ts';
import type { MetricObservation } from '../monitor/observation.ts';
import { capacityPerReplica } from './capacity.ts';
import { forecastReplicas } from './forecast-replicas.ts';
import { createCapacityMemory } from './capacity/request-capacity.ts';
import { createPacedNewsvendor } from './newsvendor/paced-newsvendor.ts';
import { plan, type Plan } from './plan.ts';
import { short } from '../short.ts';

const target = targetFixture(5);

const forecast = (upper: number, change: Partial<ForecastSummary> = {}): ForecastSummary => {
  return forecastFixture({ peak: upper * 0.9, upper, horizonSeconds: 90, ...change });
};
const absent = { metric: 'cpu', reason: 'TooFewSamples', message: '3 samples so far' };

function planned(
  metrics: readonly unknown[],
  observations: readonly MetricObservation[],
  forecasts: Analysis['forecasts'] = [],
): Plan {
  const spec = specFixture({ metrics });
  return plan({
    spec,
    observation: observationFixture(target, observations),
    target,
    analysis: { forecasts, peaks: [] },
    requests: undefined,
    newsvendor: createPacedNewsvendor(),
    saturation: createSaturationEvidence(),
    capacity: createCapacityMemory(),
    now: NOW,
  });
}

const requests = (value: number, ahead?: ForecastSummary): Plan =>
  planned([REQUESTS], [total(fresh(value))], ahead === undefined ? [] : [ahead]);

describe('what is proposed', () => {
  test.each([
    ['follows measured demand', requests(430), 9, 9],
    ['follows it down', requests(110), 3, 3],
    ['stays within the tolerance', requests(270), 5, 5],
    ['goes ahead of demand', requests(270, forecast(600)), 5, 12],
    ['is never lowered by a forecast', requests(430, forecast(100)), 9, 9],
    ['stays up for a peak to come', requests(110, forecast(190)), 3, 4],
    ['stays where it is for a forecast within the tolerance', requests(110, forecast(270)), 3, 5],
    [
      'does not rest on a forecast that breaks its promises',
      requests(270, forecast(600, { reliable: false })),
      5,
      5,
    ],
  ])('%s', (_name, { reactive, proposed }, measured, wanted) => {
    expect([reactive, proposed]).toEqual([measured, wanted]);
  });

  test('is nothing when no metric speaks, whatever is forecast', () => {
    const found = planned([REQUESTS], [total(silent())], [forecast(600)]);
    expect(found).toMatchObject({
      reactive: undefined,
      proposed: undefined,
      doubt: 'requests: the query answers no series',
    });
  });

  test('is not fewer while one metric is silent, and says which', () => {
    const found = planned([CPU, REQUESTS], [usage(target.pods, fresh(0.1)), total(stale(110))]);
    expect(found).toMatchObject({
      reactive: 5,
      proposed: 5,
      doubt: 'requests: the last sample is of 2026-05-04T08:55:00.000Z',
    });
  });

  test('may be more while one metric is silent, and its silence stays known', () => {
    const found = planned([CPU, REQUESTS], [usage(target.pods, fresh(0.8)), total(silent())]);
    expect(found).toMatchObject({ reactive: 8, proposed: 8, doubt: 'requests: the query answers no series' });
  });

  test('is the largest of all metrics and forecasts, with each one’s words', () => {
    const found = planned(
      [CPU, REQUESTS],
      [usage(target.pods, fresh(0.8)), total(fresh(350))],
      [absent, forecast(600)],
    );
    expect(found.proposed).toBe(12);
    expect(found.leading).toMatchObject({ upper: 600 });
    expect(found.doubt).toBe('');
    expect(found.proposals).toEqual([
      { source: 'Reactive', metric: 'cpu', replicas: 8, detail: 'ceil(5 × 80 % ÷ 50 %) = 8' },
      { source: 'Reactive', metric: 'requests', replicas: 7, detail: 'ceil(350 ÷ 50) = 7' },
      { source: 'Forecast', metric: 'requests', replicas: 12, detail: 'ceil(600 ÷ 50) = 12' },
    ]);
  });

  test('does not claim a sum that it did not follow', () => {
    expect(requests(110, forecast(270)).proposals[1]?.detail).toBe('5: 270 ÷ 50 is within the tolerance');
  });

  test('shows a forecast that nothing rests on yet', () => {
    expect(requests(270, forecast(600, { reliable: false })).leading).toMatchObject({
      upper: 600,
      reliable: false,
    });
  });

  test('knows no forecast where a request is missing', () => {
    const pods = podsFixture(5, { requests: {} });
    const spec = specFixture({ metrics: [CPU] });
    const bare = { ...target, pods };
    const observation = observationFixture(bare, [usage(pods, fresh(0.4))]);
    const found = plan({
      spec,
      observation,
      target: bare,
      analysis: { forecasts: [forecast(600, { metric: 'cpu' })], peaks: [] },
      requests: undefined,
      newsvendor: createPacedNewsvendor(),
      saturation: createSaturationEvidence(),
      capacity: createCapacityMemory(),
      now: NOW,
    });
    expect(found.proposals).toEqual([]);
    expect(found.doubt).toBe('cpu: a container of pod web-0 requests no cpu');
  });
});

describe('the capacity of a replica', () => {
  const resource = (change: object): MetricSpec => ({
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'AverageValue', ...change } },
  });
  const pods = podsFixture(3).map((pod, index) => ({ ...pod, requests: { cpu: 1 + index } }));

  test.each<readonly [string, MetricSpec, number | undefined]>([
    ['is the target of a query', REQUESTS, 50],
    ['is the target of a resource', resource({ averageValue: '1500m' }), 1.5],
    ['is a share of what the pods request on average', CPU, 1],
    ['is unknown without a target', resource({}), undefined],
    ['is unknown without a metric', { type: 'Resource' }, undefined],
  ])('%s', (_name, metric, capacity) => {
    expect(capacityPerReplica(metric, pods)).toBe(capacity);
  });

  test.each([
    ['there are no pods', []],
    ['one of them requests nothing', [...pods, ...podsFixture(1, { requests: {} })]],
    ['they request nothing at all', podsFixture(2, { requests: { cpu: 0 } })],
  ])('is unknown for a utilisation when %s', (_name, some) => {
    expect(capacityPerReplica(CPU, some)).toBeUndefined();
  });

  test('leaves out pods that are ending', () => {
    const ending = podsFixture(1, { requests: { cpu: 99 }, deleting: true });
    expect(capacityPerReplica(CPU, [...pods, ...ending])).toBe(1);
  });
});

describe('replicas for a forecast', () => {
  test.each([
    ['are rounded up', 412, 4, 9],
    ['stay within the tolerance', 219, 4, 4],
    ['stay on its edge', 220, 4, 4],
    ['rise beyond it', 221, 4, 5],
    ['fall below it', 179, 4, 4],
    ['fall far below it', 149, 4, 3],
    ['need no tolerance when there are none', 10, 0, 1],
    ['are very many for an absurd peak', 1e308, 4, 2_147_483_647],
  ])('%s', (_name, upper, currentReplicas, replicas) => {
    const tolerance = { up: 0.1, down: 0.1 };
    expect(forecastReplicas({ upper, capacityPerReplica: 50, currentReplicas, tolerance })).toBe(replicas);
  });
});

test.each([
  [412.4, '412'],
  [0.123456, '0.123'],
  [1_234_567, '1230000'],
  [0, '0'],
])('%d is short for people as %s', (value, text) => {
  expect(short(value)).toBe(text);
});
