import { LoopDriver } from '../../../../test/support/loop-driver.ts';
import {
  CPU,
  fresh,
  MINUTE,
  NOW,
  observationFixture,
  policyFixture,
  REQUESTS,
  silent,
  stale,
  targetFixture,
  total,
  usage,
} from '../../../../test/support/loop-fixtures.ts';
import type { Condition } from '../../../api/policy-status.ts';
import { missing } from '../../../loop/monitor/reading.ts';
import type { PolicyView } from '../../../loop/policy-view.ts';
import type { LoopReport } from '../../../loop/report.ts';
import { policyConditions, type Health } from './policy-conditions.ts';

const WELL: Health = { journal: undefined, knowledgeStore: undefined, prometheus: undefined };

interface Seen {
  readonly policy: PolicyView;
  readonly report: LoopReport;
}

/** What the loop reports of a target with 4 replicas after one tick. */
function seen(
  metrics: Parameters<LoopDriver['tick']>[0],
  spec: Readonly<Record<string, unknown>> = {},
  view: Partial<PolicyView> = {},
  target = {},
): Seen {
  const policy = policyFixture(spec, view);
  const loop = new LoopDriver(policy, 4);
  loop.target = targetFixture(4, target);
  return { policy, report: loop.tick(metrics) };
}

function conditions({ policy, report }: Seen, health: Partial<Health> = {}): readonly Condition[] {
  return policyConditions([], policy, report, { ...WELL, ...health });
}

/** `[status, reason, message]` of one condition. */
function said(type: string, what: Seen, health: Partial<Health> = {}): readonly unknown[] {
  const found = conditions(what, health).find((condition) => condition.type === type);
  return [found?.status, found?.reason, found?.message];
}

const problem = (kind: 'NotFound' | 'Forbidden' | 'Unreachable' | 'UnsupportedKind' | 'Replaced'): Seen => {
  const policy = policyFixture();
  const loop = new LoopDriver(policy, 4);
  const { target, metrics } = observationFixture({ problem: kind, message: `about ${kind}` }, []);
  return { policy, report: loop.observe(target, metrics) };
};

function changedByPerson(): Seen {
  const loop = new LoopDriver(policyFixture(), 4);
  loop.tick(200);
  loop.set(9);
  return { policy: loop.policy, report: loop.tick(200) };
}

describe('Ready', () => {
  test.each<readonly [string, Seen, string, string, string]>([
    ['all is well', seen(200), 'True', 'Operating', 'decisions are carried out'],
    [
      'nothing may be written',
      seen(200, { mode: 'Preview' }),
      'True',
      'Previewing',
      'decisions are recorded and not carried out: spec.mode is Preview',
    ],
    [
      'it observes',
      seen(200, { observationSeconds: 300 }),
      'True',
      'Observing',
      'acting in 285 s at the earliest',
    ],
    ['it is suspended', seen(200, { suspend: true }), 'True', 'Suspended', 'spec.suspend is true'],
    ['there is no target', problem('NotFound'), 'False', 'TargetUnavailable', 'about NotFound'],
    [
      'nothing is measured',
      seen(silent()),
      'False',
      'MetricsUnavailable',
      'replicas are held: requests is missing (the query answers no series)',
    ],
    [
      'nothing can be computed with what is measured',
      seen(
        [usage(targetFixture(4).pods, fresh(0.4))],
        { metrics: [CPU] },
        {},
        { pods: targetFixture(4).pods.map((pod) => ({ ...pod, requests: {} })) },
      ),
      'False',
      'MetricsUnavailable',
      'replicas are held: cpu: a container of pod web-0 requests no cpu',
    ],
  ])('when %s', (...[, what, status, reason, message]) => {
    expect(said('Ready', what)).toEqual([status, reason, message]);
  });
});

describe('TargetResolved', () => {
  test.each<readonly [string, Seen, string, string, string]>([
    ['there', seen(200), 'True', 'Resolved', 'Deployment/web has 4 replicas'],
    ['going', seen(200, {}, {}, { deleting: true }), 'False', 'Deleting', 'Deployment/web is being deleted'],
    ['not there', problem('NotFound'), 'False', 'NotFound', 'about NotFound'],
    ['forbidden', problem('Forbidden'), 'False', 'Forbidden', 'about Forbidden'],
    ['of a kind unknown', problem('UnsupportedKind'), 'False', 'UnsupportedKind', 'about UnsupportedKind'],
    ['another one', problem('Replaced'), 'False', 'Replaced', 'about Replaced'],
    ['unreachable', problem('Unreachable'), 'Unknown', 'Unreachable', 'about Unreachable'],
  ])('of a target that is %s', (...[, what, status, reason, message]) => {
    expect(said('TargetResolved', what)).toEqual([status, reason, message]);
  });
});

describe('MetricsAvailable', () => {
  const { pods } = targetFixture(4);
  const twoMetrics = { metrics: [CPU, REQUESTS] };

  test.each<readonly [string, Seen, Partial<Health>, string, string, string]>([
    ['all are fresh', seen(200), {}, 'True', 'Fresh', 'every metric is fresh'],
    [
      'one is stale',
      seen(stale(200)),
      {},
      'False',
      'Stale',
      'requests is stale since 2026-05-04T08:55:00.000Z',
    ],
    [
      'one is missing',
      seen(silent()),
      {},
      'False',
      'NoData',
      'requests is missing (the query answers no series)',
    ],
    [
      'one is no number',
      seen(missing('NotANumber', 'the value is NaN')),
      {},
      'False',
      'NotANumber',
      'requests is missing (the value is NaN)',
    ],
    [
      'too few pods report',
      seen([usage(pods.slice(0, 3), fresh(0.4)), total(fresh(200))], twoMetrics),
      {},
      'False',
      'LowCoverage',
      'cpu covers only 75 % of the ready pods',
    ],
    [
      'pods have no request',
      seen(
        [usage(pods, fresh(0.4)), total(fresh(200))],
        twoMetrics,
        {},
        { pods: pods.map((pod) => ({ ...pod, requests: {} })) },
      ),
      {},
      'False',
      'NoRequest',
      'cpu: a container of pod web-0 requests no cpu',
    ],
    [
      'Prometheus is away',
      seen(silent()),
      { prometheus: 'no answer' },
      'False',
      'PrometheusUnreachable',
      'no answer',
    ],
    [
      'there is no target',
      problem('NotFound'),
      {},
      'Unknown',
      'TargetUnavailable',
      'without a target nothing is measured',
    ],
  ])('when %s', (...[, what, health, status, reason, message]) => {
    expect(said('MetricsAvailable', what, health)).toEqual([status, reason, message]);
  });
});

describe('ForecastReliable', () => {
  const metric = 'requests';
  const forecast = {
    metric,
    peak: 300,
    upper: 400,
    confidencePercent: 95,
    horizonSeconds: 90,
    samples: 5000,
  };
  const withForecast = (entry: object): Seen => {
    const what = seen(200);
    return { ...what, report: { ...what.report, analysis: { forecasts: [entry], peaks: [] } } as LoopReport };
  };

  test.each<readonly [string, Seen, string, string, string]>([
    [
      'they hold',
      withForecast({ ...forecast, coverage: 0.95, reliable: true }),
      'True',
      'Reliable',
      'forecasts of requests hold what they promise',
    ],
    [
      'they do not hold',
      withForecast({
        ...forecast,
        coverage: 0.8,
        reliable: false,
        doubt: 'the upper bound held in 80.0 % of the windows',
      }),
      'False',
      'Unreliable',
      'requests: the upper bound held in 80.0 % of the windows; demand as measured decides',
    ],
    [
      'nobody can tell yet',
      withForecast({
        ...forecast,
        reliable: false,
        doubt: 'too few forecasts have been compared with what came',
      }),
      'False',
      'ColdStart',
      'requests: too few forecasts have been compared with what came; demand as measured decides',
    ],
    [
      'there is too little past',
      seen(200, { forecast: {} }),
      'False',
      'ColdStart',
      '15 s of demand are known so far, a forecast needs 120 s',
    ],
    ['they are not wanted', seen(200), 'False', 'Disabled', 'spec.forecast.mode is Disabled'],
    [
      'there is nothing to go on from',
      seen(silent(), { forecast: {} }),
      'Unknown',
      'MetricsUnavailable',
      'requests has no fresh value',
    ],
    ['there is no target', problem('NotFound'), 'Unknown', 'MetricsUnavailable', 'nothing is measured'],
  ])('when %s', (...[, what, status, reason, message]) => {
    expect(said('ForecastReliable', what)).toEqual([status, reason, message]);
  });
});

describe('ActionSuspended', () => {
  test.each<readonly [string, Seen, Partial<Health>, string, string]>([
    ['nothing is in the way', seen(200), {}, 'False', 'Acting'],
    ['the spec says so', seen(200, { suspend: true }), {}, 'True', 'SuspendedBySpec'],
    [
      'the annotation says so',
      seen(200, {}, { suspendedByAnnotation: true }),
      {},
      'True',
      'SuspendedByAnnotation',
    ],
    ['it is a Preview', seen(200, { mode: 'Preview' }), {}, 'True', 'PreviewMode'],
    ['it observes', seen(200, { observationSeconds: 300 }), {}, 'True', 'Observing'],
    [
      'an HPA is there',
      seen(200, {}, {}, { ownership: { rivals: ['HorizontalPodAutoscaler/web'] } }),
      {},
      'True',
      'ConflictingAutoscaler',
    ],
    [
      'a policy is there',
      seen(200, {}, {}, { ownership: { rivals: ['AutonomicPolicy/b'] } }),
      {},
      'True',
      'ConflictingPolicy',
    ],
    ['somebody changed the replicas', changedByPerson(), {}, 'True', 'ManualChange'],
    [
      'a decrease waits for a rollout',
      seen(100, {}, {}, { rolloutInProgress: true }),
      {},
      'True',
      'RolloutInProgress',
    ],
    [
      'an increase does not wait for a rollout',
      seen(400, {}, {}, { rolloutInProgress: true }),
      {},
      'False',
      'Acting',
    ],
    ['the target is paused', seen(200, {}, {}, { paused: true }), {}, 'True', 'TargetPaused'],
    ['the target is going', seen(200, {}, {}, { deleting: true }), {}, 'True', 'TargetUnavailable'],
    ['there is no target', problem('NotFound'), {}, 'True', 'TargetUnavailable'],
    ['nothing is measured', seen(silent()), {}, 'True', 'MetricsUnavailable'],
    ['nothing can be made durable', seen(200), { journal: 'disk full' }, 'True', 'JournalUnavailable'],
  ])('when %s', (...[, what, health, status, reason]) => {
    expect(said('ActionSuspended', what, health).slice(0, 2)).toEqual([status, reason]);
  });

  test('is not for objections that pass by themselves', () => {
    const loop = new LoopDriver(policyFixture({ scaleUpCooldownSeconds: 600 }), 4);
    loop.tick(430);
    expect(said('ActionSuspended', { policy: loop.policy, report: loop.tick(900) })[1]).toBe('Acting');
  });
});

describe('Degraded', () => {
  test.each<readonly [string, Partial<Health>, string]>([
    ['nothing is missing', {}, 'AsExpected'],
    ['the knowledge store is away', { knowledgeStore: 'gone' }, 'KnowledgeStoreUnavailable'],
    ['Prometheus is away too', { knowledgeStore: 'gone', prometheus: 'gone' }, 'PrometheusUnreachable'],
    [
      'the journal is the worst',
      { knowledgeStore: 'gone', prometheus: 'gone', journal: 'gone' },
      'JournalUnavailable',
    ],
  ])('when %s', (_name, health, reason) => {
    expect(said('Degraded', seen(200), health)[1]).toBe(reason);
  });
});

describe('Degraded by pods that do not tell their counters', () => {
  test.each([
    [7, 'AsExpected', 'everything is there'],
    [
      8,
      'ScrapeFailing',
      '2 of 4 pods did not answer on :9102/metrics: connection refused; Prometheus tells instead, later',
    ],
  ])('after %d rounds: %s', (rounds, reason, text) => {
    const requests = { totalQuery: 'all', perReplica: '50', scrape: { port: 9102, total: 'x' } };
    const loop = new LoopDriver(policyFixture({ metrics: [], objective: { requests } }), 4);
    const message = '2 of 4 pods did not answer on :9102/metrics: connection refused';
    const scrape = { source: 'Prometheus', ready: 4, answered: 2, failure: { rounds, message } } as const;
    const report = loop.tick([], [], { total: fresh(160), averagedSeconds: 30, scrape });
    expect(said('Degraded', { policy: loop.policy, report }).slice(1)).toEqual([reason, text]);
  });
});

describe('the conditions', () => {
  test('are thirteen, each about this generation', () => {
    const all = conditions(seen(200));
    expect(all.map(({ type }) => type)).toEqual([
      ...['Ready', 'TargetResolved', 'MetricsAvailable', 'ObservationComplete', 'ForecastReliable'],
      ...['ObjectiveMeasured', 'ObjectiveAttainable', 'ReplayTrusted', 'ActionSuspended', 'ScaleDownHeld'],
      ...['ThreatSuspected', 'BaselineKnown', 'Degraded'],
    ]);
    expect(new Set(all.map(({ observedGeneration }) => observedGeneration))).toEqual(new Set([3]));
  });

  test('are the very list that came in when nothing changed', () => {
    const what = seen(200);
    const before = conditions(what);
    const later = { ...what.report, at: NOW + 10 * MINUTE };
    expect(policyConditions(before, what.policy, later, WELL)).toBe(before);
  });

  test('tell since when the observation is complete', () => {
    expect(said('ObservationComplete', seen(200))).toEqual([
      'True',
      'Observed',
      'the observation time is over',
    ]);
    expect(said('ObservationComplete', seen(200, { observationSeconds: 60 })).slice(0, 2)).toEqual([
      'False',
      'Observing',
    ]);
  });
});
