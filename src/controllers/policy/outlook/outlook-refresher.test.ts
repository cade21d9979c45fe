import { startHttpFixture, type HttpFixture } from '../../../../test/support/http-fixture.ts';
import { NOW, policyFixture } from '../../../../test/support/loop-fixtures.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import type { Logger } from '../../../adapters/log/logger.ts';
import { PrometheusClient } from '../../../adapters/prometheus/client.ts';
import { prometheusOptionsSchema } from '../../../adapters/prometheus/options.ts';
import { policyStatusSchema, type PolicyStatus } from '../../../api/policy-status.ts';
import { predictionsSchema, type Predictions } from '../../../api/status/prediction.ts';
import { waitFor } from '../../../../test/support/wait-for.ts';
import { OutlookRefresher } from './outlook-refresher.ts';
import { withPredictions } from './outlook-values.ts';
import type { PolicyEntry } from '../policy-entry.ts';

const priced = policyFixture({
  objective: {
    indicators: [{ name: 'errors', query: 'sum(errors)', threshold: '1' }],
    replicaHourPrice: '0.1',
  },
});

function entryOf(view = priced, status: PolicyStatus = {}): PolicyEntry {
  const { uid, namespace, name, generation } = view;
  const identity = {
    key: `${namespace}/${name}`,
    uid,
    namespace,
    name,
    generation,
    resourceVersion: '1',
    status,
  };
  return { ...identity, valid: true, view, queries: [] } as unknown as PolicyEntry;
}

describe('the refresher', () => {
  let server: HttpFixture;
  let clock: ManualClock;
  let stop: AbortController;
  let running: Promise<void>;
  const warnings: unknown[] = [];

  beforeEach(async () => {
    server = await startHttpFixture(() => undefined);
    clock = new ManualClock(NOW);
    stop = new AbortController();
    warnings.length = 0;
  });

  afterEach(async () => {
    stop.abort();
    await running;
    await server.stop();
  });

  function start(entries: readonly PolicyEntry[]): OutlookRefresher {
    const prometheus = prometheusOptionsSchema.parse({ url: server.url });
    const client = new PrometheusClient(prometheus, { now: () => clock.now(), random: () => 0 });
    const log = { warn: (...words: unknown[]) => warnings.push(words) } as unknown as Logger;
    const policies = new Map(entries.map((entry) => [entry.key, entry]));
    const refresher = new OutlookRefresher({ policies, client, prometheus, clock, log });
    running = refresher.run(stop.signal);
    return refresher;
  }

  /** Two weeks of `value` for every query, but none where it says so. */
  function serve(value: number, silent = /nothing/): void {
    server.reply(({ form }, response) => {
      const [begin = 0, end = 0] = ['start', 'end'].map((name) => Number.parseFloat(form.get(name) ?? ''));
      const from = Math.max(begin, end - 14 * 86_400 + 300);
      const values = Array.from({ length: (end - from) / 300 + 1 }, (_, i) => [
        from + 300 * i,
        String(value),
      ]);
      const result = silent.test(form.get('query') ?? '') ? [] : [{ metric: {}, values }];
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
    });
  }

  async function made(refresher: OutlookRefresher): Promise<Predictions> {
    await waitFor('predictions', () => refresher.latest(priced));
    return predictionsSchema.parse(refresher.latest(priced));
  }

  test('makes a summary that the API takes, with the cost at the price of the policy', async () => {
    serve(3);
    const { time, historyDays, resources } = await made(start([entryOf()]));
    expect({ time, historyDays }).toEqual({ time: '2026-05-04T09:00:00Z', historyDays: 14 });
    expect(resources.map(({ resource }) => resource)).toEqual([
      'cpu',
      'memory',
      'network',
      'replicas',
      'cost',
    ]);
    const [cpu, , , , cost] = resources;
    expect(cpu?.days).toHaveLength(7);
    expect(cpu?.days?.[0]).toEqual({
      date: '2026-05-04',
      ...{ mean: '3', lower: '3', upper: '3', peak: '3', peakUpper: '3' },
    });
    expect(cpu).toMatchObject({ accuracyPercent: 100, coveragePercent: 100 });
    expect(cost?.days?.[6]).toEqual({ date: '2026-05-10', mean: '7.2', lower: '7.2', upper: '7.2' });
    expect(JSON.stringify(resources).length).toBeLessThan(6000);
  });

  test('says why a resource has no forecast, and where it would be read from', async () => {
    serve(3, /network/);
    const { resources } = await made(start([entryOf()]));
    expect(resources[2]).toEqual({
      resource: 'network',
      message: expect.stringMatching(
        /^no value is known; it is read from cAdvisor's container_network_receive/,
      ) as string,
    });
  });

  test('asks again only when an hour has passed, also after a failure', async () => {
    server.reply((_, response) =>
      response.writeHead(400).end('{"status":"error","errorType":"execution","error":"no"}'),
    );
    const refresher = start([entryOf()]);
    await waitFor('a warning', () => warnings.length === 1);
    await clock.advance(50 * 60_000);
    expect({ made: refresher.latest(priced), warnings }).toMatchObject({ made: undefined, warnings: [{}] });
    serve(3);
    const asked = server.requests.length;
    await clock.advance(70 * 60_000);
    await made(refresher);
    expect(server.requests.length).toBe(asked + 4);
  });

  test('what another process made less than an hour ago is not made again', async () => {
    const predictions = { time: '2026-05-04T08:50:00Z', historyDays: 28, resources: [] };
    const workload = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'w', predictions };
    const status = policyStatusSchema.parse({
      workloads: [{ ...workload, currentReplicas: 1, readyReplicas: 1 }],
    });
    start([entryOf(priced, status)]);
    await clock.advance(30 * 60_000);
    expect(server.requests).toHaveLength(0);
  });
});

describe('predictions in the status', () => {
  const workload = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'web',
    uid: 'w',
    currentReplicas: 1,
    readyReplicas: 1,
  };
  const older = { time: '2026-05-04T08:00:00Z', historyDays: 7, resources: [] };
  const newer = { ...older, time: '2026-05-04T09:00:00Z' };
  const before = { workloads: [{ ...workload, predictions: older }] };

  test.each<[string, PolicyStatus, Predictions | undefined, Predictions | undefined]>([
    ['stay until there are newer ones', before, undefined, older],
    ['are replaced by newer ones', before, newer, newer],
    [
      'of another workload are dropped',
      { workloads: [{ ...workload, uid: 'x', predictions: older }] },
      undefined,
      undefined,
    ],
    ['are not there before the first', {}, undefined, undefined],
  ])('%s', (_, previous, fresh, wanted) => {
    const status = withPredictions({ workloads: [workload] }, previous, fresh);
    expect(status.workloads?.[0]?.predictions).toEqual(wanted);
  });
});
