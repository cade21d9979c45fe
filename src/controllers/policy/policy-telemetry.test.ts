import { LoopDriver } from '../../../test/support/loop-driver.ts';
import { fresh, NOW, policyFixture, silent } from '../../../test/support/loop-fixtures.ts';
import { OperatorMetrics } from '../../adapters/http/operator-metrics.ts';
import type { Anomaly } from '../../loop/analyze/anomaly/anomaly.ts';
import type { AnomalyReport } from '../../loop/analyze/anomaly/observe-anomalies.ts';
import type { ScrapeView } from '../../loop/monitor/observation.ts';
import type { Reading } from '../../loop/monitor/reading.ts';
import { exposeReport } from './policy-telemetry.ts';

const OBJECTIVE = {
  requests: {
    totalQuery: 'sum(rate(http_requests_total[30s]))',
    badQuery: 'sum(rate(http_requests_slow_total[30s]))',
    perReplica: '10',
  },
};

/** A policy about requests alone, whose reports are exposed tick after tick. */
function exposed() {
  const metrics = new OperatorMetrics('test');
  const policy = policyFixture({
    metrics: [],
    objective: OBJECTIVE,
    forecast: { startupSeconds: 20 },
  });
  const loop = new LoopDriver(policy, 4);
  return {
    metrics,
    ticks(count: number, total: number | undefined, bad = 0, scrape?: ScrapeView): void {
      for (let i = 0; i < count; i++) {
        const reading = (value: number): Reading => fresh(value, loop.now + 15_000);
        const requests = {
          total: total === undefined ? silent() : reading(total),
          bad: reading(bad),
          averagedSeconds: 15,
          ...(scrape && { scrape }),
        };
        exposeReport(metrics, policy, loop.tick([], [], requests));
      }
    },
    /** Values of this policy's series by name, without what Node tells of itself. */
    async values(): Promise<Record<string, number>> {
      const { body } = await metrics.exposition();
      const series = body.matchAll(/^(autonomic_\w+)\{[^}]*policy="web"[^}]*\} (\S+)$/gm);
      return Object.fromEntries<number>([...series].map(([, name = '', value]) => [name, Number(value)]));
    },
  };
}

describe('what is exposed of a policy about requests', () => {
  test('is its capacity, its start-up, the share of bad requests now and expected, and their price', async () => {
    const policy = exposed();
    policy.ticks(12, 60, 0.3);
    const values = await policy.values();
    expect(values).toMatchObject({
      autonomic_replica_capacity: 10,
      autonomic_startup_seconds: 20,
      autonomic_startup_median_seconds: 20,
      autonomic_objective_bad_ratio: 0.005,
      autonomic_price_pressure: 0,
    });
    expect(values['autonomic_expected_bad_ratio']).toBeGreaterThan(0);
    expect(values['autonomic_expected_bad_ratio']).toBeLessThan(0.05);
    expect(values['autonomic_forecast_upper']).toBeGreaterThan(0);
  });

  test('is the share of its pods that told their counters, where they are asked', async () => {
    const policy = exposed();
    policy.ticks(1, 60, 0, { source: 'Pods', ready: 4, answered: 3 });
    expect(await policy.values()).toMatchObject({ autonomic_scrape_answered_ratio: 0.75 });
    policy.ticks(1, 60, 0, { source: 'Prometheus', ready: 0, answered: 0 });
    expect(await policy.values()).not.toHaveProperty('autonomic_scrape_answered_ratio');
  });

  test('goes when it is not known any more', async () => {
    const policy = exposed();
    policy.ticks(12, 60);
    policy.ticks(1, undefined);
    expect(Object.keys(await policy.values()).sort()).toEqual([
      'autonomic_anomalies_open',
      'autonomic_current_replicas',
      'autonomic_leaks_open',
      'autonomic_ready_replicas',
      'autonomic_replica_capacity',
      'autonomic_startup_median_seconds',
      'autonomic_startup_seconds',
    ]);
  });

  test('goes with the policy', async () => {
    const policy = exposed();
    policy.ticks(12, 60, 0.3);
    policy.metrics.forget('shop', 'web', []);
    expect(await policy.values()).toEqual({});
  });
});

const anomaly = (change: Partial<Anomaly> = {}): Anomaly => ({
  kind: 'Spike',
  signal: 'load',
  severity: 'Medium',
  since: NOW,
  seenAt: NOW,
  surprise: 5,
  expected: 100,
  actual: 400,
  message: 'the load is 400 where 100 is usual',
  holds: true,
  openedAt: NOW,
  told: true,
  fleetWide: false,
  ...change,
});

/** What is exposed of anomalies, `labels value` by name, after each of these reports. */
async function exposedAnomalies(
  ...reports: readonly (Partial<AnomalyReport> | undefined)[]
): Promise<Record<string, string[]>> {
  const metrics = new OperatorMetrics('test');
  const policy = policyFixture();
  const report = new LoopDriver(policy, 4).tick(100);
  for (const change of reports) {
    const anomalies = change && { ...report.anomalies!, ...change };
    exposeReport(metrics, policy, { ...report, anomalies });
  }
  const { body } = await metrics.exposition();
  const found: Record<string, string[]> = {};
  for (const [, name = '', labels = '', value = ''] of body.matchAll(
    /^(autonomic_(?:anomal|leaks)\w+)(?:\{(.*)\})? (\S+)$/gm,
  )) {
    (found[name] ??= []).push(`${labels.replaceAll('namespace="shop",policy="web"', '')} ${value}`);
  }
  return found;
}

describe('what is exposed of anomalies', () => {
  test('is how many of the workload itself are open, by severity, and whether one is a leak', async () => {
    const open = [
      anomaly(),
      anomaly({ kind: 'Leak', severity: 'High' }),
      anomaly({ kind: 'Missing', severity: 'High', fleetWide: true }),
      anomaly({ kind: 'Degradation', severity: 'High', told: false }),
    ];
    expect(await exposedAnomalies({ open })).toMatchObject({
      autonomic_anomalies_open: [',severity="Low" 0', ',severity="Medium" 1', ',severity="High" 1'],
      autonomic_leaks_open: [' 1'],
    });
    expect(await exposedAnomalies({ open }, { open: [] })).toMatchObject({
      autonomic_anomalies_open: [',severity="Low" 0', ',severity="Medium" 0', ',severity="High" 0'],
      autonomic_leaks_open: [' 0'],
    });
  });

  test('is what began and what ended, as far as people were told of it', async () => {
    const closed = [
      { anomaly: anomaly(), ending: 'Over' },
      { anomaly: anomaly({ kind: 'Missing', fleetWide: true }), ending: 'Over' },
      { anomaly: anomaly({ kind: 'LevelShift' }), ending: 'NewNormal' },
    ] as const;
    expect(await exposedAnomalies({ opened: [anomaly()], closed })).toMatchObject({
      autonomic_anomalies_total: ['kind="Spike",severity="Medium" 1'],
      autonomic_anomalies_ended_total: [
        'kind="Spike",ending="Over" 1',
        'kind="LevelShift",ending="NewNormal" 1',
      ],
    });
  });

  test('is how the p-values are distributed, and from which on a minute is unusual', async () => {
    const surprises = [
      { signal: 'load', surprise: 3.5 },
      { signal: 'load', surprise: 0.1 },
    ];
    const found = await exposedAnomalies({ surprises, threshold: 4.2 });
    expect(found['autonomic_anomaly_threshold']).toEqual([' 4.2']);
    expect(found['autonomic_anomaly_p_value_bucket']).toEqual([
      'le="0.0001",detector="load" 0',
      'le="0.001",detector="load" 1',
      'le="0.01",detector="load" 1',
      'le="0.1",detector="load" 1',
      'le="0.5",detector="load" 1',
      'le="+Inf",detector="load" 2',
    ]);
  });

  test('goes when nobody wants it any more: what stayed would be an alert for ever', async () => {
    const found = await exposedAnomalies({ open: [anomaly({ kind: 'Leak' })] }, undefined);
    expect(found).not.toHaveProperty('autonomic_anomalies_open');
    expect(found).not.toHaveProperty('autonomic_leaks_open');
  });
});
