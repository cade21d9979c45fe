import {
  CPU,
  fresh,
  observationFixture,
  REQUESTS,
  silent,
  specFixture,
  stale,
  targetFixture,
  total,
  usage,
} from '../../../test/support/loop-fixtures.ts';
import { metricKey, metricName } from './metric-name.ts';
import { monitor, type Monitoring, type MonitorState } from './monitor.ts';
import type { MetricObservation } from './observation.ts';
import { createRequestMeter } from './requests.ts';
import { createSaturationEvidence } from './saturation.ts';
import { createWarmupEstimate } from './startup-cpu.ts';
import { createStartupEstimate } from './startup.ts';

const target = targetFixture(10);

const memory = (): MonitorState => ({
  startup: createStartupEstimate(),
  warmup: createWarmupEstimate(),
  meter: createRequestMeter(),
  saturation: createSaturationEvidence(),
});

function monitored(observations: readonly MetricObservation[], spec: object = {}): Monitoring {
  return monitor(
    specFixture({ metrics: [CPU, REQUESTS], ...spec }),
    observationFixture(target, observations),
    target,
    memory(),
  );
}

const cpu = usage(target.pods, fresh(0.4));
const nine = usage(target.pods.slice(0, 9), fresh(0.4));
const eight = usage(target.pods.slice(0, 8), fresh(0.4));

describe('fewer replicas need the proof that every metric is fresh and covers the pods', () => {
  test.each([
    ['is there', [cpu, total(fresh(400))], ''],
    ['is there with nine of ten pods', [nine, total(fresh(400))], ''],
    ['fails with eight of ten pods', [eight, total(fresh(400))], 'cpu covers only 80 % of the ready pods'],
    [
      'fails with a stale metric',
      [cpu, total(stale(400))],
      'requests is stale since 2026-05-04T08:55:00.000Z',
    ],
    [
      'fails with a missing metric',
      [cpu, total(silent())],
      'requests is missing (the query answers no series)',
    ],
    ['fails with a metric that nobody asked for yet', [cpu], 'requests is missing (not measured yet)'],
    [
      'names all that is wrong',
      [eight, total(silent())],
      'cpu covers only 80 % of the ready pods; requests is missing (the query answers no series)',
    ],
  ])('which %s', (_name, observations, doubt) => {
    expect(monitored(observations)).toMatchObject({ mayLower: doubt === '', doubt });
  });
});

describe('monitor', () => {
  test('reports each metric with its quality, in the order of the spec', () => {
    const half = usage(target.pods.slice(0, 8), fresh(0.5));
    expect(monitored([half, total(stale(400))]).metrics).toEqual([
      { name: 'cpu', type: 'Resource', total: fresh(5), coverage: 0.8, lagSeconds: 0 },
      { name: 'requests', type: 'Prometheus', total: stale(400), coverage: 0, lagSeconds: 0 },
    ]);
  });

  test('knows that an average shows a rise late by half of what it averages over', () => {
    const averaged = { ...total(fresh(400)), averagedSeconds: 120 };
    expect(monitored([cpu, averaged]).metrics.map(({ lagSeconds }) => lagSeconds)).toEqual([0, 60]);
  });

  test('learns from the pods how long they take to start', () => {
    expect(monitored([cpu]).startup.seconds).toBe(20);
    expect(monitored([cpu], { forecast: { startupSeconds: 90 } }).startup.seconds).toBe(90);
  });

  test('tells whether the objective is violated', () => {
    const objective = { indicators: [{ name: 'latency', query: 'p99', threshold: '300m' }] };
    const spec = specFixture({ objective });
    const observation = observationFixture(target, [total(fresh(1))], { indicators: [fresh(0.5)] });
    expect(monitor(spec, observation, target, memory()).objectiveViolated).toBe(true);
  });
});

describe('the key of a metric', () => {
  const query = (change: object) => ({ ...REQUESTS, prometheus: { ...REQUESTS.prometheus, ...change } });
  const cpuWith = (averageUtilization: number) => {
    return {
      ...CPU,
      resource: { name: 'cpu' as const, target: { type: 'Utilization' as const, averageUtilization } },
    };
  };

  test.each([
    [
      'stays when the target of a query is edited',
      query({ target: { type: 'AverageValue', averageValue: '80' } }),
      REQUESTS,
      true,
    ],
    ['stays when a metric is renamed', query({ name: 'load' }), REQUESTS, true],
    ['stays when the target of a resource is edited', cpuWith(70), CPU, true],
    ['changes with the query', query({ query: 'sum(x)' }), REQUESTS, false],
  ])('%s', (_name, edited, before, same) => {
    const [a, b] = specFixture({ metrics: [edited] }).metrics;
    expect(b).toBeUndefined();
    expect(metricKey(a!) === metricKey(before)).toBe(same);
  });

  test('is not the name that people read', () => {
    expect([metricName(CPU), metricName(REQUESTS)]).toEqual(['cpu', 'requests']);
  });

  test('is another for each resource', () => {
    const memory = { type: 'Resource', resource: { ...CPU.resource, name: 'memory' } } as const;
    expect(metricKey(memory)).not.toBe(metricKey(CPU));
  });

  const REQUEST_OBJECTIVE = { requests: { totalQuery: 'rate', badQuery: 'bad' } };

  test('puts the requests of the objective after the metrics', () => {
    const spec = specFixture({ objective: REQUEST_OBJECTIVE });
    const requests = { total: fresh(100), bad: fresh(5), averagedSeconds: 30 };
    const observation = observationFixture(target, [total(fresh(1))], { requests });
    const report = monitor(spec, observation, target, memory());
    expect(report.metrics.map(({ name, lagSeconds }) => [name, lagSeconds])).toEqual([
      ['requests', 0],
      ['objective.requests', 15],
    ]);
    expect(report).toMatchObject({ mayLower: true, objectiveViolated: true, requests: { badShare: 0.05 } });
  });

  test('allows no decrease while the requests of the objective are unknown', () => {
    const spec = specFixture({ metrics: [], objective: REQUEST_OBJECTIVE });
    const report = monitor(spec, observationFixture(target, []), target, memory());
    expect(report).toMatchObject({ mayLower: false, objectiveViolated: undefined });
    expect(report.doubt).toMatch(/^objective\.requests is missing/);
  });
});
