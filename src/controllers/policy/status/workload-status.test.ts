import { forecastFixture } from '../../../../test/support/forecast-fixture.ts';
import { LoopDriver } from '../../../../test/support/loop-driver.ts';
import { fresh, policyFixture, REQUESTS, silent } from '../../../../test/support/loop-fixtures.ts';
import { policyStatusSchema } from '../../../api/policy-status.ts';
import type { RequestObservation } from '../../../loop/monitor/observation.ts';
import type { Reading } from '../../../loop/monitor/reading.ts';
import type { LoopReport } from '../../../loop/report.ts';
import { workloadStatus, type WorkloadStatus } from './workload-status.ts';

const OBJECTIVE = {
  requests: {
    totalQuery: 'sum(rate(http_requests_total[30s]))',
    badQuery: 'sum(rate(http_requests_slow_total[30s]))',
    perReplica: '50',
  },
};
const UNKNOWN_CAPACITY = { requests: { ...OBJECTIVE.requests, perReplica: undefined } };

interface Seen {
  readonly workload: WorkloadStatus;
  readonly report: LoopReport;
}

/** Four replicas after one tick of a policy about requests alone. */
function seen(
  spec: Readonly<Record<string, unknown>>,
  total: Reading,
  replicas = 4,
  scrape: Pick<RequestObservation, 'scrape'> = {},
): Seen {
  const policy = policyFixture({ metrics: [], objective: OBJECTIVE, ...spec });
  const loop = new LoopDriver(policy, replicas);
  const metrics = policy.spec.metrics.map(() => ({ type: 'Prometheus' as const, total: fresh(200) }));
  const report = loop.tick(metrics, [], { total, bad: fresh(0), averagedSeconds: 30, ...scrape });
  return { workload: workloadStatus(policy, report)!, report };
}

const requestsOf = ({ workload }: Seen): unknown => workload.metrics?.at(-1);
const isTaken = (workload: WorkloadStatus): unknown =>
  policyStatusSchema.safeParse({ workloads: [workload] }).error;

describe('the requests of the objective', () => {
  test('stand behind the metrics of the spec, with what each ready replica carries and can carry', () => {
    const { workload } = seen({ metrics: [REQUESTS] }, fresh(160));
    expect(workload.metrics?.map(({ name, type }) => [name, type])).toEqual([
      ['requests', 'Prometheus'],
      ['objective.requests', 'Requests'],
    ]);
    expect(workload.metrics?.[1]).toEqual({
      name: 'objective.requests',
      type: 'Requests',
      quality: 'Fresh',
      current: '40',
      // Four replicas of 50 requests/s with one line, of whose requests 1 % may wait longer than 480 ms.
      target: '47.7',
      replicas: 4,
    });
    expect(isTaken(workload)).toBeUndefined();
  });

  test.each(['Pods', 'Prometheus'] as const)('say that %s told them, where both may', (source) => {
    const { workload } = seen({}, fresh(160), 4, { scrape: { source, ready: 4, answered: 4 } });
    expect(workload.metrics?.[0]).toMatchObject({ name: 'objective.requests', source });
    expect(isTaken(workload)).toBeUndefined();
  });

  test('are said to be unknown, and have no number, while they are', () => {
    expect(requestsOf(seen({}, silent()))).toEqual({
      name: 'objective.requests',
      type: 'Requests',
      quality: 'Missing',
      target: '47.7',
      message: 'the query answers no series',
    });
  });

  test('have no target while nobody knows what a replica carries', () => {
    const { workload } = seen({ objective: UNKNOWN_CAPACITY }, fresh(160));
    expect(workload.metrics?.at(-1)).not.toHaveProperty('target');
    expect(workload.capacity).not.toHaveProperty('requestsPerSecond');
    expect(workload.capacity?.message).toMatch(/perReplica/);
    expect(isTaken(workload)).toBeUndefined();
  });

  test('of a workload without a replica are the whole load', () => {
    const min0 = { horizontal: { minReplicas: 0, maxReplicas: 20 } };
    expect(requestsOf(seen(min0, fresh(30), 0))).toMatchObject({ current: '30', replicas: 1 });
  });

  test.each([1e308, 5e-324, 0])('are what the API takes at %d requests per second', (value) => {
    const { workload } = seen({}, fresh(value));
    expect(isTaken(workload)).toBeUndefined();
    expect(requestsOf({ workload } as Seen)).toMatchObject({ quality: 'Fresh' });
  });
});

describe('what a replica carries', () => {
  test('is shown with the source of the number', () => {
    expect(seen({}, fresh(160)).workload.capacity).toEqual({
      requestsPerSecond: '50',
      source: 'Specified',
      message: 'a replica completes 50 requests/s, as the policy says',
    });
  });

  test('is not there for a policy without requests', () => {
    const policy = policyFixture();
    const report = new LoopDriver(policy, 4).tick(200);
    expect(workloadStatus(policy, report)).not.toHaveProperty('capacity');
  });
});

describe('how long a replica takes', () => {
  test('is shown with its source, in whole seconds and by cause', () => {
    const { report } = seen({}, fresh(160));
    const startup = {
      seconds: 41.6,
      medianSeconds: 20.4,
      slowSeconds: 41.6,
      source: 'Measured',
      causes: [{ cause: 'ColdImage', starts: 7, share: 0.4, medianSeconds: 30.2, slowSeconds: 44.5 }],
    } as const;
    const changed = { ...report, monitoring: { ...report.monitoring!, startup } };
    const workload = workloadStatus(policyFixture({ metrics: [], objective: OBJECTIVE }), changed)!;
    expect(workload.startup).toEqual({
      seconds: 42,
      medianSeconds: 20,
      source: 'Measured',
      causes: [{ cause: 'ColdImage', starts: 7, medianSeconds: 30, slowSeconds: 45 }],
    });
    expect(isTaken(workload)).toBeUndefined();
  });

  test('is what the policy says where it says so', () => {
    expect(seen({ forecast: { startupSeconds: 25 } }, fresh(160)).workload.startup).toEqual({
      seconds: 25,
      medianSeconds: 25,
      source: 'Specified',
    });
  });
});

describe('the forecast', () => {
  const policy = policyFixture();
  const report = new LoopDriver(policy, 4).tick(200);

  test.each([
    ['what was measured of it', { coverage: 0.941, accuracy: 0.87, skill: -0.043 }, [94, 87, -4]],
    ['absurd measurements at their bounds', { coverage: 1.2, accuracy: -3, skill: -1e9 }, [100, 0, -100]],
    ['nothing that was not measured', {}, [undefined, undefined, undefined]],
  ])('shows %s', (_, measured, [coveragePercent, accuracyPercent, skillPercent]) => {
    const forecast = forecastFixture({ peak: 1e300, upper: Infinity, ...measured });
    const workload = workloadStatus(policy, { ...report, analysis: { forecasts: [forecast], peaks: [] } })!;
    expect(workload.forecast).toMatchObject({ confidence: 'High', tier: 'Full' });
    const shown = workload.forecast;
    expect([shown?.coveragePercent, shown?.accuracyPercent, shown?.skillPercent]).toEqual([
      coveragePercent,
      accuracyPercent,
      skillPercent,
    ]);
    expect(isTaken(workload)).toBeUndefined();
  });
});
