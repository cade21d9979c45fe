import fc from 'fast-check';
import {
  CPU,
  fresh,
  HOUR,
  MINUTE,
  NOW,
  podsFixture,
  policyFixture,
  REQUESTS,
  SECOND,
  silent,
  stale,
  targetFixture,
} from '../../../../test/support/loop-fixtures.ts';
import type { Reading } from '../reading.ts';
import { cellAsOf, get } from '../series-ring.ts';
import type { WorkloadSignals } from '../signals.ts';
import { extractFeatures } from './extract.ts';
import { createFeatureState, type FeatureState } from './feature-state.ts';
import { recordFeatures, tickFeatures } from './features.ts';
import type { FeatureInputs } from './inputs.ts';
import { FEATURE_COUNT, FEATURE_SCHEMA, SLOT, type FeatureName } from './schema.ts';

const objective = {
  indicators: [
    { name: 'latency-p95', query: 'histogram_quantile(0.95, x)', threshold: '300m' },
    { name: 'errors', query: 'y', threshold: '0.01' },
    { name: 'queue', query: 'z', threshold: '100' },
  ],
  replicaHourPrice: '0.25',
};
const policy = policyFixture({ metrics: [REQUESTS, CPU], objective });
const pods = podsFixture(4, { requests: { cpu: 0.5 }, limits: { cpu: 1, memory: 1000 }, restarts: 0 });

/** Every number known; all readings are of NOW - 10 s. */
const READ_AT = NOW - 10 * SECOND;
const read = (value: number): Reading => fresh(value, READ_AT);
const SIGNALS: WorkloadSignals = {
  cpuCores: read(1.5),
  cpuThrottledShare: read(0.125),
  memoryBytes: read(3000),
  memoryLimitBytes: read(4000),
  restarts: read(0),
  networkReceiveBytes: read(2e6),
  networkTransmitBytes: read(5e6),
};

function inputsOf(change: Partial<FeatureInputs> = {}): FeatureInputs {
  return {
    now: NOW,
    policy,
    target: targetFixture(5, { readyReplicas: 4, pods, revisionChangedAt: NOW - HOUR }),
    monitoring: {
      metrics: [
        { name: 'requests', total: read(200) },
        { name: 'cpu', total: read(1.25) },
      ],
    },
    indicators: [read(0.25), read(0.0078125), read(17)],
    signals: SIGNALS,
    forecasts: [{ metric: 'requests', peak: 240, upper: 320, confidencePercent: 95, horizonSeconds: 90 }],
    ...change,
  };
}

function vectorOf(inputs: FeatureInputs, state = createFeatureState(policy)): Record<FeatureName, number> {
  const vector = tickFeatures(state, inputs);
  return Object.fromEntries(FEATURE_SCHEMA.features.map(({ name }, slot) => [name, vector[slot]])) as Record<
    FeatureName,
    number
  >;
}

const requestsWith = (badShare: number | undefined) => ({ total: read(4), bad: read(2), badShare });

test('each feature is what its schema says', () => {
  expect(vectorOf(inputsOf())).toEqual({
    cpuUtilization: 0.75,
    cpuThrottledShare: 0.125,
    memoryUtilization: 0.75,
    requestRate: 200,
    tailLatency: 0.25,
    errorShare: 0.0078125,
    queueLag: 17,
    readyShare: Math.fround(0.8),
    restarts: 0,
    networkReceive: 2e6,
    networkTransmit: 5e6,
    forecastRatio: 0.75,
    // These need a past.
    forecastResidual: NaN,
    volatilityRatio: NaN,
    // A Monday at nine.
    hourSine: Math.fround(Math.SQRT1_2),
    hourCosine: Math.fround(-Math.SQRT1_2),
    revisionAge: 3600,
    costRate: 1,
  });
});

test.each<[FeatureName, string, number, Partial<FeatureInputs>]>([
  ['cpuUtilization', 'of the policy’s own metric without signals', 0.625, { signals: undefined }],
  [
    'cpuUtilization',
    'of the limits where nothing is requested',
    0.375,
    { target: targetFixture(4, { pods: podsFixture(4, { requests: {}, limits: { cpu: 1 } }) }) },
  ],
  [
    'cpuUtilization',
    'unknown where neither is set',
    NaN,
    { target: targetFixture(4, { pods: podsFixture(4, { requests: {} }) }) },
  ],
  ['cpuThrottledShare', 'unknown without signals', NaN, { signals: undefined }],
  ['memoryUtilization', 'unknown without a limit', NaN, { target: targetFixture(4) }],
  ['memoryUtilization', 'unknown without signals', NaN, { signals: undefined }],
  [
    'errorShare',
    'of the objective’s requests where it is about requests',
    0.5,
    { monitoring: { metrics: [], requests: requestsWith(0.5) } },
  ],
  [
    'errorShare',
    'unknown when there were no requests',
    NaN,
    { monitoring: { metrics: [], requests: requestsWith(undefined) } },
  ],
  [
    'errorShare',
    'unknown when it was counted later',
    NaN,
    { monitoring: { metrics: [], requests: { ...requestsWith(0.5), bad: fresh(2, NOW + 1) } } },
  ],
  ['readyShare', '1 of none', 1, { target: targetFixture(0) }],
  ['readyShare', '0 when none is ready', 0, { target: targetFixture(3, { readyReplicas: 0 }) }],
  ['revisionAge', 'unknown when it cannot be told', NaN, { target: targetFixture(3) }],
  [
    'revisionAge',
    'unknown when it begins later',
    NaN,
    { target: targetFixture(3, { revisionChangedAt: NOW + 1 }) },
  ],
  ['restarts', 'unknown before the pods tell', NaN, { target: targetFixture(3) }],
  [
    'costRate',
    'that of existing pods and not of finished ones',
    0.5,
    { target: targetFixture(9, { pods: [...pods.slice(0, 2), ...podsFixture(2, { phase: 'Succeeded' })] }) },
  ],
  [
    'forecastRatio',
    '1 where nothing is forecast for sure',
    1,
    { forecasts: [{ metric: 'requests', peak: 0, upper: 0 }] },
  ],
  ['forecastRatio', 'unknown without a forecast', NaN, { forecasts: [{ metric: 'requests' }] }],
  ['forecastRatio', 'not of another metric', NaN, { forecasts: [{ metric: 'cpu', peak: 1, upper: 2 }] }],
  [
    'requestRate',
    'unknown while it is stale',
    NaN,
    { monitoring: { metrics: [{ name: 'requests', total: stale(3) }] } },
  ],
  [
    'requestRate',
    'unknown while it is missing',
    NaN,
    { monitoring: { metrics: [{ name: 'requests', total: silent() }] } },
  ],
  [
    'requestRate',
    'unknown beyond Float32',
    NaN,
    { monitoring: { metrics: [{ name: 'requests', total: read(1e308) }] } },
  ],
  ['tailLatency', 'unknown when it was not asked for', NaN, { indicators: [] }],
])('%s is %s', (name, _, wanted, change) => {
  expect(vectorOf(inputsOf(change))[name]).toBe(wanted);
});

test('volatility, residual and restarts come with time', () => {
  const state = createFeatureState(policy);
  let vector: Record<FeatureName, number> | undefined;
  for (let tick = 0; tick <= 4 * 60; tick += 1) {
    const now = NOW + tick * 15 * SECOND;
    const inputs = inputsOf({
      now,
      monitoring: {
        metrics: [{ name: 'requests', total: fresh(200 + 10 * (Math.floor(tick / 4) % 2), now) }],
      },
      target: targetFixture(4, { pods: pods.map((pod) => ({ ...pod, restarts: tick < 120 ? 0 : 1 })) }),
    });
    vector = vectorOf(inputs, state);
  }
  expect(vector?.volatilityRatio).toBeCloseTo(1, 5);
  // 210 where 240 was the median and 320 the 95th percentile.
  expect(vector?.forecastResidual).toBeCloseTo((-30 * 1.6448536) / 80, 5);
  expect(vector?.restarts).toBe(4);
});

test('restarts are forgotten after an hour', () => {
  const state = createFeatureState(policy);
  const at = (now: number, restarts: number) =>
    vectorOf(
      inputsOf({ now, target: targetFixture(4, { pods: pods.map((pod) => ({ ...pod, restarts })) }) }),
      state,
    ).restarts;
  at(NOW, 0);
  expect(at(NOW + MINUTE, 2)).toBe(8);
  expect(at(NOW + HOUR, 2)).toBe(8);
  expect(at(NOW + HOUR + 2 * MINUTE, 2)).toBe(0);
});

test.each([
  ['Monday at midnight', Date.UTC(2026, 4, 4), 0, 1],
  ['Friday at six in the evening', Date.UTC(2026, 4, 8, 18), -1, 0],
  ['Saturday at six in the morning', Date.UTC(2026, 4, 9, 6), 0.5, 0],
  ['Sunday at noon', Date.UTC(2026, 4, 10, 12), 0, -0.5],
])('%s has its place in day and week', (_, now, sine, cosine) => {
  const vector = vectorOf(inputsOf({ now }));
  expect(vector.hourSine).toBeCloseTo(sine, 6);
  expect(vector.hourCosine).toBeCloseTo(cosine, 6);
});

test('an edited policy is read anew, and the trail of another demand is forgotten', () => {
  const state = createFeatureState(policy);
  for (let minute = 0; minute <= 60; minute += 1) vectorOf(inputsOf({ now: NOW + minute * MINUTE }), state);
  const now = NOW + 61 * MINUTE;
  const dearer = policyFixture(
    { metrics: [REQUESTS], objective: { ...objective, replicaHourPrice: '1' } },
    { generation: 4 },
  );
  const monitoring = { metrics: [{ name: 'requests', total: fresh(3, now) }] };
  expect(vectorOf(inputsOf({ now, policy: dearer, monitoring }), state)).toMatchObject({
    costRate: 4,
    volatilityRatio: expect.any(Number) as number,
  });
  expect(
    vectorOf(inputsOf({ now: now + MINUTE, policy: dearer, monitoring }), state).volatilityRatio,
  ).not.toBeNaN();
  const other = policyFixture({ metrics: [CPU] }, { generation: 5 });
  expect(vectorOf(inputsOf({ now: now + 2 * MINUTE, policy: other }), state).volatilityRatio).toBeNaN();
});

describe('a vector', () => {
  const reading = fc.oneof(
    fc.record({
      quality: fc.constantFrom('Fresh' as const, 'Stale' as const),
      value: fc.double(),
      at: fc.integer({ min: NOW - HOUR, max: NOW + HOUR }),
    }),
    fc.constant(silent()),
  );
  const signals = fc.record({
    cpuCores: reading,
    cpuThrottledShare: reading,
    memoryBytes: reading,
    memoryLimitBytes: reading,
    restarts: reading,
    networkReceiveBytes: reading,
    networkTransmitBytes: reading,
  });
  const forecast = fc.record({ metric: fc.constant('requests'), peak: fc.double(), upper: fc.double() });
  const inputs = fc
    .record({
      monitoring: fc.record({
        metrics: fc.tuple(
          fc.record({ name: fc.constant('requests'), total: reading }),
          fc.record({ name: fc.constant('cpu'), total: reading }),
        ),
      }),
      indicators: fc.array(reading, { maxLength: 3 }),
      signals: fc.option(signals, { nil: undefined }),
      forecasts: fc.array(forecast, { maxLength: 1 }),
    })
    .map(inputsOf);

  test('has a finite number or NaN in every slot, whatever was measured, and the state can be cloned', () => {
    fc.assert(
      fc.property(fc.array(inputs, { minLength: 1, maxLength: 4 }), (ticks) => {
        const state = createFeatureState(policy);
        for (const [i, tick] of ticks.entries()) {
          const vector = tickFeatures(state, { ...tick, now: NOW + i * 15 * SECOND });
          expect(vector).toHaveLength(FEATURE_COUNT);
          for (const value of vector) expect(Math.abs(value)).not.toBe(Infinity);
        }
        expect(structuredClone(state)).toEqual(state);
      }),
    );
  });

  test('does not change with anything measured later than its time', () => {
    const atMost = (change: (reading: Reading) => Reading, given: FeatureInputs): FeatureInputs => ({
      ...given,
      monitoring: {
        metrics: given.monitoring.metrics.map(({ name, total }) => ({ name, total: change(total) })),
      },
      indicators: given.indicators.map(change),
      signals:
        given.signals &&
        (Object.fromEntries(
          Object.entries(given.signals).map(([name, each]) => [name, change(each as Reading)]),
        ) as unknown as WorkloadSignals),
    });
    const hidden = (each: Reading): Reading =>
      each.quality !== 'Missing' && each.at > NOW ? silent() : each;
    fc.assert(
      fc.property(inputs, (given) => {
        const seen = tickFeatures(createFeatureState(policy), given);
        expect(tickFeatures(createFeatureState(policy), atMost(hidden, given))).toEqual(seen);
      }),
    );
  });
});

test('extraction reads the state and leaves it as it is', () => {
  const state = createFeatureState(policy);
  tickFeatures(state, inputsOf());
  const before = structuredClone(state);
  extractFeatures(state, inputsOf(), new Float32Array(FEATURE_COUNT));
  expect(state).toEqual(before);
});

test('the window answers what was known then', () => {
  const state: FeatureState = createFeatureState(policy);
  const vector = new Float32Array(FEATURE_COUNT);
  for (let tick = 0; tick < 40; tick += 1) {
    vector.fill(tick);
    recordFeatures(state.window, 0, NOW + tick * 15 * SECOND, vector);
  }
  const last = NOW + 39 * 15 * SECOND;
  const rateAgo = (seconds: number): number => {
    const cell = cellAsOf(state.window, 0, last - seconds * SECOND, MINUTE);
    return cell < 0 ? NaN : get(state.window, cell, SLOT.requestRate);
  };
  expect([0, 1, 15, 60, 15 * 15, 16 * 15].map(rateAgo)).toEqual([39, 38, 38, 35, 24, NaN]);
});
