import {
  CPU,
  fresh,
  MINUTE,
  NOW,
  policyFixture,
  REQUESTS,
  silent,
  targetFixture,
} from '../../../test/support/loop-fixtures.ts';
import { prometheusOptionsSchema } from '../../adapters/prometheus/options.ts';
import { SignalReadings } from '../../adapters/prometheus/signal-metrics.ts';
import { Readings } from '../../adapters/prometheus/workload-metrics.ts';
import type { Reading } from '../../loop/monitor/reading.ts';
import { averagedSeconds, needsOf, observe } from './measure.ts';
import { policyEntry } from './policy-entry.ts';

const MEMORY = {
  type: 'Resource',
  resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } },
};
const objective = { indicators: [{ name: 'latency', query: 'p99', threshold: '300m' }] };
const policy = policyFixture({ metrics: [CPU, REQUESTS], objective });
const query = REQUESTS.prometheus.query;

function readings(
  answers: Readonly<Record<string, Reading>>,
  pods: Readonly<Record<string, Reading>> = {},
): Readings {
  return new Readings(
    new Map([['shop/cpu', { pods: new Map(Object.entries(pods)) }]]),
    new Map(Object.entries(answers).map(([key, reading]) => [`shop/${key}`, reading])),
  );
}

describe('what a round asks Prometheus for', () => {
  test('is each policy’s resources, queries and indicators', () => {
    const bank = policyFixture({ metrics: [CPU, MEMORY] }, { namespace: 'bank' });
    expect(needsOf([policy, bank])).toEqual({
      pods: [
        { namespace: 'shop', resource: 'cpu' },
        { namespace: 'bank', resource: 'cpu' },
        { namespace: 'bank', resource: 'memory' },
      ],
      queries: [
        { namespace: 'shop', query },
        { namespace: 'shop', query: 'p99' },
      ],
    });
  });

  test('is nothing without policies', () => {
    expect(needsOf([])).toEqual({ pods: [], queries: [] });
  });
});

describe('what a policy sees of it', () => {
  const target = targetFixture(2);
  const measured = (found: Readings) => ({
    readings: found,
    averaged: { metrics: [60, 120], requests: 30 },
    now: NOW,
  });

  test('is one answer for each metric and each indicator, in their order', () => {
    const found = readings(
      { [query]: fresh(400), p99: fresh(0.2) },
      { 'web-0': fresh(0.4), 'web-1': fresh(0.5), stranger: fresh(9) },
    );
    expect(observe(policy, target, measured(found))).toEqual({
      now: NOW,
      target,
      metrics: [
        {
          type: 'Resource',
          usage: [
            { pod: 'web-0', reading: fresh(0.4) },
            { pod: 'web-1', reading: fresh(0.5) },
          ],
          averagedSeconds: 60,
        },
        { type: 'Prometheus', total: fresh(400), averagedSeconds: 120 },
      ],
      indicators: [fresh(0.2)],
    });
  });

  test('is missing, and not zero, for a pod without a series', () => {
    const { metrics } = observe(policy, target, measured(readings({}, { 'web-0': fresh(0.4) })));
    expect(metrics[0]).toMatchObject({
      usage: [{ reading: fresh(0.4) }, { reading: silent('no cpu series of this pod') }],
    });
    expect(metrics[1]).toMatchObject({
      total: { quality: 'Missing', message: 'was not asked for in this round' },
    });
  });

  test('has the signals of its pods, where they are read', () => {
    const pods = new Map([
      ['web-0', fresh(0.4)],
      ['web-1', fresh(0.5)],
    ]);
    const signals = new SignalReadings(new Map([['cpuCores/shop', { pods }]]), MINUTE);
    const found = observe(policy, target, { ...measured(readings({})), signals });
    expect(found.signals).toMatchObject({ cpuCores: fresh(0.9), memoryBytes: { quality: 'Missing' } });
    expect(observe(policy, target, measured(readings({}))).signals).toBeUndefined();
  });

  test('has the requests that the pods themselves have counted, where the policy wants that', () => {
    const asked = { totalQuery: 'all', badQuery: 'slow' };
    const scraped = {
      newest: { at: NOW, averagedSeconds: 15, total: 500, bad: 5 },
      current: true,
      ready: 2,
      answered: 2,
    };
    const seen = (requests: object) =>
      observe(policyFixture({ metrics: [], objective: { requests } }), target, {
        ...measured(readings({ all: fresh(400), slow: fresh(4) })),
        scraped,
      }).requests;
    expect(seen({ ...asked, scrape: { port: 1, total: 'x', bad: 'y' } })).toEqual({
      total: fresh(500),
      bad: fresh(5),
      averagedSeconds: 15,
      scrape: { source: 'Pods', ready: 2, answered: 2 },
    });
    expect(seen(asked)).toEqual({ total: fresh(400), bad: fresh(4), averagedSeconds: 30 });
  });

  test('is nothing of pods without a target', () => {
    const gone = { problem: 'NotFound', message: 'gone' } as const;
    const { metrics, indicators } = observe(policy, gone, measured(readings({ p99: fresh(0.2) })));
    expect(metrics[0]).toEqual({ type: 'Resource', usage: [], failure: silent('no target') });
    expect(indicators).toEqual([fresh(0.2)]);
  });
});

test('a value averages over the range of its query, or over the window that CPU is asked for', () => {
  const entry = policyEntry({
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'u',
      generation: 1,
      resourceVersion: '1',
      creationTimestamp: '2026-05-04T08:00:00Z',
    },
    spec: { ...policy.spec, metrics: [CPU, REQUESTS, MEMORY] },
  });
  if (!entry.valid) throw new Error(entry.problem);
  const options = prometheusOptionsSchema.parse({ url: 'http://prometheus:9090', rateWindowSeconds: 90 });
  expect(averagedSeconds(entry, options)).toEqual({ metrics: [90, 60, 0], requests: 0 });
});
