import { forecastFixture } from '../../../../test/support/forecast-fixture.ts';
import { closedFixture, decisionFixture } from '../../../../test/support/decision-fixtures.ts';
import { LoopDriver } from '../../../../test/support/loop-driver.ts';
import {
  CPU,
  fresh,
  policyFixture,
  REQUESTS,
  silent,
  total,
  usage,
} from '../../../../test/support/loop-fixtures.ts';
import { policyStatusSchema, type PolicyStatus } from '../../../api/policy-status.ts';
import type { LoopReport } from '../../../loop/report.ts';
import type { Outcome } from '../../../loop/execute/outcome.ts';
import {
  observedStatus,
  significantPart,
  withApplied,
  withEnding,
  withIntent,
  withProposal,
} from './policy-status.ts';

const decision = decisionFixture('d1');
const outcome = closedFixture('d1').outcome as Outcome;
const aborted: Outcome = { ...outcome, result: 'Aborted' };

const states = ({ decisions }: PolicyStatus): unknown[] =>
  (decisions ?? []).map(({ id, state }) => [id, state]);

describe('a decision in the status', () => {
  test('is intended, applied and closed in one entry, and pending from first to last', () => {
    const intended = withIntent({}, decision, 300);
    expect(states(intended)).toEqual([['d1', 'Intended']]);
    expect(intended.pending?.decisionId).toBe('d1');
    const applied = withApplied(intended, decision);
    expect(states(applied)).toEqual([['d1', 'Applied']]);
    expect(applied.pending?.decisionId).toBe('d1');
    const closed = withEnding(applied, { decision, outcome });
    expect(states(closed)).toEqual([['d1', 'Closed']]);
    expect(closed.decisions?.[0]?.outcome?.result).toBe('Met');
    expect(closed).not.toHaveProperty('pending');
  });

  test('says that it was aborted', () => {
    expect(states(withEnding(withIntent({}, decision, 300), { decision, outcome: aborted }))).toEqual([
      ['d1', 'Aborted'],
    ]);
  });

  test('gives its place as pending to the next one only once', () => {
    const next = withIntent(withIntent({}, decision, 300), decisionFixture('d2'), 300);
    const ended = withEnding(next, { decision, outcome });
    expect(ended.pending?.decisionId).toBe('d2');
    expect(states(ended)).toEqual([
      ['d2', 'Intended'],
      ['d1', 'Closed'],
    ]);
  });

  test('is only proposed when it is not going to be carried out', () => {
    const status = withProposal({}, decision);
    expect(states(status)).toEqual([['d1', 'Proposed']]);
    expect(status).not.toHaveProperty('pending');
  });

  test('is one of the last ten', () => {
    let status: PolicyStatus = {};
    for (let i = 0; i < 12; i++) status = withProposal(status, decisionFixture(`d${i}`));
    expect(status.decisions?.map(({ id }) => id)).toEqual([
      'd11',
      'd10',
      'd9',
      'd8',
      'd7',
      'd6',
      'd5',
      'd4',
      'd3',
      'd2',
    ]);
  });

  test('still gets its ending when ten others came after it', () => {
    let status = withIntent({}, decision, 300);
    for (let i = 2; i < 13; i++) status = withProposal(status, decisionFixture(`d${i}`));
    const ended = withEnding(status, { decision, outcome });
    expect(ended.decisions?.[0]).toMatchObject({ id: 'd1', state: 'Closed' });
    expect(ended).not.toHaveProperty('pending');
  });
});

const policy = policyFixture({ metrics: [CPU, REQUESTS] });

function report(metrics: Parameters<LoopDriver['tick']>[0], loop = new LoopDriver(policy, 4)): LoopReport {
  return loop.tick(metrics);
}

function measured(cpu: number, requests: number): LoopReport {
  const loop = new LoopDriver(policy, 4);
  return report([usage(loop.target.pods, fresh(cpu)), total(fresh(requests))], loop);
}

const forecast = forecastFixture({
  peak: 500,
  upper: 600,
  horizonSeconds: 90,
  coverage: 0.95,
  samples: 5000,
});

describe('the status after a tick', () => {
  test('shows the workload, its metrics and what is recommended', () => {
    const status = observedStatus({}, policy, measured(0.82, 430), []);
    expect(policyStatusSchema.safeParse(status)).toMatchObject({ success: true });
    expect(status).toEqual({
      observedGeneration: 3,
      conditions: [],
      workloads: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: 'web',
          uid: 'target-uid',
          currentReplicas: 4,
          readyReplicas: 4,
          recommendedReplicas: 9,
          metrics: [
            { name: 'cpu', type: 'Resource', quality: 'Fresh', current: '82', target: '50', replicas: 7 },
            {
              name: 'requests',
              type: 'Prometheus',
              quality: 'Fresh',
              current: '108',
              target: '50',
              replicas: 9,
            },
          ],
          startup: { seconds: 20, medianSeconds: 20, source: 'Measured' },
        },
      ],
    });
  });

  test('has no number for what is missing, and no recommendation while nothing is known', () => {
    const [workload] =
      observedStatus({}, policy, report([usage([], fresh(1)), total(silent())]), []).workloads ?? [];
    expect(workload).not.toHaveProperty('recommendedReplicas');
    expect(workload?.metrics?.[1]).toEqual({
      name: 'requests',
      type: 'Prometheus',
      quality: 'Missing',
      target: '50',
      message: 'the query answers no series',
    });
  });

  test('is one that the API takes, however absurd the numbers are', () => {
    const status = observedStatus({}, policy, measured(1e308, 1e308), []);
    expect(policyStatusSchema.safeParse(status)).toMatchObject({ success: true });
    expect(status.workloads?.[0]).toMatchObject({ recommendedReplicas: 20 });
  });

  test('shows the forecast that asks for most', () => {
    const tick = measured(0.5, 200);
    const other = { ...forecast, metric: 'cpu', upper: 2 };
    const analysis = { forecasts: [other, forecast], peaks: [] };
    const proposals = [
      { source: 'Forecast', metric: 'cpu', replicas: 4, detail: '' },
      { source: 'Forecast', metric: 'requests', replicas: 12, detail: '' },
    ] as const;
    const full = { ...tick, analysis, planning: { ...tick.planning!, proposals } };
    expect(observedStatus({}, policy, full, []).workloads?.[0]?.forecast).toEqual({
      metric: 'requests',
      peak: '500',
      upper: '600',
      confidencePercent: 95,
      confidence: 'High',
      horizonSeconds: 90,
      tier: 'Full',
      coveragePercent: 95,
      samples: 5000,
    });
    expect(proposals.map(({ metric }) => metric)).toEqual(['cpu', 'requests']);
  });

  test('has no workload without a target, and keeps the decisions', () => {
    const loop = new LoopDriver(policy, 4);
    const gone = loop.observe({ problem: 'NotFound', message: 'gone' }, []);
    const before = withIntent({}, decision, 300);
    expect(observedStatus(before, policy, gone, [])).toEqual({
      ...before,
      observedGeneration: 3,
      conditions: [],
      workloads: [],
    });
  });
});

describe('what makes a status worth writing at once', () => {
  const base = withIntent(observedStatus({}, policy, measured(0.82, 430), []), decision, 300);
  const unusual = (severity: 'Low' | 'High', message = 'the load is 900'): PolicyStatus => ({
    ...base,
    workloads: base.workloads?.map((workload) => ({
      ...workload,
      anomalies: [
        { kind: 'Spike', signal: 'load', severity, since: '2026-05-04T12:00:00Z', holds: true, message },
      ],
    })),
  });

  test.each<readonly [string, PolicyStatus]>([
    ['a number of a metric', withIntent(observedStatus({}, policy, measured(0.83, 431), []), decision, 300)],
    [
      'a forecast',
      {
        ...base,
        workloads: base.workloads?.map((workload) => ({
          ...workload,
          forecast: undefined,
        })),
      },
    ],
  ])('is not %s', (_name, status) => {
    expect(significantPart(status)).toBe(significantPart(base));
  });

  test.each<readonly [string, PolicyStatus]>([
    ['another generation', { ...base, observedGeneration: 4 }],
    ['what is recommended', withIntent(observedStatus({}, policy, measured(0.82, 600), []), decision, 300)],
    [
      'the quality of a metric',
      withIntent(
        observedStatus({}, policy, report([usage([], fresh(1)), total(silent())]), []),
        decision,
        300,
      ),
    ],
    ['what is unusual', unusual('Low')],
    ['the state of a decision', withApplied(base, decision)],
    ['an outcome', withEnding(base, { decision, outcome })],
    [
      'a condition',
      {
        ...base,
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'Operating',
            message: '',
            observedGeneration: 3,
            lastTransitionTime: '2026-05-04T09:00:00Z',
          },
        ],
      },
    ],
  ])('is %s', (_name, status) => {
    expect(significantPart(status)).not.toBe(significantPart(base));
  });

  test('is a graver anomaly, and not other words for the same one', () => {
    expect(significantPart(unusual('High'))).not.toBe(significantPart(unusual('Low')));
    expect(significantPart(unusual('Low', 'the load is 901'))).toBe(significantPart(unusual('Low')));
  });
});
