import fc from 'fast-check';
import type { MetricSpec } from '../../api/policy-spec.ts';
import type { MetricObservation, PodView } from '../monitor/observation.ts';
import { missing, type Reading } from '../monitor/reading.ts';
import { metricsProposal, type MetricsProposalInput } from './metrics-proposal.ts';

const NOW = 1_700_000_000_000;

const pods = Array.from({ length: 5 }, (_, index): PodView => {
  const times = { createdAt: 0, startedAt: 0, readyChangedAt: 0 };
  return {
    name: `pod-${index}`,
    phase: 'Running',
    ready: true,
    deleting: false,
    requests: { cpu: 1 },
    ...times,
  };
});

const fresh = (value: number): Reading => ({ quality: 'Fresh', value, at: NOW });
const stale: Reading = { quality: 'Stale', value: 1, at: NOW - 300_000 };
const failed = missing('QueryFailed', 'timed out after 5 s');

const CPU: MetricSpec = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
};
const MEMORY: MetricSpec = {
  type: 'Resource',
  resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '512Mi' } },
};
const QPS: MetricSpec = {
  type: 'Prometheus',
  prometheus: {
    name: 'qps',
    query: 'sum(rate(x[1m]))',
    target: { type: 'AverageValue', averageValue: '1500m' },
  },
};

function used(value: number): MetricObservation {
  return { type: 'Resource', usage: pods.map(({ name }) => ({ pod: name, reading: fresh(value) })) };
}
const total = (reading: Reading): MetricObservation => ({ type: 'Prometheus', total: reading });
const broken: MetricObservation = { type: 'Resource', usage: [], failure: failed };

function input(
  metrics: readonly MetricSpec[],
  observations: readonly MetricObservation[],
): MetricsProposalInput {
  return { metrics, observations, pods, currentReplicas: 5, tolerance: { up: 0.1, down: 0.1 }, now: NOW };
}

describe('metricsProposal', () => {
  test.each([
    ['one metric decides alone', [CPU], [used(0.8)], 8, 'cpu'],
    ['the larger proposal wins', [CPU, QPS], [used(0.8), total(fresh(15))], 10, 'qps'],
    ['the first of equals leads', [QPS, CPU], [total(fresh(12)), used(0.8)], 8, 'qps'],
    ['a metric on target holds against one below', [CPU, QPS], [used(0.1), total(fresh(7.5))], 5, 'qps'],
    ['all below target lower', [CPU, QPS], [used(0.2), total(fresh(1))], 2, 'cpu'],
    ['bytes are read as a quantity', [MEMORY], [used(2 ** 30)], 10, 'memory'],
    ['silence of one does not forbid more', [CPU, QPS], [used(0.8), total(failed)], 8, 'cpu'],
    ['silence of one does not forbid to stay', [QPS, CPU], [total(fresh(7.5)), broken], 5, 'qps'],
  ])('%s', (...[, metrics, observations, replicas, leading]) => {
    expect(metricsProposal(input(metrics, observations))).toMatchObject({
      outcome: 'Proposed',
      replicas,
      leading,
    });
  });

  // kubernetes v1.36.3 horizontal_test.go: TestNoScaleDownOneMetricInvalid and TestNoScaleDownOneMetricEmpty
  test.each([
    ['the query failed', total(failed), 'qps: QueryFailed, timed out after 5 s'],
    ['the sample is stale', total(stale), 'qps: Stale, the last sample is of 2023-11-14T22:08:20.000Z'],
    ['it is not measured yet', undefined, 'qps: NoData, not measured yet'],
    ['another type was measured', used(1), 'qps: NoData, not measured yet'],
  ])('holds instead of lowering while one metric is silent: %s', (_name, silent, reason) => {
    const observations = [used(0.1), ...(silent === undefined ? [] : [silent])];
    expect(metricsProposal(input([CPU, QPS], observations))).toMatchObject({
      outcome: 'Held',
      replicas: 5,
      reason,
    });
  });

  it('proposes nothing when no metric speaks (TestScaleUpBothMetricsEmpty)', () => {
    const result = metricsProposal(input([CPU, QPS], [broken, total(stale)]));
    expect(result).toMatchObject({
      outcome: 'Unknown',
      reason:
        'cpu: QueryFailed, timed out after 5 s; qps: Stale, the last sample is of 2023-11-14T22:08:20.000Z',
    });
    expect('replicas' in result).toBe(false);
  });

  it('gives the answer of every metric in the order of the policy', () => {
    const { metrics } = metricsProposal(input([QPS, CPU, MEMORY], [total(fresh(15)), used(0.8), broken]));
    expect(
      metrics.map(({ metric, result }) => [metric, result.usable ? result.replicas : result.reason]),
    ).toEqual([
      ['qps', 10],
      ['cpu', 8],
      ['memory', 'QueryFailed'],
    ]);
  });

  const aimless: MetricSpec = {
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization' } },
  };

  test.each([
    ['a target without a number', aimless, used(1)],
    ['a type without its part', { type: 'Prometheus' } as const, total(fresh(1))],
    ['a type without its part', { type: 'Resource' } as const, used(1)],
  ])('calls %s an invalid target', (_name, spec, observation) => {
    const [first] = metricsProposal(input([spec], [observation])).metrics;
    expect(first?.result).toMatchObject({ usable: false, reason: 'InvalidTarget' });
  });

  it('never lowers while any metric is silent, and never answers when all are', () => {
    const reading = fc.oneof(
      fc.double({ min: 0, max: 100, noNaN: true }).map(fresh),
      fc.constantFrom(stale, failed),
    );
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1, maxLength: 6 }), (readings) => {
        const result = metricsProposal(
          input(
            readings.map(() => QPS),
            readings.map(total),
          ),
        );
        const speaking = readings.filter(({ quality }) => quality === 'Fresh').length;
        if (speaking === 0) return result.outcome === 'Unknown';
        return result.outcome !== 'Unknown' && (speaking === readings.length || result.replicas >= 5);
      }),
    );
  });
});
