import { LoopDriver } from '../../../test/support/loop-driver.ts';
import { fresh, policyFixture, silent } from '../../../test/support/loop-fixtures.ts';
import { OperatorMetrics } from '../../adapters/http/operator-metrics.ts';
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
